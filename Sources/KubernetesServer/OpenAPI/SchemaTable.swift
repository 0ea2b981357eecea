import Kubernetes

/// The shapes of all built-in kinds, as data that can be read at a glance.
///
/// Field names, types and merge keys are those of the Kubernetes API reference, v1.32
/// (https://kubernetes.io/docs/reference/kubernetes-api/). A table is text, one line a definition or field:
/// ```
/// @ io.k8s.api.apps.v1 apps/v1           what follows has this prefix, and its kinds this API version
/// Deployment kind | description          a kind: apiVersion, kind and metadata are understood
/// SecretProjection : ConfigMapProjection | description      has the other's fields, too
/// Time = string date-time | description  a scalar
/// - ports [ContainerPort] merge=containerPort map=containerPort,protocol | description
/// ```
/// A field's `!` says that it is required; `[T]` is a list, `{T}` a map from texts, `any` any JSON. `merge=` is the key
/// by which a strategic merge patch finds a list's elements, `strategy=` its strategy where it is another than merge;
/// `map=`, `set` and `atomic` say how server-side apply treats the list. `(A,B)` lists the only values. `#2.4` is the
/// field's number in protobuf, 4 in the message that is 2; with `?` an empty value differs from an absent one.
struct SchemaTable: Sendable {
  indirect enum FieldType: Sendable, Hashable {
    case string, int32, int64, bool, number, bytes, any
    case reference(String)
    case list(FieldType)
    case map(FieldType)
  }

  struct Field: Sendable {
    var name: String
    var type: FieldType
    var isRequired: Bool
    var mergeKey: String?
    var strategy: String?
    var mapKeys: [String] = []
    /// `atomic` or `set`.
    var listType: String?
    var values: [String] = []
    /// Field numbers in protobuf, from the outer message in; empty where it is not known there.
    var numbers: [Int] = []
    /// Whether an empty value is written although `omitempty` would leave it out: a pointer in Go's types.
    var keepsEmpty = false
    var description: String
  }

  enum Scalar: Sendable { case time, quantity, intOrString }

  struct Definition: Sendable {
    /// `io.k8s.api.apps.v1.Deployment`
    var name: String
    var apiVersion: String?
    var kind: String?
    var scalar: Scalar?
    var fields: [Field] = []
    var description: String

    /// Without any field said: every JSON object.
    var isOpen: Bool { fields.isEmpty && scalar == nil }
  }

  /// By short name: `Deployment`.
  private(set) var definitions: [String: Definition] = [:]
  /// By apiVersion and kind.
  private var kinds: [String: String] = [:]
  /// Lines and words of the tables that could not be read; none, as a test sees to.
  private(set) var mistakes: [String] = []

  static let builtIn = SchemaTable(
    parsing: [meta, volumes, pods, cluster, workloads, networking, autoscaling, definitions])

  func definition(apiVersion: String, kind: String) -> Definition? {
    kinds["\(apiVersion) \(kind)"].flatMap { definitions[$0] }
  }

  /// The name that other definitions call one by.
  static func shortName(_ name: String) -> String { String(name.split(separator: ".").last ?? "") }
}

extension SchemaTable {
  /// Reads tables.
  init(parsing tables: [String]) {
    var reader = Reader()
    for table in tables { reader.read(table) }
    definitions = reader.definitions
    for (short, definition) in definitions {
      if let version = definition.apiVersion, let kind = definition.kind { kinds["\(version) \(kind)"] = short }
    }
    mistakes = reader.mistakes
  }

  private struct Reader {
    var definitions: [String: Definition] = [:]
    var mistakes: [String] = []
    private var prefix = ""
    private var apiVersion: String?
    private var current = ""

    mutating func read(_ table: String) {
      for line in table.split(separator: "\n") {
        let halves = line.split(separator: "|", maxSplits: 1).map { $0.split(separator: " ").map(String.init) }
        let words = halves.first ?? []
        let description = halves.count == 2 ? halves[1].joined(separator: " ") : ""
        switch words.first {
        case "@" where words.count >= 2:
          prefix = words[1]
          apiVersion = words.count > 2 ? words[2] : nil
        case "-" where words.count >= 3 && !description.isEmpty: field(Array(words.dropFirst()), description)
        case let name? where name != "-" && !description.isEmpty:
          definition(name, Array(words.dropFirst()), description)
        default: mistakes.append(String(line))
        }
      }
    }

