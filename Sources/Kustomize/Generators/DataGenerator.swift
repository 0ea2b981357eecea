/// Makes ConfigMaps and Secrets from literals, files and files of variables
/// (https://github.com/kubernetes-sigs/kustomize/tree/kustomize/v5.5.0/api/internal/generators).
struct DataGenerator: Generator {
  let entry: GeneratorEntry
  let isSecret: Bool
  let root: Root
  let schemas: SchemaChoice

  func generate() throws(KustomizeError) -> [Resource] {
    guard !entry.name.isEmpty else {
      throw KustomizeError(at: entry.place, "a generator has no name", remedy: "give it one")
    }
    var members: [(String, YAMLNode)] = [
      ("apiVersion", .text("v1")), ("kind", .text(isSecret ? "Secret" : "ConfigMap")), ("metadata", metadata()),
    ]
    let data = try pairs().sorted { $0.key < $1.key }
    if isSecret {
      members.append(("type", .text(entry.type.isEmpty ? "Opaque" : entry.type)))
      members.append(("data", .mapping(data.map { ($0.key, .text(Base64.encodeInLines($0.bytes))) })))
    } else {
      let texts = data.map { pair in (pair.key, String(validating: pair.bytes, as: UTF8.self), pair.bytes) }
      let plain = texts.compactMap { key, text, _ in text.map { (key, YAMLNode.text($0)) } }
      let binary = texts.compactMap { key, text, bytes in
        text == nil ? (key, YAMLNode.text(Base64.encodeInLines(bytes))) : nil
      }
      if !plain.isEmpty { members.append(("data", .mapping(plain))) }
      if !binary.isEmpty { members.append(("binaryData", .mapping(binary))) }
    }
    if entry.options?.isImmutable == true {
      members.append(("immutable", YAMLNode(.scalar(YAMLScalar(text: "true", tag: .bool)))))
    }
    var node = YAMLNode.mapping(members)
    node.point = entry.place.point
    let resource = Resource(node, file: entry.place.file, schemas: schemas)
    resource.needsHash = entry.options?.disablesHash != true
    resource.behavior = entry.behavior
    return [resource]
  }

  private func metadata() -> YAMLNode {
    var members: [(String, YAMLNode)] = [("name", .text(entry.name))]
    if !entry.namespace.isEmpty { members.append(("namespace", .text(entry.namespace))) }
    if let labels = entry.options?.labels, !labels.isEmpty {
      members.append(("labels", .mapping(labels.map { ($0.key, .text($0.text)) })))
    }
    if let annotations = entry.options?.annotations, !annotations.isEmpty {
      members.append(("annotations", .mapping(annotations.map { ($0.key, .text($0.text)) })))
    }
    return .mapping(members)
  }

  private func pairs() throws(KustomizeError) -> [(key: String, bytes: [UInt8])] {
    var pairs: [(key: String, bytes: [UInt8])] = []
    for env in entry.envs { pairs += try variables(in: env) }
    for literal in entry.literals { pairs.append(try Self.literal(literal)) }
    for file in entry.files {
      let (key, path) = try Self.source(file)
      pairs.append((key, try root.load(path, namedAt: file.place)))
    }
    var seen: Set<String> = []
    for pair in pairs where !seen.insert(pair.key).inserted {
      throw KustomizeError(at: entry.place, "\(entry.name) has the key \"\(pair.key)\" twice", remedy: "remove one")
    }
    return pairs
  }

  /// `key=value`, the value with or without quotes around it.
  private static func literal(_ literal: PlacedText) throws(KustomizeError) -> (key: String, bytes: [UInt8]) {
    guard let equals = literal.text.firstIndex(of: "="), equals > literal.text.startIndex else {
      throw KustomizeError(at: literal.place, "the literal \"\(literal.text)\" is not of the form key=value")
    }
    var value = Array(literal.text[literal.text.index(after: equals)...].utf8)
    if value.count >= 2, let first = value.first, first == value.last, first == 0x22 || first == 0x27 {
      value = Array(value.dropFirst().dropLast())
    }
    return (String(literal.text[..<equals]), value)
  }

  /// `path`, or `key=path`.
  private static func source(_ source: PlacedText) throws(KustomizeError) -> (key: String, path: String) {
    let parts = source.text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 1 { return (FilePath.lastPart(source.text), source.text) }
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw KustomizeError(
        at: source.place, "the file source \"\(source.text)\" is neither a path nor of the form key=path")
    }
    return (parts[0], parts[1])
  }

  /// A file of lines `NAME=value`; a line without `=` gives an empty value.
  private func variables(in env: PlacedText) throws(KustomizeError) -> [(key: String, bytes: [UInt8])] {
    let content = try root.load(env.text, namedAt: env.place)
    var pairs: [(key: String, bytes: [UInt8])] = []
    for (number, rest) in content.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      var line = rest
      if line.last == 0x0D { line = line.dropLast() }
      guard String(validating: line, as: UTF8.self) != nil else {
        throw KustomizeError(
          at: Place(file: root.shown(env.text), point: SourcePoint(line: number + 1, column: 1)),
          "the line is not UTF-8")
      }
      if number == 0, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
      line = Array(String(decoding: line, as: UTF8.self).drop(while: \.isWhitespace).utf8)[...]
      guard let first = line.first, first != UInt8(ascii: "#") else { continue }
      let key = line.prefix { $0 != UInt8(ascii: "=") }
      if key.isEmpty { continue }
      pairs.append((String(decoding: key, as: UTF8.self), Array(line.dropFirst(key.count + 1))))
    }
    return pairs
  }
}
