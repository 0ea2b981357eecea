import Kubernetes

extension JSONValue {
  /// Sets a member that is absent or null.
  mutating func setDefault(_ key: String, _ value: @autoclosure () -> JSONValue) {
    if self[key]?.isNull ?? true { self[key] = value() }
  }

  /// Changes a member in place, where it is there.
  mutating func edit(_ key: String, _ change: (inout JSONValue) -> Void) {
    guard var child = self[key], !child.isNull else { return }
    self[key] = .null  // so that the child is uniquely referenced while it changes
    change(&child)
    self[key] = child
  }

  /// Changes a member in place; an absent one is made an empty object first.
  mutating func editOrCreate(_ key: String, _ change: (inout JSONValue) -> Void) {
    setDefault(key, .object([:]))
    edit(key, change)
  }

  /// Changes every element of an array member.
  mutating func editEach(_ key: String, _ change: (inout JSONValue) -> Void) {
    guard case .array(var elements)? = self[key] else { return }
    self[key] = .null
    for index in elements.indices { change(&elements[index]) }
    self[key] = .array(elements)
  }

  /// Whether nothing was written there: absent, null, or an empty text, array or object.
  func isUnset(_ key: String) -> Bool {
    switch self[key] {
    case nil, .null: true
    case .string(let text): text.isEmpty
    case .array(let elements): elements.isEmpty
    case .object(let members): members.isEmpty
    default: false
    }
  }
}
