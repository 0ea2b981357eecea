import Kubernetes

/// What containers find in their variables.
extension Rule {
  private static let secretWords = [
    "SECRET", "PASSWORD", "PASSWD", "PRIVATE_KEY", "API_KEY", "APIKEY", "ACCESS_KEY", "AUTH_TOKEN", "ACCESS_TOKEN",
    "CREDENTIAL",
  ].map { Array($0.utf8) }

  /// Byte by byte: this is asked of every variable there is.
  private static func holdsSecretWord(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    return bytes.indices.contains { start in secretWords.contains { bytes[start...].starts(with: $0) } }
  }

  /// Names that tell where a secret is, not what it is.
  private static let pointers = ["_FILE", "_PATH", "_NAME", "_ARN", "_URL", "_ID", "_TTL", "_LENGTH"]

  static let environment: [Rule] = [
    Rule(
      "duplicate-env", .error, "A variable is set once",
      because: "The last one counts, and the next reader looks at the first.", remedy: "remove one of the two",
      in: ["env"],
      .container { container, _ in
        var seen: Set<String> = []
        return container.json.items("env").compactMap { index, variable in
          guard let name = variable.text("name"), !seen.insert(name).inserted else { return nil }
          // By position: by its name the first would be found.
          return container.hit("\(name) is set twice", at: container.path.appending("env").element(index))
        }
      }),
    Rule(
      "secret-in-env", .error, "Secrets do not stand in variables",
      because: "Whoever may read the object, the repository or its history has it.",
      remedy:
        "put it into a Secret, and name that: env: { NAME: { secret: SECRET, key: KEY } } or valueFrom.secretKeyRef",
      in: ["env"],
      .container { container, _ in
        container.json.items("env").compactMap { index, variable in
          guard let name = variable.text("name"), let value = variable.text("value"), !value.isEmpty else { return nil }
          let upper = name.uppercased()
          let isSecret = holdsSecretWord(upper) && !pointers.contains { upper.hasSuffix($0) }
          let isKey = value.hasPrefix("-----BEGIN ") || value.hasPrefix("AKIA") && value.utf8.count == 20
          guard isSecret && !value.hasPrefix("$(") || isKey else { return nil }
          return container.hit(
            "\(name) holds a secret", at: container.path.appending("env").element(index, name: name).appending("value"))
        }
      }),
  ]
}
