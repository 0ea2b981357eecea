/// How Go writes the objects of the built-in kinds, which is how they are stored, shown and compared: a struct is there
/// even if it is empty, and what `omitempty` leaves out is not there at all.
package struct WrittenForm: Sendable {
  /// The fields that are written even where nothing was said, and what stands there then.
  package let always: [(name: String, zero: JSONValue)]
  private let zeros: [String: JSONValue]
  private let pointers: Set<String>

  fileprivate init(_ definition: SchemaTable.Definition, _ table: SchemaTable) {
    always = definition.fields.compactMap { field in table.zero(of: field).map { (field.name, $0) } }
    zeros = Dictionary(always.map { ($0.name, $0.zero) }, uniquingKeysWith: { first, _ in first })
    var pointers = Set(definition.fields.filter(\.keepsEmpty).map(\.name))
    // An empty list asks for its entries to be forgotten, which is another thing than no list.
    pointers.insert("managedFields")
    self.pointers = pointers
  }

  package func zero(_ name: String) -> JSONValue? { zeros[name] }

  /// Whether something else is written in the place of a value: an empty list is stored as none.
  package func replaces(_ value: JSONValue, at name: String) -> JSONValue? {
    guard value.isEmptyValue, let zero = zeros[name], zero != value else { return nil }
    switch value {
    case .null, .array, .object: return zero
    default: return nil
    }
  }

  /// Whether a value of a field is left out when an object is written.
  package func omits(_ value: JSONValue, at name: String) -> Bool {
    guard value.isEmptyValue, zeros[name] == nil else { return false }
    return value.isNull || !pointers.contains(name)
  }
}

extension SchemaTable {
  /// What Go writes where nothing was said of a field; nil where it writes nothing.
  package func zero(of field: Field) -> JSONValue? {
    let isSaid = field.isRequired || field.isAlwaysWritten
    if field.keepsEmpty { return isSaid ? .some(.null) : .none }
    switch field.type {
    case .reference(let reference):
      let definition = self[reference]
      switch definition.scalar {
      case .time, .microTime: return .some(.null)
      case .quantity: return "0"
      case .intOrString: return 0
      case nil where !definition.isOpen: return .object([:])
      default: return isSaid ? .some(.null) : .none
      }
    case .string: return isSaid ? "" : .none
    case .int32, .int64, .number: return isSaid ? 0 : .none
    case .bool: return isSaid ? false : .none
    case .list, .map, .bytes, .any: return isSaid ? .some(.null) : .none
    }
  }

  /// An object of a definition of which nothing was said.
  package func empty(_ definition: Definition) -> JSONValue {
    var members = JSONObject()
    for field in definition.fields {
      guard let zero = zero(of: field) else { continue }
      if case .object = zero, case .reference(let reference) = field.type {
        members[field.name] = empty(self[reference])
      } else {
        members[field.name] = zero
      }
    }
    return .object(members)
  }

  /// The form of a built-in kind's definition.
  package static func writtenForm(_ definition: Definition) -> WrittenForm {
    forms[ObjectIdentifier(definition)] ?? WrittenForm(definition, builtIn)
  }

  private static let forms: [ObjectIdentifier: WrittenForm] = Dictionary(
    builtIn.definitions.map { (ObjectIdentifier($0), WrittenForm($0, builtIn)) },
    uniquingKeysWith: { first, _ in first })
}
