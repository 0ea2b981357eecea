/// Flow style, which JSON is; anchors, aliases, tags and merge keys.
extension YAMLReader {
  mutating func flow(depth: Int) throws(YAMLSyntaxError) -> YAMLNode {
    guard depth <= Self.depthMax else { throw failure("is nested deeper than \(Self.depthMax) levels") }
    try count()
    let start = point
    let isMapping = bytes[position] == UInt8(ascii: "{")
    let closing = isMapping ? UInt8(ascii: "}") : UInt8(ascii: "]")
    position += 1
    var elements: [YAMLNode] = []
    var entries: [YAMLMapping.Entry] = []
    while true {
      skipToContent()
      guard position < bytes.count else {
        throw YAMLSyntaxError("the \"\(isMapping ? "{" : "[")\" that opens here is not closed", at: start)
      }
      if bytes[position] == closing {
        position += 1
        break
      }
      let itemPoint = point
      if bytes[position] == UInt8(ascii: "?"), Self.isBlankOrBreak(byte(at: position + 1)) {
        position += 1
        skipToContent()
      }
      let item = byte(at: position) == 0x3A ? try null(at: itemPoint) : try flowNode(depth: depth)
      skipToContent()
      if byte(at: position) == 0x3A, position < bytes.count {
        position += 1
        let entry = try pair(item, at: itemPoint, depth: depth)
        if isMapping {
          entries.append(entry)
        } else {
          elements.append(YAMLNode(.mapping(try finished([entry])), at: itemPoint))
        }
      } else if isMapping {
        entries.append(try entry(item, try nothing(at: point), at: itemPoint))
      } else {
        elements.append(item)
      }
      skipToContent()
      if position >= bytes.count { continue }
      if byte(at: position) == UInt8(ascii: ",") {
        position += 1
      } else if byte(at: position) != closing {
        throw failure("expected \",\" or \"\(Character(Unicode.Scalar(closing)))\"")
      }
    }
    return YAMLNode(isMapping ? .mapping(try finished(entries)) : .sequence(elements), at: start)
  }

  private mutating func pair(
    _ key: YAMLNode, at point: SourcePoint, depth: Int
  ) throws(YAMLSyntaxError) -> YAMLMapping.Entry {
    skipToContent()
    let next = byte(at: position)
    let isEmpty = next == UInt8(ascii: ",") || next == UInt8(ascii: "}") || next == UInt8(ascii: "]")
    return try entry(key, isEmpty ? nothing(at: self.point) : flowNode(depth: depth), at: point)
  }

  /// A value that is left out in flow style. In an object it is null to whatever changes the object, and an empty text in
  /// the end: what go-yaml 3 writes for it reads back as one.
  private func nothing(at point: SourcePoint) throws(YAMLSyntaxError) -> YAMLNode {
    guard options.rules == .version3 else { return try null(at: point) }
    return YAMLNode(.scalar(YAMLScalar(text: "", tag: .null, isQuoted: true)), at: point)
  }

  private func entry(
    _ key: YAMLNode, _ value: YAMLNode, at point: SourcePoint
  ) throws(YAMLSyntaxError) -> YAMLMapping.Entry {
    guard let scalar = key.scalar else { throw YAMLSyntaxError("a key must be a text", at: key.point) }
    if scalar.tag == .merge { return YAMLMapping.Entry(key: Self.mergeKey, value: value, at: point) }
    return YAMLMapping.Entry(key: try checked(scalar, at: key.point), value: value, at: point)
  }

  private mutating func flowNode(depth: Int) throws(YAMLSyntaxError) -> YAMLNode {
    let start = point
    let before = nodeCount
    let properties = try properties()
    if !properties.isEmpty { skipToContent() }
    guard position < bytes.count else { throw failure("the text ends within a list or map") }
    let node: YAMLNode
    switch bytes[position] {
    case UInt8(ascii: "["), UInt8(ascii: "{"): node = try flow(depth: depth + 1)
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      try count()
      node = YAMLNode(.scalar(YAMLScalar(text: try quoted(), tag: .string, isQuoted: true)), at: start)
    case UInt8(ascii: "*"): node = try alias()
    case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"):
      guard !properties.isEmpty else { throw failure("expected a value") }
      node = try nothing(at: start)
    default:
      try count()
      let text = try flowPlain()
      node = YAMLNode(.scalar(YAMLScalar(text: text, tag: PlainScalar.tag(of: text, options.rules))), at: start)
    }
    return try finish(node, properties, before)
  }

  private mutating func flowPlain() throws(YAMLSyntaxError) -> String {
    try checkPlainStart(inFlow: true)
    var result: [UInt8] = []
    while true {
      let start = position
      var end = position
      scan: while position < bytes.count {
        let byte = bytes[position]
        switch byte {
        case 0x0A: break scan
        case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"): break scan
        case 0x3A:
          let next = self.byte(at: position + 1)
          if Self.isBlankOrBreak(next) || Self.isFlowIndicator(next) { break scan }
        case UInt8(ascii: "#"):
          if position > start, bytes[position - 1] == 0x20 || bytes[position - 1] == 0x09 { break scan }
        case 0x20, 0x09:
          position += 1
          continue
        default: break
        }
        position += 1
        end = position
      }
      result.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<end]))
      guard position < bytes.count, bytes[position] == 0x0A else { break }
      var breaks = 0
      while position < bytes.count, bytes[position] == 0x0A || bytes[position] == 0x20 || bytes[position] == 0x09 {
        if bytes[position] == 0x0A {
          breaks += 1
          newline()
        } else {
          position += 1
        }
      }
      guard position < bytes.count else { break }
      let next = bytes[position]
      if Self.isFlowIndicator(next) || next == UInt8(ascii: "#")
        || (next == 0x3A && Self.isBlankOrBreak(byte(at: position + 1)))
      {
        break
      }
      if breaks == 1 { result.append(0x20) } else { result.append(contentsOf: repeatElement(0x0A, count: breaks - 1)) }
    }
    return String(decoding: result, as: UTF8.self)
  }

  // MARK: Properties

  mutating func properties() throws(YAMLSyntaxError) -> Properties {
    var properties = Properties()
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "&"), properties.anchor == nil {
        position += 1
        properties.anchor = try name()
      } else if bytes[position] == UInt8(ascii: "!"), properties.tag == nil {
        let start = position
        while position < bytes.count, !Self.isBlankOrBreak(bytes[position]), !Self.isFlowIndicator(bytes[position]) {
          position += 1
        }
        properties.tag = text(start..<position)
      } else {
        break
      }
      skipBlanks()
    }
    return properties
  }

  private mutating func name() throws(YAMLSyntaxError) -> String {
    let start = position
    while position < bytes.count, !Self.isBlankOrBreak(bytes[position]), !Self.isFlowIndicator(bytes[position]) {
      position += 1
    }
    guard position > start else { throw failure("expected a name") }
    return text(start..<position)
  }

  mutating func alias() throws(YAMLSyntaxError) -> YAMLNode {
    let start = point
    position += 1
    let name = try name()
    guard let (node, weight) = anchors[name] else {
      throw YAMLSyntaxError("there is no anchor \"&\(name)\" before this", at: start)
    }
    try count(weight)
    aliasedNodes += weight
    guard aliasedNodes <= Self.aliasedNodesMax else {
      throw YAMLSyntaxError("aliases repeat more than \(Self.aliasedNodesMax) values", at: start)
    }
    return node
  }

  /// Gives a node its tag, and remembers it under its anchor.
  mutating func finish(
    _ node: YAMLNode, _ properties: Properties, _ countBefore: Int
  ) throws(YAMLSyntaxError) -> YAMLNode {
    var node = node
    if let tag = properties.tag, case .scalar(var scalar) = node.content {
      switch tag {
      case "!!str", "!": scalar.tag = .string
      case "!!int": scalar.tag = .integer
      case "!!float": scalar.tag = .float
      case "!!bool": scalar.tag = .bool
      case "!!null": scalar.tag = .null
      case "!!timestamp": scalar.tag = .timestamp
      case "!!binary":
        scalar.tag = .string
        guard let data = Base64.decode(scalar.text) else {
          throw YAMLSyntaxError("is tagged !!binary and not base64", at: node.point)
        }
        scalar.text = String(decoding: data, as: UTF8.self)
      default: scalar.tag = .string
      }
      scalar.isQuoted = scalar.tag == .string
      node.content = .scalar(scalar)
    }
    if let anchor = properties.anchor { anchors[anchor] = (node, max(1, nodeCount - countBefore)) }
    return node
  }

  /// A map once all of its members have been read: no key twice, merge keys carried out.
  func finished(_ entries: [YAMLMapping.Entry]) throws(YAMLSyntaxError) -> YAMLMapping {
    var entries = entries
    if entries.count > 16 {
      var places: [String: Int] = [:]
      places.reserveCapacity(entries.count)
      var hasDuplicates = false
      for (index, entry) in entries.enumerated() {
        guard let before = places.updateValue(index, forKey: entry.key) else { continue }
        guard options.lastMemberCounts else { throw duplicate(entry, of: entries[before]) }
        hasDuplicates = true
      }
      if hasDuplicates { entries = entries.enumerated().filter { places[$0.element.key] == $0.offset }.map(\.element) }
    } else {
      var index = 1
      while index < entries.count {
        if let before = entries[..<index].firstIndex(where: { $0.key == entries[index].key }) {
          guard options.lastMemberCounts else { throw duplicate(entries[index], of: entries[before]) }
          entries.remove(at: before)
        } else {
          index += 1
        }
      }
    }
    guard let merge = entries.firstIndex(where: { $0.key == Self.mergeKey }) else { return YAMLMapping(entries) }
    let source = entries.remove(at: merge).value
    var mapping = YAMLMapping(entries)
    // Of several sources the first that has a member counts.
    for map in try sources(of: source) {
      for entry in map.entries where mapping.index(of: entry.key) == nil { mapping.entries.append(entry) }
    }
    return mapping
  }

  private func duplicate(_ entry: YAMLMapping.Entry, of first: YAMLMapping.Entry) -> YAMLSyntaxError {
    let name = entry.key == Self.mergeKey ? "<<" : entry.key
    return YAMLSyntaxError(
      "mapping key \"\(name)\" already defined at line \(first.keyPoint.line)", at: entry.keyPoint)
  }

  private func sources(of node: YAMLNode) throws(YAMLSyntaxError) -> [YAMLMapping] {
    switch node.content {
    case .mapping(let map): return [map]
    case .sequence(let elements):
      var maps: [YAMLMapping] = []
      for element in elements {
        guard let map = element.map else { throw YAMLSyntaxError("only maps can be merged", at: element.point) }
        maps.append(map)
      }
      return maps
    case .scalar: throw YAMLSyntaxError("only maps can be merged", at: node.point)
    }
  }
}
