import Kubernetes

/// `meta.k8s.io/v1` Tables: what kubectl shows of a kind, cell by cell.
package enum TablePrinter {
  /// - Parameters:
  ///   - columns: `additionalPrinterColumns` of a custom resource's version; nil for other kinds.
  ///   - now: ages are counted up to here.
  ///   - includeObject: `None`, `Metadata` (when empty) or `Object`.
  ///   - listMetadata: of the list that the table stands for.
  package static func table(
    _ objects: [JSONValue], resource: ResourceType, columns: JSONValue? = nil, now: Timestamp,
    includeObject: String = "Metadata", listMetadata: JSONObject = [:]
  ) -> JSONValue {
    ["kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": .object(listMetadata), "columnDefinitions": [], "rows": []]
  }

  /// The table of one object, for a watch event; the first event of a watch carries the headers.
  package static func row(
    _ object: JSONValue, resource: ResourceType, columns: JSONValue? = nil, now: Timestamp,
    includeObject: String = "Metadata", headers: Bool = true
  ) -> JSONValue {
    table([object], resource: resource, columns: columns, now: now, includeObject: includeObject)
  }
}
