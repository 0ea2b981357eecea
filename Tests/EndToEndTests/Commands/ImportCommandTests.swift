import Foundation
import Kubernetes
import Testing

extension EndToEnd {
  /// `sakigake import`: what people and programs are told, and that what is written works.
  @Suite struct ImportCommandTests {
    static func withDirectory(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
      try await RehearseCommandTests.withDirectory { directory in
        for (path, text) in files {
          let file = URL(filePath: "\(directory)/\(path)")
          try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
          try text.write(to: file, atomically: true, encoding: .utf8)
        }
        try await body(directory)
      }
    }

    /// All files below a directory, by path.
    static func files(in directory: String) throws -> [String: String] {
      let paths = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
      var found: [String: String] = [:]
      for path in paths {
        var isDirectory: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: "\(directory)/\(path)", isDirectory: &isDirectory)
        guard !isDirectory.boolValue else { continue }
        found[path] = try String(contentsOfFile: "\(directory)/\(path)", encoding: .utf8)
      }
      return found
    }

    /// What was written is read, checked and rendered as any definition: with guardrails off, for they are of a platform
    /// that nobody has stated.
    static func expectWorks(_ directory: String) async throws {
      let platform = directory + "/platform.yaml"
      try FleetFiles.platform.write(toFile: platform, atomically: true, encoding: .utf8)
      defer { try? FileManager.default.removeItem(atPath: platform) }
      let checked = try await Sakigake.run(["check", "-f", directory, "-o", "json"])
      // 2 where something cannot be read.
      #expect(checked.status == 0 || checked.status == 1, "\(checked)")
      let rendered = try await Sakigake.run(["render", "-f", directory, "-o", "json"])
      #expect(rendered.status == 0, "\(rendered)")
      let kinds = (try JSONValue(parsing: rendered.output)["items"]?.arrayValue ?? []).compactMap {
        $0["kind"]?.stringValue
      }
      #expect(kinds.contains("Deployment") && kinds.contains("HorizontalPodAutoscaler"), "\(kinds)")
    }

    /// The same import again: nothing is refused, nothing is changed.
    static func expectSameAgain(_ arguments: [String], in directory: String, _ status: Int32) async throws {
      let before = try files(in: directory)
      let again = try await Sakigake.run(arguments)
      #expect(again.status == status && !again.output.contains("wrote "), "\(again)")
      #expect(again.output.contains("unchanged "), "\(again)")
      #expect(try files(in: directory) == before)
    }

    // MARK: OpsWorks