    private mutating func definition(_ name: String, _ options: [String], _ description: String) {
      var definition = Definition(name: "\(prefix).\(name)", description: description)
      switch options.first {
      case nil: break
      case "kind":
        definition.apiVersion = apiVersion
        definition.kind = name
        definition.fields = Self.header
      case ":" where options.count >= 2 && definitions[options[1]] != nil:
        definition.fields = definitions[options[1]]?.fields ?? []
        if let number = options.dropFirst(2).first.flatMap({ Int($0.dropFirst()) }) {
          for index in definition.fields.indices { definition.fields[index].numbers.insert(number, at: 0) }
        }
      case "=" where options.count >= 2:
        switch options[1] {
        case "string": definition.scalar = .time
        case "quantity": definition.scalar = .quantity
        default: definition.scalar = .intOrString
        }
      default: mistakes.append("\(name) \(options.joined(separator: " "))")
      }
      if definitions.updateValue(definition, forKey: name) != nil { mistakes.append("\(name) stands twice") }
      current = name
    }

    private static let header = [
      Field(
        name: "apiVersion", type: .string, isRequired: false,
        description: "The version of the API that the object is written for."),
      Field(name: "kind", type: .string, isRequired: false, description: "The kind of the object."),
      Field(
        name: "metadata", type: .reference("ObjectMeta"), isRequired: false, numbers: [1],
        description: "Name, labels and what the server keeps of every object."),
    ]

    private mutating func field(_ words: [String], _ description: String) {
      let isRequired = words[0].hasSuffix("!")
      var field = Field(
        name: isRequired ? String(words[0].dropLast()) : words[0], type: Self.type(words[1][...]),
        isRequired: isRequired,
        description: description)
      for option in words.dropFirst(2) {
        let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
        switch (parts[0], parts.count) {
        case ("merge", 2):
          field.mergeKey = parts[1]
          field.strategy = field.strategy ?? "merge"
        case ("strategy", 2): field.strategy = parts[1]
        case ("map", 2): field.mapKeys = parts[1].split(separator: ",").map(String.init)
        case ("atomic", 1), ("set", 1): field.listType = option
        case _ where option.hasPrefix("#"):
          field.keepsEmpty = option.hasSuffix("?")
          field.numbers = option.dropFirst().split(separator: ".").compactMap { Int($0.prefix { $0 != "?" }) }
        case _ where option.hasPrefix("(") && option.hasSuffix(")"):
          field.values = option.dropFirst().dropLast().split(separator: ",").map(String.init)
        default: mistakes.append("\(current).\(field.name): \(option)")
        }
      }
      definitions[current]?.fields.append(field)
    }

    private static func type(_ text: Substring) -> FieldType {
      if text.hasPrefix("["), text.hasSuffix("]") { return .list(type(text.dropFirst().dropLast())) }
      if text.hasPrefix("{"), text.hasSuffix("}") { return .map(type(text.dropFirst().dropLast())) }
      switch text {
      case "string": return .string
      case "int32": return .int32
      case "int64": return .int64
      case "bool": return .bool
      case "number": return .number
      case "bytes": return .bytes
      case "any": return .any
      default: return .reference(String(text))
      }
    }
  }

  /// References that lead nowhere.
  var danglingReferences: [String] {
    definitions.values.flatMap { definition in
      definition.fields.compactMap { field in
        guard let target = field.type.reference, definitions[target] == nil else { return nil }
        return "\(definition.name).\(field.name): \(target)"
      }
    }
  }
}

extension SchemaTable.FieldType {
  /// The definition that this type leads to, through lists and maps.
  var reference: String? {
    switch self {
    case .reference(let name): name
    case .list(let element), .map(let element): element.reference
    default: nil
    }
  }
}
