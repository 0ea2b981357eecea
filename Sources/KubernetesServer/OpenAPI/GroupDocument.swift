import Kubernetes

/// The OpenAPI v3 documents of the built-in kinds, one for each group and version.
enum GroupDocument {
  /// By key: `api/v1`, `apis/apps/v1`.
  static func all(resources: [ResourceType]) -> [String: OpenAPI.Document] {
    let writer = SchemaWriter(table: .builtIn, dialect: .v3)
    let served = resources.map { ServedResource($0) } + Discovery.virtualResources
    var documents: [String: OpenAPI.Document] = [:]
    for group in ServedGroup.groups(of: served) {
      for version in group.versions {
        let key = group.name.isEmpty ? "api/\(version.name)" : "apis/\(group.name)/\(version.name)"
        documents[key] = OpenAPI.Document(document(version.resources, writer))
      }
    }
    return documents
  }

  private static func document(_ resources: [ServedResource], _ writer: SchemaWriter) -> JSONValue {
    let (schemas, paths) = parts(resources, writer)
    return [
      "openapi": "3.0.0", "info": ["title": "Kubernetes", "version": .string(Discovery.gitVersion)],
      "paths": .object(JSONObject(distinct: paths.sorted { $0.key < $1.key })),
      "components": ["schemas": .object(JSONObject(distinct: schemas))],
    ]
  }

  typealias Members = [(key: String, value: JSONValue)]

  /// The schemas that resources need, and their paths.
  static func parts(_ resources: [ServedResource], _ writer: SchemaWriter) -> (schemas: Members, paths: Members) {
    var roots = ["Status", "DeleteOptions", "Patch", "ListMeta"].compactMap(writer.table.meta)
    var lists: Members = []
    var paths: Members = []
    for resource in resources {
      let type = resource.type
      guard let definition = writer.table.definition(apiVersion: type.apiVersion, kind: type.kind) else { continue }
      roots.append(definition)
      roots.append(contentsOf: resource.subresources.compactMap { $0.definition(in: writer.table) })
      let listName = definition.name + "List"
      if resource.verbs.contains("list") {
        lists.append(
          (
            listName,
            writer.list(of: definition.name, apiVersion: type.apiVersion, kind: type.kind, listKind: type.kind + "List")
          ))
      }
      paths += PathWriter(
        schemas: writer, resource: resource, schemaName: definition.name, listSchemaName: listName,
        canMergeStrategically: true
      ).paths()
    }
    return ((writer.schemas(from: roots) + lists).sorted { $0.key < $1.key }, paths)
  }
}

/// The OpenAPI v3 documents of custom resources.
enum CustomDocuments {
  static func make(_ definitions: [JSONValue]) -> [(key: String, document: OpenAPI.Document)] {
    let writer = SchemaWriter(table: .builtIn, dialect: .v3)
    var resources: [String: [CustomKind]] = [:]
    for kind in definitions.flatMap(CustomKind.kinds) {
      resources["apis/\(kind.resource.type.apiVersion)", default: []].append(kind)
    }
    return resources.sorted { $0.key < $1.key }.map { ($0.key, OpenAPI.Document(document($0.value, writer))) }
  }

  private static func document(_ kinds: [CustomKind], _ writer: SchemaWriter) -> JSONValue {
    let (schemas, paths) = parts(kinds, writer)
    return [
      "openapi": "3.0.0", "info": ["title": "Kubernetes CRD Swagger", "version": "v0.1.0"],
      "paths": .object(JSONObject(distinct: paths.sorted { $0.key < $1.key })),
      "components": ["schemas": .object(JSONObject(distinct: schemas))],
    ]
  }

  static func parts(
    _ kinds: [CustomKind], _ writer: SchemaWriter
  ) -> (schemas: GroupDocument.Members, paths: GroupDocument.Members) {
    let scale = writer.table.definition(apiVersion: "autoscaling/v1", kind: "Scale").map { [$0] } ?? []
    var schemas = writer.schemas(
      from: ["ObjectMeta", "ListMeta", "Status", "DeleteOptions", "Patch"].compactMap(writer.table.meta) + scale)
    var paths: GroupDocument.Members = []
    for kind in kinds {
      let type = kind.resource.type
      schemas.append((kind.schemaName, kind.schema(writer)))
      schemas.append(
        (
          kind.schemaName + "List",
          writer.list(of: kind.schemaName, apiVersion: type.apiVersion, kind: type.kind, listKind: kind.listKind)
        ))
      paths += PathWriter(
        schemas: writer, resource: kind.resource, schemaName: kind.schemaName, listSchemaName: kind.schemaName + "List",
        canMergeStrategically: false
      ).paths()
    }
    return (schemas.sorted { $0.key < $1.key }, paths)
  }
}

/// One served version of a custom resource.
struct CustomKind {
  var resource: ServedResource
  var listKind: String
  /// The group in reverse, as upstream names it: `dev.sakigake.v1.Microservice`.
  var schemaName: String
  private var declared: JSONValue

  static func kinds(_ definition: JSONValue) -> [CustomKind] {
    guard let spec = definition["spec"], let group = spec["group"]?.stringValue, let names = spec["names"],
      let plural = names["plural"]?.stringValue, let kind = names["kind"]?.stringValue
    else { return [] }
    return (spec["versions"]?.arrayValue ?? []).compactMap { version in
      guard version["served"]?.boolValue == true, let name = version["name"]?.stringValue else { return nil }
      let subresources = ["status", "scale"].filter { version[path: ["subresources", $0]] != nil }
      let type = ResourceType(
        group: group, version: name, plural: plural, kind: kind,
        isNamespaced: spec["scope"]?.stringValue == "Namespaced",
        subresources: subresources)
      let reversed = group.split(separator: ".").reversed().joined(separator: ".")
      return CustomKind(
        resource: ServedResource(type), listKind: names["listKind"]?.stringValue ?? kind + "List",
        schemaName: "\(reversed).\(name).\(kind)",
        declared: version[path: ["schema", "openAPIV3Schema"]] ?? ["type": "object"])
    }
  }

  /// The declared schema with what every object has.
  func schema(_ writer: SchemaWriter) -> JSONValue {
    var schema = declared
    schema[path: ["properties", "apiVersion"]] = [
      "type": "string", "description": "The version of the API that the object is written for.",
    ]
    schema[path: ["properties", "kind"]] = ["type": "string", "description": "The kind of the object."]
    schema[path: ["properties", "metadata"]] = writer.described(
      writer.meta("ObjectMeta"), "Name, labels and what the server keeps of every object.")
    schema["x-kubernetes-group-version-kind"] = [
      GroupVersionKind.json(apiVersion: resource.type.apiVersion, kind: resource.type.kind)
    ]
    return schema
  }
}

extension ServedResource.Subresource {
  /// The shape of what it shows.
  func definition(in table: SchemaTable) -> SchemaTable.Definition? {
    table.definition(apiVersion: group.isEmpty ? version : "\(group)/\(version)", kind: kind)
  }
}
