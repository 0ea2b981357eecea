/// A way from an object's root to one of its fields.
public struct ObjectPath: Sendable, Hashable, CustomStringConvertible {
  public enum Step: Sendable, Hashable {
    case key(String)
    /// An element of a list, with its `name` where it has one: a list in a patch has other positions.
    case element(Int, name: String?)
  }
  public var steps: [Step] = []

  public init(_ keys: String...) { steps = keys.map { .key($0) } }
  init(_ keys: [String]) { steps = keys.map { .key($0) } }

  func appending(_ keys: [String]) -> ObjectPath {
    var path = self
    path.steps += keys.map { .key($0) }
    return path
  }

  func appending(_ keys: String...) -> ObjectPath { appending(keys) }

  func element(_ index: Int, name: String? = nil) -> ObjectPath {
    var path = self
    path.steps.append(.element(index, name: name))
    return path
  }

  /// `spec.containers[app].image`.
  public var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .key(let key): text += text.isEmpty ? key : ".\(key)"
      case .element(let index, let name): text += "[\(name ?? String(index))]"
      }
    }
    return text
  }
}
