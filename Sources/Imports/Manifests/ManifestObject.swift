import Definitions
import Kubernetes

/// An object of a manifest, which notes what of it was carried over: the rest is told with its place.
struct ManifestObject {
  let kind: String
  let name: String
  let node: SourceNode
  let file: String
  /// What it was built of, where messages point to.
  let original: (node: SourceNode?, place: SourcePlace)?
  private var taken: Set<[String]> = [["apiVersion"], ["kind"], ["metadata", "name"], ["status"]]

  init?(_ node: SourceNode, file: String, original: (node: SourceNode?, place: SourcePlace)? = nil) {
    guard let kind = node["kind"]?.json.stringValue, let name = node["metadata"]?["name"]?.json.stringValue else {
      return nil
    }
    self.kind = kind
    self.name = name
    self.node = node
    self.file = file
    self.original = original
  }

  var title: String { "\(kind) \(name)" }
  var place: SourcePlace { original?.place ?? node.place(in: file) }

  var labels: JSONObject { json("metadata", "labels")?.objectValue ?? [:] }
  var annotations: JSONObject { json("metadata", "annotations")?.objectValue ?? [:] }
  /// Rendered by `sakigake`.
  var isRendered: Bool { labels[WellKnown.managedBy] == "sakigake" }

  func json(_ path: String...) -> JSONValue? { Self.find(path, in: node)?.json }
  func json(at path: [String]) -> JSONValue? { Self.find(path, in: node)?.json }
  func node(_ path: [String]) -> SourceNode? { Self.find(path, in: node) }

  func place(_ path: [String]) -> SourcePlace {
    guard let original else {
      return node(path)?.place(in: file) ?? place
    }
    guard let origin = original.node else { return place }
    // What an overlay added has no place there: the nearest thing above it has.
    var path = path
    while !path.isEmpty {
      if let found = Self.find(path, in: origin) { return found.place(in: original.place.file) }
      path.removeLast()
    }
    return place
  }

  /// The value at a path, which from now on counts as carried over.
  mutating func take(_ path: [String]) -> JSONValue? {
    guard let found = node(path) else { return nil }
    taken.insert(path)
    return found.json
  }

  mutating func takeWhole() { taken.insert([]) }

  private static func find(_ path: [String], in node: SourceNode) -> SourceNode? {
    var node = node
    for part in path {
      if let member = node[part] {
        node = member
      } else if let index = Int(part), node.elements.indices.contains(index) {
        node = node.elements[index]
      } else {
        return nil
      }
    }
    return node
  }

  /// What nobody took, as high up as possible.
  var rest: [(path: [String], place: SourcePlace)] {
    var found: [(path: [String], place: SourcePlace)] = []
    let above = Set(taken.flatMap { path in (0..<path.count).map { Array(path.prefix($0)) } })
    func visit(_ node: SourceNode, _ path: [String], _ line: Int, _ column: Int) {
      if taken.contains(path) { return }
      guard above.contains(path) else {
        found.append((path, original == nil ? SourcePlace(file: file, line: line, column: column) : place(path)))
        return
      }
      for member in node.members { visit(member.value, path + [member.key], member.keyLine, member.keyColumn) }
      for (index, element) in node.elements.enumerated() {
        visit(element, path + ["\(index)"], element.line, element.column)
      }
    }
    visit(node, [], node.line, node.column)
    return found
  }
}
