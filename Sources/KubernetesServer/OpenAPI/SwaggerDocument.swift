import Kubernetes

/// The OpenAPI v2 document: all kinds in one, for clients older than v3.
enum SwaggerDocument {
  static func make(resources: [ResourceType], definitions: [JSONValue]) -> JSONValue {
    let writer = SchemaWriter(table: .builtIn, dialect: .v2)
    let served = resources.map { ServedResource($0) } + Discovery.virtualResources
    let own = GroupDocument.parts(served, writer)
    let custom = CustomDocuments.parts(definitions.flatMap(CustomKind.kinds), writer)
    let schemas = JSONObject((own.schemas + custom.schemas).sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    let paths = JSONObject(distinct: (own.paths + custom.paths).sorted { $0.key < $1.key })
    return [
      "swagger": "2.0", "info": ["title": "Kubernetes", "version": .string(Discovery.gitVersion)],
      "paths": .object(paths), "definitions": .object(schemas),
    ]
  }
}
