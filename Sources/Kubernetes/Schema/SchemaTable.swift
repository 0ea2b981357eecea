/// The shapes of all built-in kinds, as data that can be read at a glance: the one place that knows what fields there
/// are, of what types, how lists are merged, and by which numbers protobuf has them.
///
/// The facts are those of Kubernetes 1.32: the struct tags and markers of https://github.com/kubernetes/api and
/// https://github.com/kubernetes/apimachinery. A table is text, one line a definition or field:
/// ```
/// @ io.k8s.api.apps.v1 apps/v1           what follows has this prefix, and its kinds this API version
/// Deployment kind | description          a kind: apiVersion, kind and metadata are understood
/// SecretProjection : ConfigMapProjection | description      has the other's fields, too
/// Time = string date-time | description  a value with a form of its own
/// ObjectReference atomic | description   server-side apply takes it as a whole
/// - ports [ContainerPort] merge=containerPort map=containerPort,protocol | description
/// ```
/// A field's `!` says that it is required; `[T]` is a list, `{T}` a map from texts, `any` any JSON. `merge=` is the key
/// by which a strategic merge patch finds a list's elements, `strategy=` its strategy where it is another than merge;
/// `map=`, `set`, `atomic` and `granular` say how server-side apply treats the list, map or object. `(A,B)` lists the only values,
/// `default=` is what an absent field stands for. `#2.4` is the field's number in protobuf, 4 in the message that is 2;
/// with `?` an empty value differs from an absent one; `always` says that it is written although nothing was said. A description may be left out.
package struct SchemaTable: Sendable {
  /// Names a definition, from a field's type.
  package struct Reference: Sendable, Hashable {
    fileprivate var link: Int
  }

  package indirect enum FieldType: Sendable, Hashable {
    case string, int32, int64, bool, number, bytes, any
    case reference(Reference)
    case list(FieldType)
    case map(FieldType)

    /// The definition that this type leads to, through lists and maps.
    package var reference: Reference? {
      switch self {
      case .reference(let reference): reference
      case .list(let element), .map(let element): element.reference
      default: nil
      }
    }
  }

  /// What server-side apply does with a list, a map or an object: it is one value, or its elements or members are owned
  /// one by one. `granular` says so of an object whose definition is atomic elsewhere.
  package enum Ownership: String, Sendable { case atomic, set, map, granular }

  package final class Field: Sendable {
    package let name: String
    package let type: FieldType
    package let isRequired: Bool
    /// The member by which a strategic merge patch finds an element of the list.
    package let mergeKey: String?
    /// `merge`, `replace`, `retainKeys` or two of them, as `x-kubernetes-patch-strategy` writes it.
    package let strategy: String?
    /// Members that tell the elements of a list apart for server-side apply.
    package let mapKeys: [String]
    /// Nil where nothing is stated: objects and maps are merged, lists taken as a whole.
    package let ownership: Ownership?
    package let values: [String]
    package let defaultValue: JSONValue?
    /// Field numbers in protobuf, from the outer message in; empty where it is not known there.
    package let numbers: [Int]
    /// Whether an empty value is written although `omitempty` would leave it out: a pointer in Go's types.
    package let keepsEmpty: Bool
    /// Whether it is written even where nothing was said, although it is not required: Go's type has no `omitempty`.
    package let isAlwaysWritten: Bool
    /// Empty where there is none.
    package let description: Substring

    init(_ draft: FieldDraft) {
      name = draft.name
      type = draft.type
      isRequired = draft.isRequired
      mergeKey = draft.mergeKey
      strategy = draft.strategy
      mapKeys = draft.mapKeys
      ownership = draft.ownership
      values = draft.values
      defaultValue = draft.defaultValue
      numbers = draft.numbers
      keepsEmpty = draft.keepsEmpty
      isAlwaysWritten = draft.isAlwaysWritten
      description = draft.description
    }
  }

  /// Values that have a form of their own, and often another one in protobuf than in JSON.
  package enum Scalar: String, Sendable {
    case time, microTime, quantity, intOrString
    /// The fields that a manager owns.
    case fieldSet
    /// Any JSON, as bytes in protobuf.
    case json
    /// A schema, or true or false; a schema, or several; a schema, or texts.
    case schemaOrBool, schemaOrSchemas, schemaOrTexts
  }

  package final class Definition: Sendable {
    /// `io.k8s.api.apps.v1.Deployment`
    package let name: String
    package let apiVersion: String?
    package let kind: String?
    package let scalar: Scalar?
    /// Whether server-side apply takes the object as a whole.
    package let isAtomic: Bool
    package let fields: [Field]
    package let description: Substring
    /// Where each field is; only for definitions with many.
    private let positions: [String: Int]

    init(_ draft: DefinitionDraft) {
      name = draft.name
      apiVersion = draft.apiVersion
      kind = draft.kind
      scalar = draft.scalar
      isAtomic = draft.isAtomic
      fields = draft.fields
      description = draft.description
      positions =
        fields.count > Self.linearLimit
        ? Dictionary(fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first }) : [:]
    }

    private static let linearLimit = 8

    package func field(_ name: String) -> Field? {
      if fields.count > Self.linearLimit { return positions[name].map { fields[$0] } }
      return fields.first { $0.name == name }
    }

    /// The last part of the name: `Deployment`.
    package var shortName: Substring { name.split(separator: ".").last ?? "" }

    /// As Go's messages name the type: `v1.PodSpec`.
    package var goName: String { name.split(separator: ".").suffix(2).joined(separator: ".") }

    /// Without any field said: every JSON object.
    package var isOpen: Bool { fields.isEmpty && scalar == nil }
  }

  package let definitions: [Definition]
  /// From a reference's link to the definition's place.
  private let links: [Int]
  /// By apiVersion and kind.
  private let kinds: [String: Int]
  /// By full name.
  private let names: [String: Int]
  /// Names of definitions that have, or lead to, a default.
  private let withDefaults: Set<String>
  /// Lines and words of the tables that could not be read, and references that lead nowhere; none, as a test sees to.
  package let mistakes: [String]

  /// Those of Kubernetes; read when they are first needed.
  package static let builtIn = SchemaTable(parsing: [
    meta, volumes, pods, podPlacement, podStatus, nodes, configuration, networking, persistentVolumes, quotas,
    workloads, statefulWorkloads, jobs, autoscaling, ingress, storage, access, admission, definitions,
  ])

  package subscript(_ reference: Reference) -> Definition { definitions[links[reference.link]] }

  package func definition(apiVersion: String, kind: String) -> Definition? {
    kinds["\(apiVersion) \(kind)"].map { definitions[$0] }
  }

  /// By the full name, such as `io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta`.
  package func definition(named name: String) -> Definition? { names[name].map { definitions[$0] } }

  /// One of `meta/v1`, which are not kinds of any group: `ObjectMeta`, `Status`, `DeleteOptions`.
  package func meta(_ name: String) -> Definition? { definition(named: "io.k8s.apimachinery.pkg.apis.meta.v1.\(name)") }

  /// Whether the definition, or anything in it, has a field with a default.
  package func hasDefaults(_ definition: Definition) -> Bool { withDefaults.contains(definition.name) }

  /// Reads tables.
  package init(parsing tables: [String]) {
    var reader = SchemaTableReader()
    for table in tables { reader.read(table) }
    reader.finish()
    definitions = reader.definitions
    names = reader.places
    kinds = Dictionary(
      definitions.enumerated().compactMap { index, definition in
        guard let version = definition.apiVersion, let kind = definition.kind else { return nil }
        return ("\(version) \(kind)", index)
      }, uniquingKeysWith: { first, _ in first })
    (links, mistakes) = reader.resolveLinks()
    withDefaults = Self.withDefaults(definitions, links)
  }
}

extension SchemaTable {
  private static func withDefaults(_ definitions: [Definition], _ links: [Int]) -> Set<String> {
    var found: Set<String> = []
    var count = -1
    while count != found.count {
      count = found.count
      for definition in definitions where !found.contains(definition.name) {
        let has = definition.fields.contains { field in
          field.defaultValue != nil
            || field.type.reference.map { found.contains(definitions[links[$0.link]].name) } ?? false
        }
        if has { found.insert(definition.name) }
      }
    }
    return found
  }
}

extension SchemaTable.Reference {
  init(_ link: Int) { self.link = link }
}
