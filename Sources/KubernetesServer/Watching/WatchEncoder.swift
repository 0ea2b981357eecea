import Kubernetes

/// How events are written: as the objects themselves, as rows of a Table, or as metadata alone.
protocol WatchEncoder: Sendable {
  func event(_ kind: StoreEvent.Kind, _ object: StoredObject, into bytes: inout [UInt8])
  func bookmark(version: Int64, endsInitialEvents: Bool, into bytes: inout [UInt8])
}

extension WatchEncoder {
  func error(_ error: APIError, into bytes: inout [UInt8]) {
    line("ERROR", error.status.bytes, into: &bytes)
  }

  func line(_ type: String, _ object: [UInt8], into bytes: inout [UInt8]) {
    bytes.append(contentsOf: "{\"type\":\"\(type)\",\"object\":".utf8)
    bytes.append(contentsOf: object)
    bytes.append(contentsOf: "}\n".utf8)
  }

  func bookmarkMetadata(_ version: Int64, _ endsInitialEvents: Bool) -> JSONValue {
    var metadata: JSONObject = ["resourceVersion": .string(String(version)), "creationTimestamp": .null]
    if endsInitialEvents { metadata["annotations"] = ["k8s.io/initial-events-end": "true"] }
    return .object(metadata)
  }
}

/// Copies the stored bytes.
struct PlainEncoder: WatchEncoder {
  var resource: RegisteredResource

  func event(_ kind: StoreEvent.Kind, _ object: StoredObject, into bytes: inout [UInt8]) {
    line(kind.rawValue, resource.presentation(of: object), into: &bytes)
  }

  func bookmark(version: Int64, endsInitialEvents: Bool, into bytes: inout [UInt8]) {
    let object: JSONValue = [
      "kind": .string(resource.type.kind), "apiVersion": .string(resource.type.apiVersion),
      "metadata": bookmarkMetadata(version, endsInitialEvents),
    ]
    line("BOOKMARK", object.bytes, into: &bytes)
  }
}

/// Transforms each object: for Tables and for PartialObjectMetadata.
struct TransformingEncoder: WatchEncoder {
  var resource: RegisteredResource
  var transform: @Sendable (JSONValue) -> JSONValue
  var emptyTransform: @Sendable (_ metadata: JSONValue) -> JSONValue

  func event(_ kind: StoreEvent.Kind, _ object: StoredObject, into bytes: inout [UInt8]) {
    // What is stored was parsed once already when it came in.
    guard let value = try? JSONValue(parsing: resource.presentation(of: object)) else { return }
    line(kind.rawValue, transform(value).bytes, into: &bytes)
  }

  func bookmark(version: Int64, endsInitialEvents: Bool, into bytes: inout [UInt8]) {
    line("BOOKMARK", emptyTransform(bookmarkMetadata(version, endsInitialEvents)).bytes, into: &bytes)
  }
}
