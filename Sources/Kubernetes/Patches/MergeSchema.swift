/// How the fields of a kind are merged: what strategic merge patch and server-side apply need to know of it.
///
/// A schema is compiled once into types that point to each other: from `SchemaTable` for the kinds that are built in,
/// from a CustomResourceDefinition's `openAPIV3Schema` for the others. The forms a type can have are those of
/// https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/schema/elements.go
public struct MergeSchema: Sendable {
  let root: MergeType
  /// Whether the kind has a strategic merge patch: only built-in ones do.
  let isBuiltIn: Bool
  /// What writes to the object itself, and to its status, cannot change, so that nobody comes to own it by them.
  let reset: Reset

  struct Reset: Sendable {
    var main = FieldSet.empty
    var status = FieldSet.empty

    func of(_ subresource: String) -> FieldSet {
      switch subresource {
      case "", "finalize": main
      case "status": status
      default: .empty
      }
    }
  }

  init(root: MergeType, isBuiltIn: Bool, reset: Reset) {
    self.root = root
    self.isBuiltIn = isBuiltIn
    self.reset = reset
  }

  /// Takes back what a write to the status cannot change.
  public func keepAllButStatus(_ new: inout JSONValue, old: JSONValue) {
    Self.keep(reset.status, in: &new, old: old)
    // The server counts these itself.
    for key in old.objectValue?.keys ?? [] where new[key] == nil && key != "status" { new[key] = old[key] }
  }

  private static func keep(_ places: FieldSet, in new: inout JSONValue, old: JSONValue?) {
    for (name, set) in places.children {
      let key = String(name.dropFirst(2))
      if set.includesItself {
        // Who manages what was brought up to date for this write.
        let managed = key == "metadata" ? new[key]?["managedFields"] : .none
        new[key] = old?[key]
        if key == "metadata" { new[path: [key, "managedFields"]] = managed }
      } else if var child = new[key] {
        keep(set, in: &child, old: old?[key])
        new[key] = child
      }
    }
  }

  /// The schema of the kind that an object says it is of; of a kind that is not built in, the metadata only.
  public static func of(_ object: JSONValue) -> MergeSchema {
    builtIn(apiVersion: object["apiVersion"]?.stringValue ?? "", kind: object["kind"]?.stringValue ?? "") ?? .untyped
  }
}

/// A type of a schema: scalar, list or map, or any of them.
///
/// `@unchecked Sendable`: types may lead to themselves, so a form is set after its type is made; that is done while the
/// schema is compiled, by one thread, before anybody else sees the type.
final class MergeType: @unchecked Sendable {
  enum Scalar: Sendable { case string, numeric, boolean, untyped }

  enum Form {
    case scalar(Scalar)
    case list(MergeList)
    case map(MergeMap)
    /// Whatever a value turns out to be: its maps are merged and its lists taken whole, or all of it is taken whole.
    case any(isAtomic: Bool)
  }

  private(set) var form: Form

  init(_ form: Form) { self.form = form }

  func become(_ form: Form) { self.form = form }

  /// The form for a value, with `any` decided by what the value is. A null counts as a map, as in Kubernetes.
  func form(for value: JSONValue) -> Form {
    guard case .any(let isAtomic) = form else { return form }
    switch value {
    case .bool, .integer, .double, .string: return .scalar(.untyped)
    case .array: return .list(.untyped)
    case .object, .null: return .map(isAtomic ? .atomic : .deduced)
    }
  }

  /// What a field of which nothing is stated is.
  static let deduced = MergeType(.any(isAtomic: false))
  static let atomic = MergeType(.any(isAtomic: true))
  static let string = MergeType(.scalar(.string))
  static let numeric = MergeType(.scalar(.numeric))
  static let boolean = MergeType(.scalar(.boolean))
  static let untypedScalar = MergeType(.scalar(.untyped))

  /// The members of an object of this type, or of the elements of a list of them.
  var fields: [String: MergeField] {
    switch form {
    case .map(let map): map.fields
    case .list(let list): list.element.fields
    case .scalar, .any: [:]
    }
  }
}

/// How a list is merged.
final class MergeList: Sendable {
  enum Ownership: Sendable {
    case whole
    /// A list of distinct scalars.
    case set
    /// A list whose elements are told apart by these members, alphabetically.
    case keyed([Key])
  }

  /// A member that identifies the elements of a list, and what it is where an element leaves it out.
  struct Key: Sendable {
    let name: String
    let defaultValue: JSONValue?
    /// As FieldsV1 writes it: `"name":`
    let written: String

    init(_ name: String, default defaultValue: JSONValue?) {
      self.name = name
      self.defaultValue = defaultValue
      written = JSONValue.string(name).text + ":"
    }
  }

  let element: MergeType
  let ownership: Ownership

  init(_ element: MergeType, _ ownership: Ownership) {
    self.element = element
    self.ownership = ownership
  }

  static let untyped = MergeList(.atomic, .whole)

  var isWhole: Bool { if case .whole = ownership { true } else { false } }
}

/// How an object is merged.
final class MergeMap: Sendable {
  let fields: [String: MergeField]
  /// The type of members that are not in `fields`; nil where there are no others.
  let element: MergeType?
  let isAtomic: Bool
  /// The fields that are there, if only empty, whenever the object is.
  let always: [MergeField]

  init(_ fields: [MergeField], element: MergeType? = nil, isAtomic: Bool = false) {
    self.fields = Dictionary(fields.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    self.element = element
    self.isAtomic = isAtomic
    always = fields.filter { $0.zero != nil }
  }

  static let deduced = MergeMap([], element: .deduced)
  static let atomic = MergeMap([], element: .atomic, isAtomic: true)

  /// The name in FieldsV1 and the type of a member. What the schema does not know is taken for anything.
  func member(_ key: String) -> (name: String, type: MergeType) {
    if let field = fields[key] { return (field.name, field.type) }
    return ("f:" + key, element ?? .deduced)
  }
}

/// A member that a schema names.
final class MergeField: Sendable {
  /// What strategic merge patch does.
  enum PatchStrategy: Sendable {
    /// Objects are merged, lists replaced.
    case byShape
    case replace
    /// A list of objects, told apart by this member.
    case mergeKeyed(String)
    case mergeSet
  }

  let key: String
  /// As FieldsV1 names it: `f:spec`.
  let name: String
  let type: MergeType
  let patch: PatchStrategy
  /// What stands where nothing was said of a field that is always there, as a struct in Go that is no pointer is.
  let zero: JSONValue?

  init(_ key: String, _ type: MergeType, patch: PatchStrategy = .byShape, zero: JSONValue? = nil) {
    self.key = key
    name = "f:" + key
    self.type = type
    self.patch = patch
    self.zero = zero
  }

  /// A field of which nothing is stated.
  static let unknown = MergeField("", .deduced)
}
