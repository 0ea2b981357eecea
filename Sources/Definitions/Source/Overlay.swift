import Kubernetes

extension SourceNode {
  /// This node with `other` laid over it: maps are merged, everything else is replaced.
  func overlaid(with other: SourceNode) -> SourceNode {
    guard case .mapping(var members) = content, case .mapping(let others) = other.content else { return other }
    for member in others {
      if let index = members.firstIndex(where: { $0.key == member.key }) {
        members[index].value = members[index].value.overlaid(with: member.value)
      } else {
        members.append(member)
      }
    }
    var result = self
    result.content = .mapping(members)
    return result
  }

  /// The node at a path of keys, or the nearest one above it that exists: where a message is to point.
  func nearest(_ path: String...) -> SourceNode { nearest(path) }

  func nearest(_ path: [String]) -> SourceNode {
    var node = self
    for key in path {
      guard let next = node[key] else { return node }
      node = next
    }
    return node
  }
}

/// A document of ours after the checks that all of them share.
struct CheckedDocument {
  let file: String
  let name: String
  let metadata: SourceNode
  /// The specification with its environment laid over it.
  let spec: SourceNode
  let specShape: Shape

  /// - Parameter environment: nil takes the specification as it stands.
  init(_ node: SourceNode, shape: Shape, file: String, environment: String?) throws(InvalidDefinition) {
    var checker = ShapeChecker(file: file)
    checker.check(node, shape, at: "")
    guard checker.diagnostics.isEmpty else { throw InvalidDefinition(checker.diagnostics) }
    guard let metadata = node["metadata"], let name = metadata["name"]?.json.stringValue, let spec = node["spec"] else {
      throw InvalidDefinition([
        Diagnostic(file: file, line: node.line, column: node.column, "metadata and spec are missing")
      ])
    }
    self.file = file
    self.name = name
    self.metadata = metadata
    specShape = shape["spec"] ?? .free
    if let environment, let overlay = node["environments"]?[environment] {
      self.spec = spec.overlaid(with: overlay)
      // An environment may add what must be whole, such as a job, in parts: together they must be.
      var whole = ShapeChecker(file: file)
      whole.check(self.spec, specShape, at: "spec")
      guard whole.diagnostics.isEmpty else { throw InvalidDefinition(whole.diagnostics) }
    } else {
      self.spec = spec
    }
  }
}