    static let pem = "-----BEGIN RSA PRIVATE KEY-----\\nMIIEpAIBAAKCAQEAzq\\n-----END RSA PRIVATE KEY-----"
    /// Names of attributes, and what stands there: none of the values may come out.
    static let secrets: [(name: String, json: String, values: [String])] = [
      ("db_password", #""zq-hunter-1""#, ["zq-hunter-1"]), ("adminPasswd", #""zq-hunter-2""#, ["zq-hunter-2"]),
      ("API_SECRET", #""zq-hunter-3""#, ["zq-hunter-3"]), ("session_token", #""zq-hunter-4""#, ["zq-hunter-4"]),
      ("key", #""zq-hunter-5""#, ["zq-hunter-5"]), ("encryption_key", #""zqhunter6""#, ["zqhunter6"]),
      ("credential", #""zq-hunter-7""#, ["zq-hunter-7"]), ("pin_code", "90817263", ["90817263"]),
      (
        "credentials", #"{ "user": "zq-hunter-8", "deep": { "list": ["zq-hunter-9"] } }"#,
        ["zq-hunter-8", "zq-hunter-9"]
      ),
      ("tokens", #"["zq-hunter-10", "zq-hunter-11"]"#, ["zq-hunter-10", "zq-hunter-11"]),
      ("store", #""redis://user:zq-hunter-12@cache.internal:6379/0""#, ["zq-hunter-12"]),
      ("remote", #""https://zq-hunter-13@git.example.com/news.git""#, ["zq-hunter-13"]),
      ("dsn", #""user:zq-hunter-14@tcp(10.0.0.1:3306)/news""#, ["zq-hunter-14"]),
      ("plain_a", #""AKIAIOSFODNN7EXAMPLE""#, ["AKIAIOSFODNN7EXAMPLE"]),
      ("plain_b", #""wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY""#, ["wJalrXUtnFEMI"]),
      ("plain_c", "\"\(pem)\"", ["MIIEpAIBAAKCAQEAzq"]),
      ("plain_d", #"[{ "a": ["9f86d081884c7d659a2feaa0c55ad015"] }]"#, ["9f86d081884c7d659a2feaa0c55ad015"]),
      ("plain_e", #"{ "x": { "y": [[ "k3J4h5G6k7J8h9G0k1J2" ]] } }"#, ["k3J4h5G6k7J8h9G0k1J2"]),
      ("plain_f", #""{\"user\": \"a\", \"password\": \"zq-hunter-15\"}""#, ["zq-hunter-15"]),
      ("plain_g", #""port 6379\nrequirepass zq-hunter-16""#, ["zq-hunter-16"]),
      ("plain_h", #""curl -H 'Authorization: Bearer zq-hunter-17' https://example.com/""#, ["zq-hunter-17"]),
      ("plain_i", #""https://example.blob.core.windows.net/x?sv=1&sig=zqhunter18""#, ["zqhunter18"]),
      ("plain_j", #""ghp_zqHunter19zqHunter19zqHunter19zqHu""#, ["ghp_zqHunter19"]),
    ]

    /// Each of them as a variable, below the application, and below the node.
    static var opsworks: String {
      let members = secrets.map { "\"\($0.name)\": \($0.json)" }.joined(separator: ",\n      ")
      return """
        {
          "deploy": { "news": {
            "domains": ["news.example.com"],
            "environment_variables": { "LOG_LEVEL": "info",
              \(members)
            },
            "database": { "host": "10.0.3.7", "adapter": "mysql2", "password": "zq-hunter-20", "username": "news" },
            "features": { "comments": true,
              \(members)
            },
            "scm": { "repository": "git@example.com:news.git", "password": "zq-hunter-21", "ssh_key": "\(pem)" },
            "ssl_certificate_key": "\(pem)"
          } },
          "ranking": { "size": 20, "nested": { \(members) } },
          \(members)
        }

        """
    }

    @Test func noSecretOfOpsWorksComesOut() async throws {
      try await Self.withDirectory(["stack.json": Self.opsworks]) { directory in
        let out = directory + "/services/news"
        let arguments = ["import", "opsworks", directory + "/stack.json", "--owner", "news-web", "-o", out]
        let dry = try await Sakigake.run(arguments + ["--dry-run"])
        #expect(dry.status == 1 && dry.output.contains("==> microservice.yaml"), "\(dry)")
        #expect(dry.error.contains("Secrets to make"), "\(dry)")
        #expect(!FileManager.default.fileExists(atPath: out))
        let made = try await Sakigake.run(arguments)
        #expect(made.status == 1 && made.error.hasPrefix("not carried over: "), "\(made)")
        #expect(made.output.contains("wrote microservice.yaml\n") && made.output.contains("Secrets to make"), "\(made)")
        let files = try Self.files(in: out)
        #expect(files["config/ranking.json"]?.contains("\"size\": 20") == true, "\(files.keys.sorted())")
        let all = [made.output, made.error, dry.output, dry.error] + files.map { $0.key + $0.value }
        for value in Self.secrets.flatMap(\.values) + ["zq-hunter-20", "zq-hunter-21", "MIIEpAIBAAKCAQEAzq"] {
          #expect(Self.opsworks.contains(value))
          #expect(!all.contains { $0.contains(value) }, "\(value) came out")
        }
        // Where a value stands is told.
        #expect(made.output.contains("for db_password: the value at \(directory)/stack.json:5:7"), "\(made)")
        try await Self.expectSameAgain(arguments, in: out, 1)
        try await Self.expectWorks(out)
      }
    }

    @Test func whatIsThereIsNotReplacedUnlessForced() async throws {
      let json = #"{ "deploy": { "news": { "environment_variables": { "A": "1" } } } }"#
      try await Self.withDirectory(["stack.json": json, "out/microservice.yaml": "mine\n"]) { directory in
        let arguments = ["import", "opsworks", directory + "/stack.json", "--owner", "news", "-o", directory + "/out"]
        let refused = try await Sakigake.run(arguments)
        #expect(refused.status == 2 && refused.output.isEmpty, "\(refused)")
        #expect(refused.error.contains("/out/microservice.yaml is there already") && refused.error.contains("--force"))
        #expect(try Self.files(in: directory + "/out") == ["microservice.yaml": "mine\n"])
        let forced = try await Sakigake.run(arguments + ["--force"])
        #expect(forced.status == 0 && forced.error.isEmpty, "\(forced)")
        #expect(try Self.files(in: directory + "/out")["microservice.yaml"]?.contains("A: \"1\"") == true)
        try await Self.expectSameAgain(arguments, in: directory + "/out", 0)
        try await Self.expectWorks(directory + "/out")
      }
    }

    @Test func whereNothingCanBeWrittenTheWorldFailed() async throws {
      try await Self.withDirectory(["stack.json": #"{ "deploy": { "news": {} } }"#, "file": ""]) { directory in
        let outcome = try await Sakigake.run(
          ["import", "opsworks", directory + "/stack.json", "-o", directory + "/file/services"])
        #expect(outcome.status == 3 && outcome.error.contains("\(directory)/file"), "\(outcome)")
      }
    }

    /// Where it is wrong, and that nothing is written.
    struct Mistake: Sendable, CustomTestStringConvertible {
      var arguments: [String]
      var text: String
      var says: String
      var testDescription: String { says }
    }

    static let mistakes: [Mistake] = [
      .init(arguments: ["opsworks"], text: "{\n  \"a\": tru\n}", says: "/input:2:8: error: not JSON"),
      .init(arguments: ["opsworks"], text: "{}", says: "/input: error: has no deploy section"),
      .init(
        arguments: ["opsworks", "--service", "Not!"], text: #"{"a": 1}"#,
        says: "--service: \"Not!\" is not a service's name"
      ),
      .init(
        arguments: ["codenize", "piculet"], text: "ec2 \"v\" do\n  groups.each do |g|\n  end\nend",
        says: "/input:2:9: error: a method's call is not what an export has"),
      .init(
        arguments: ["codenize", "miam"], text: "user \"a\" do\n  policy \"p\" do\n    ENV['X']\n  end\nend",
        says: "/input:3:5: error: a class or a part of a constant"),
      .init(
        arguments: ["codenize", "roadworker"], text: "{}", says: "/input:1:1: error: roadworker exports no JSON"),
      .init(
        arguments: ["codenize", "roadworker"], text: "hosted_zone \"a.\" do\n  rrset \"b.a.\"\nend",
        says: "/input:2:3: error: \"rrset\" is not what roadworker exports here"),
      .init(arguments: ["manifests"], text: "a: [", says: ": error: not YAML"),
      .init(arguments: ["manifests"], text: "kind: ConfigMap\nmetadata: { name: a }", says: "there is no Deployment"),
      .init(arguments: ["manifests", "--owner", "A B"], text: "a: 1", says: "--owner: error: \"A B\" is not a name"),
    ]

    @Test(arguments: mistakes) func badInputHasAPlace(_ mistake: Mistake) async throws {
      try await Self.withDirectory(["input": mistake.text]) { directory in
        let out = directory + "/out"
        let words = mistake.arguments.prefix(mistake.arguments[0] == "codenize" ? 2 : 1)
        let outcome = try await Sakigake.run(
          ["import"] + words + [directory + "/input", "-o", out] + mistake.arguments.dropFirst(words.count))
        #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.error.contains(mistake.says), "\(outcome)")
        #expect(!FileManager.default.fileExists(atPath: out))
      }
    }

    @Test func wrongUsageIsToldOnStandardError() async throws {
      for arguments in [
        ["import"], ["import", "heroku"], ["import", "codenize", "kelbim", "x"], ["import", "opsworks"],
        ["import", "opsworks", "/nonexistent.json"], ["import", "manifests", "/nonexistent"],
        ["import", "opsworks", "x", "--no-such-flag"],
      ] {
        let outcome = try await Sakigake.run(arguments)
        // Without a subcommand the help is what was asked for.
        let isHelp = arguments == ["import"]
        #expect(outcome.status == (isHelp ? 0 : 2), "\(outcome)")
        #expect(isHelp || outcome.output.isEmpty && !outcome.error.isEmpty, "\(outcome)")
      }
      let help = try await Sakigake.run(["import", "manifests", "--help"])
      #expect(help.status == 0 && help.output.contains("--registry") && help.error.isEmpty, "\(help)")
    }
  }
}
