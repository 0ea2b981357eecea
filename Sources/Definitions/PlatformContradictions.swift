import Kubernetes

/// What the shapes cannot say of a platform.
extension CheckedDocument {
  var platformContradictions: [Diagnostic] {
    var found: [Diagnostic] = []
    func add(_ node: SourceNode, _ message: String, _ remedy: String) {
      found.append(Diagnostic(file: file, line: node.line, column: node.column, message, remedy: remedy))
    }
    var seen: Set<String> = []
    for group in spec["nodeGroups"]?.elements ?? [] {
      let name = group["name"]?.json.stringValue ?? ""
      if !seen.insert(name).inserted { add(group, "node group \"\(name)\" is given twice", "rename one of the two") }
      let minimum = group["min"]?.json.integerValue ?? 0
      let maximum = group["max"]?.json.integerValue ?? 0
      if minimum > maximum {
        add(group, "node group \"\(name)\": min \(minimum) is above max \(maximum)", "lower min or raise max")
      }
    }
    for kind in spec["pushes"]?["kinds"]?.members ?? [] {
      let spans = ["rise", "hold", "fall"].map { kind.value[$0]?.json.stringValue.flatMap(Units.seconds) }
      if spans.allSatisfy({ $0 == 0 }) {
        add(
          kind.value, "spec.pushes.kinds.\(kind.key): rise, hold and fall are all zero",
          "a response takes some time: give one")
      }
    }
    if let place = spec["mesh"]?["controlPlane"], let text = place.json.stringValue, text != "node",
      !Self.isAddress(text)
    {
      add(
        place, "spec.mesh.controlPlane: \"\(text)\" is not HOST:PORT",
        "write it as sakigake-xds.sakigake-system:15010, or node")
    }
    for tag in spec["tags"]?.members ?? [] where tag.key.contains("/") || tag.key.utf8.count > 59 {
      found.append(
        Diagnostic(
          file: file, line: tag.keyLine, column: tag.keyColumn, "spec.tags: \"\(tag.key)\" is not a tag's name",
          remedy: "use letters, digits, -, _ and ., at most 59"))
    }
    return found
  }

  private static func isAddress(_ text: String) -> Bool {
    guard let colon = text.lastIndex(of: ":"), colon != text.startIndex,
      let port = Int(text[text.index(after: colon)...])
    else {
      return false
    }
    return (1...65535).contains(port)
      && text[..<colon].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-.:[]".contains($0)) }
  }
}
