/// A path of a field specification: parts separated by slashes, a slash within a part written `\/`.
struct FieldPath {
  let parts: [String]

  init(_ path: String, separator: Unicode.Scalar = "/") { parts = Self.split(path, separator) }

  static func split(_ path: String, _ separator: Unicode.Scalar) -> [String] {
    var pieces = path.pieces(separator, keepingEmpty: true).map(String.init)
    if pieces.count > 1, pieces[0].isEmpty { pieces.removeFirst() }
    var parts = [pieces[0]]
    for piece in pieces.dropFirst() {
      if parts[parts.count - 1].hasSuffix("\\") {
        parts[parts.count - 1] = parts[parts.count - 1].dropLast() + String(separator) + piece
      } else {
        parts.append(piece)
      }
    }
    return parts
  }

  /// Like `split`, with parts in brackets kept whole: `spec.containers.[name=a.b].image`, `metadata.labels.[a.b/c]`.
  static func splitBrackets(_ path: String, _ separator: Unicode.Scalar = ".") -> [String] {
    let pieces = split(path, separator)
    var parts: [String] = []
    var index = 0
    while index < pieces.count {
      let piece = pieces[index]
      if piece.hasPrefix("["), !piece.hasSuffix("]") {
        var bracketed = [piece]
        while index < pieces.count - 1 {
          index += 1
          bracketed.append(pieces[index])
          if pieces[index].hasSuffix("]") { break }
        }
        let joined = bracketed.joined(separator: String(separator))
        parts.append(joined.contains("=") ? joined : String(joined.trimming { $0 == "[" || $0 == "]" }))
      } else {
        parts.append(piece)
      }
      index += 1
    }
    return parts
  }
}

extension String {
  func trimming(_ isUnwanted: (Character) -> Bool) -> Substring {
    var rest = self[...]
    while let first = rest.first, isUnwanted(first) { rest.removeFirst() }
    while let last = rest.last, isUnwanted(last) { rest.removeLast() }
    return rest
  }
}

/// Changes the fields that a path leads to, in every element of the lists on its way
/// (https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/api/filters/fieldspec/fieldspec.go).
struct FieldVisitor {
  enum Creation { case map, scalar }

  struct Failure: Error {
    var point: SourcePoint
    var message: String
  }

  let parts: [String]
  /// What is made at the path's end where it is missing; nil makes nothing.
  let creation: Creation?

  init(_ path: String, creation: Creation? = nil) {
    parts = FieldPath(path).parts
    self.creation = creation
  }

  init(_ spec: FieldSpec, making creation: Creation) {
    self.init(spec.path, creation: spec.creates ? creation : nil)
  }

  func visit(
    _ node: inout YAMLNode, _ body: (inout YAMLNode) throws(Failure) -> Void
  ) throws(Failure) {
    try visit(&node, parts[...], body)
  }

  private func visit(
    _ node: inout YAMLNode, _ path: ArraySlice<String>, _ body: (inout YAMLNode) throws(Failure) -> Void
  ) throws(Failure) {
    guard let part = path.first else { return try body(&node) }
    switch node.content {
    case .scalar(let scalar):
      if scalar.tag == .null { return }
      throw Failure(
        point: node.point, message: "a list or a map is expected on the way to \(parts.joined(separator: "/"))")
    case .sequence:
      try node.updateElements { (element) throws(Failure) in try visit(&element, path, body) }
    case .mapping:
      // Nothing may hold the map while it changes, or it would be copied.
      let isList = part.hasSuffix("[]")
      let name = isList ? String(part.dropLast(2)) : part
      guard !name.isEmpty else { throw Failure(point: node.point, message: "a part of the path is empty") }
      let creates = creation != nil && !isList
      guard creates || node.hasMember(name) else { return }
      let isLast = path.count == 1
      let makesMap = !isLast || creation == .map
      _ = try node.updateMap { (map) throws(Failure) in
        try map.update(name, orStartingWith: creates ? Self.start(makesMap) : nil) { (child) throws(Failure) in
          if child.isNull {
            if isList { child.content = .sequence([]) } else if creates { child.content = Self.start(makesMap).content }
          }
          try visit(&child, path.dropFirst(), body)
        }
      }
    }
  }

  private static func start(_ isMap: Bool) -> YAMLNode {
    isMap ? .mapping([]) : YAMLNode(.scalar(YAMLScalar(text: "", tag: .none)))
  }
}

extension YAMLNode {
  func hasMember(_ key: String) -> Bool {
    if case .mapping(let map) = content { map.index(of: key) != nil } else { false }
  }

  /// Puts a text into a map under a key, as labels and annotations are set.
  /// - Parameter share: of a new scalar.
  mutating func setEntry(
    _ key: String, _ text: String, share: UInt16, _ shared: inout SharedChanges
  ) throws(FieldVisitor.Failure) {
    switch content {
    case .mapping:
      let changed = updateMap { map -> YAMLNode? in
        if let known = map.update(
          key,
          {
            $0.setText(text, tag: .string)
            return $0
          })
        {
          return known
        }
        var new = YAMLNode.text(text)
        new.share = share
        map.entries.append(YAMLMapping.Entry(key: key, value: new))
        return nil
      }
      if let changed = changed ?? nil { shared.note(changed) }
    case .scalar(let scalar) where scalar.tag == .null: return
    default: throw FieldVisitor.Failure(point: point, message: "expected a map for \"\(key)\", found \(kindName)")
    }
  }

  /// Replaces a scalar's text.
  mutating func replaceText(_ text: String, tag: YAMLScalar.Tag = .none) throws(FieldVisitor.Failure) {
    guard case .scalar = content else {
      throw FieldVisitor.Failure(point: point, message: "expected a single value, found \(kindName)")
    }
    setText(text, tag: tag)
  }
}
