/// The schemas of the built-in kinds, compiled from the table of all their fields.
extension MergeSchema {
  /// - Returns: nil for kinds that are not built in: custom resources.
  public static func builtIn(apiVersion: String, kind: String) -> MergeSchema? {
    if let known = compiled[Kind(apiVersion: apiVersion, kind: kind)] { return known }
    return nil
  }

  private struct Kind: Hashable {
    var apiVersion: String
    var kind: String
  }

  private static let compiled: [Kind: MergeSchema] = {
    var schemas: [Kind: MergeSchema] = [:]
    for definition in SchemaTable.builtIn.definitions {
      guard let apiVersion = definition.apiVersion, let kind = definition.kind,
        let type = types[definition.name]
      else { continue }
      schemas[Kind(apiVersion: apiVersion, kind: kind)] = MergeSchema(
        root: type, isBuiltIn: true, reset: reset(of: definition, kind))
    }
    return schemas
  }()

  /// `metadata` of every object.
  static let objectMeta = SchemaTable.builtIn.meta("ObjectMeta").flatMap { types[$0.name] } ?? .deduced

  /// By a definition's full name.
  private static let types: [String: MergeType] = {
    var compiler = Compiler(table: SchemaTable.builtIn)
    return compiler.compile()
  }()

  /// As the strategies under https://github.com/kubernetes/kubernetes/tree/master/pkg/registry reset fields: an update
  /// of the object leaves its status alone, one of the status everything that is asked for.
  private static func reset(of definition: SchemaTable.Definition, _ kind: String) -> Reset {
    guard definition.field("status") != nil else { return Reset() }
    var status: JSONObject = ["f:spec": [:]]
    switch kind {
    case "Deployment": status["f:metadata"] = ["f:labels": [:]]
    case "Pod": status["f:metadata"] = ["f:deletionTimestamp": [:], "f:ownerReferences": [:]]
    case "CustomResourceDefinition", "FlowSchema", "PriorityLevelConfiguration", "VolumeAttachment",
      "ValidatingAdmissionPolicy":
      status["f:metadata"] = [:]
    default: break
    }
    return Reset(main: FieldSet(json: ["f:status": [:]]), status: FieldSet(json: .object(status)))
  }

  private struct Compiler {
    let table: SchemaTable
    var types: [String: MergeType] = [:]

    mutating func compile() -> [String: MergeType] {
      for definition in table.definitions { types[definition.name] = MergeType(.any(isAtomic: false)) }
      for definition in table.definitions {
        types[definition.name]?.become(form(definition))
      }
      return types
    }

    private func form(_ definition: SchemaTable.Definition, isAtomic: Bool? = nil) -> MergeType.Form {
      switch definition.scalar {
      case .time, .microTime, .quantity, .intOrString: return .scalar(.untyped)
      case .fieldSet, .json, .schemaOrBool, .schemaOrSchemas, .schemaOrTexts: return .any(isAtomic: false)
      case nil: break
      }
      if definition.isOpen { return .any(isAtomic: false) }
      return .map(
        MergeMap(definition.fields.map(field), isAtomic: isAtomic ?? definition.isAtomic))
    }

    private func field(_ field: SchemaTable.Field) -> MergeField {
      MergeField(field.name, type(of: field), patch: patch(field), zero: table.zero(of: field))
    }

    private func type(of field: SchemaTable.Field) -> MergeType {
      switch field.type {
      case .list(let element):
        let ownership: MergeList.Ownership
        switch field.ownership {
        case .set: ownership = .set
        case .map: ownership = .keyed(keys(field, of: element))
        case .atomic, .granular, nil: ownership = .whole
        }
        return MergeType(.list(MergeList(type(element), ownership)))
      case .map(let element):
        return MergeType(.map(MergeMap([], element: type(element), isAtomic: field.ownership == .atomic)))
      case .reference(let reference):
        // A field may be owned otherwise than its type is elsewhere.
        guard let ownership = field.ownership, let isAtomic = ownership.isAtomic else { return type(field.type) }
        return MergeType(form(table[reference], isAtomic: isAtomic))
      default: return type(field.type)
      }
    }

    private func type(_ type: SchemaTable.FieldType) -> MergeType {
      switch type {
      case .string, .bytes: .string
      case .int32, .int64, .number: .numeric
      case .bool: .boolean
      case .any: .deduced
      case .reference(let reference): types[table[reference].name] ?? .deduced
      case .list(let element): MergeType(.list(MergeList(self.type(element), .whole)))
      case .map(let element): MergeType(.map(MergeMap([], element: self.type(element))))
      }
    }

    /// A key that an element leaves out has its default, or what a Go struct holds where nothing was said.
    private func keys(_ field: SchemaTable.Field, of element: SchemaTable.FieldType) -> [MergeList.Key] {
      field.mapKeys.sorted().map { name in
        guard let key = element.reference.flatMap({ table[$0].field(name) }) else {
          return MergeList.Key(name, default: nil)
        }
        return MergeList.Key(name, default: key.defaultValue ?? (key.isRequired ? zero(key.type) : nil))
      }
    }

    private func zero(_ type: SchemaTable.FieldType) -> JSONValue? {
      switch type {
      case .string: ""
      case .int32, .int64, .number: 0
      case .bool: false
      default: nil
      }
    }

    private func patch(_ field: SchemaTable.Field) -> MergeField.PatchStrategy {
      let strategies = field.strategy?.split(separator: ",") ?? []
      if strategies.contains("replace") { return .replace }
      guard case .list = field.type else { return .byShape }
      if let key = field.mergeKey { return .mergeKeyed(key) }
      return strategies.contains("merge") ? .mergeSet : .byShape
    }
  }
}

extension SchemaTable.Ownership {
  /// What it says of an object; nil where it speaks of lists.
  fileprivate var isAtomic: Bool? {
    switch self {
    case .atomic: true
    case .granular: false
    case .set, .map: nil
    }
  }
}
