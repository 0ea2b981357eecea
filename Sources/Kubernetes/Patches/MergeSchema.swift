/// How the fields of a kind are merged: what strategic merge patch and server-side apply need to know of it.
///
/// The facts are those of the struct tags (`patchStrategy`, `patchMergeKey`) and markers (`+listType`, `+listMapKey`,
/// `+mapType`, `+structType`) in https://github.com/kubernetes/api. Only what differs from the default is stated:
/// objects are merged member by member, lists are one value.
public struct MergeSchema: Sendable {
  let fields: Fields

  typealias Fields = [String: Field]

  /// A member that identifies the elements of a list, and what it is where an element leaves it out.
  struct Key: Sendable, ExpressibleByStringLiteral {
    let name: String
    let defaultValue: JSONValue?

    init(_ name: String, default defaultValue: JSONValue? = nil) {
      self.name = name
      self.defaultValue = defaultValue
    }
    init(stringLiteral name: String) { self.init(name) }
  }

  struct Field: Sendable {
    /// What server-side apply can own: the parts of a value, or only the whole.
    enum Ownership: Sendable {
      case parts
      case whole
      /// A list whose elements are told apart by these members.
      case keyed([Key])
      /// A list of distinct scalars.
      case set
    }
    /// What strategic merge patch does.
    enum PatchStrategy: Sendable {
      /// Objects are merged, lists replaced.
      case byShape
      case replace
      case mergeKeyed(String)
      case mergeSet
    }
    var ownership: Ownership = .parts
    var patch: PatchStrategy = .byShape
    /// The members of the object, or of the list's elements.
    var children: Fields = [:]
    /// Whether the elements of a keyed list are owned as a whole each.
    var elementsAreWhole = false

    /// A field of which nothing is stated.
    static let plain = Field()
  }

  /// - Returns: nil for kinds that have no schema here: custom resources.
  public init?(apiVersion: String, kind: String) {
    guard let fields = Self.kinds["\(apiVersion) \(kind)"] else { return nil }
    self.fields = fields
  }

  private init(fields: Fields) { self.fields = fields }

  /// Whether strategic merge patch is defined for a kind.
  public static func knows(apiVersion: String, kind: String) -> Bool { kinds["\(apiVersion) \(kind)"] != nil }

  /// The schema for server-side apply: of a kind not known here, the metadata only.
  static func forApply(_ object: JSONValue) -> MergeSchema {
    MergeSchema(apiVersion: object["apiVersion"]?.stringValue ?? "", kind: object["kind"]?.stringValue ?? "")
      ?? MergeSchema(fields: ["metadata": .object(objectMeta)])
  }
}

extension MergeSchema.Field {
  /// An object of which some members are stated.
  static func object(_ children: MergeSchema.Fields) -> Self { Self(children: children) }

  /// An object that is one value to server-side apply.
  static let atomicObject = Self(ownership: .whole)

  /// A selector that patches replace.
  static let replacedObject = Self(ownership: .whole, patch: .replace)

  /// A list of distinct scalars, added to by patches.
  static let set = Self(ownership: .set, patch: .mergeSet)

  /// A list of objects told apart by `keys`, the first of which is the key of strategic merge patch.
  static func list(by keys: MergeSchema.Key..., of children: MergeSchema.Fields = [:], whole: Bool = false) -> Self {
    Self(
      ownership: .keyed(keys), patch: keys.first.map { .mergeKeyed($0.name) } ?? .replace, children: children,
      elementsAreWhole: whole)
  }

  /// A list that apply merges by keys and patches replace.
  static func appliedList(by keys: MergeSchema.Key...) -> Self { Self(ownership: .keyed(keys), patch: .replace) }

  /// A list that patches merge by a key and apply owns as a whole.
  static func patchedList(by key: String) -> Self { Self(ownership: .whole, patch: .mergeKeyed(key)) }
}
