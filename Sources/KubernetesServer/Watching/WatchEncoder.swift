import Kubernetes

/// How events are written: as the objects themselves, as rows of a Table, or as metadata alone.
protocol WatchEncoder: Sendable {
  func event(_ kind: StoreEvent.Kind, _ object: StoredObject, into bytes: inout [UInt8])
  /// DELETED, with the last state that was seen and the version at which it ended.
  func departure(of object: StoredObject, at version: Int64, into bytes: inout [UInt8])
  func bookmark(version: Int64, endsInitialEvents: Bool, into bytes: inout [UInt8])
}

extension WatchEncoder {
  func error(_ error: APIError, into bytes: inout [UInt8]) {
    line("ERROR", error.status.bytes, into: &bytes)
  }

  func line(_ type: String, _ object: [UInt8], into bytes: inout [UInt8]) {
    bytes.reserveCapacity(max(bytes.count + object.count + 64, bytes.capacity))
    bytes.append(contentsOf: "{\"type\":\"".utf8)
    bytes.append(contentsOf: type.utf8)
    bytes.append(contentsOf: "\",\"object\":".utf8)
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

  func departure(of object: StoredObject, at version: Int64, into bytes: inout [UInt8]) {
    line("DELETED", resource.presentation(of: object, at: version), into: &bytes)
  }

  func bookmark(version: Int64, endsInitialEvents: Bool, into bytes: inout [UInt8]) {
    let object: JSONValue = [
      "kind": .string(resource.type.kind), "apiVersion": .string(resource.type.apiVersion),
      "metadata": bookmarkMetadata(version, endsInitialEvents),
    ]
    line("BOOKMARK", object.bytes, into: &bytes)
  }
}

/// Transforms each object: for Tables and for PartialObjectMetadata. What one watch had made, another one takes.
struct TransformingEncoder: WatchEncoder {
  var resource: RegisteredResource
  /// Tells the forms apart that share `made`.
  var form: String
  var made: EncodedEvents
  var transform: @Sendable (JSONValue) -> JSONValue
  var emptyTransform: @Sendable (_ metadata: JSONValue) -> JSONValue

  func event(_ kind: StoreEvent.Kind, _ object: StoredObject, into bytes: inout [UInt8]) {
    let text = made.bytes(form, object.version) { transformed(resource.presentation(of: object)) }
    line(kind.rawValue, text, into: &bytes)
  }

  func departure(of object: StoredObject, at version: Int64, into bytes: inout [UInt8]) {
    line("DELETED", transformed(resource.presentation(of: object, at: version)), into: &bytes)
  }

  private func transformed(_ bytes: [UInt8]) -> [UInt8] {
    // What is stored was parsed once already when it came in.
    guard let value = try? JSONValue(parsing: bytes) else { return bytes }
    return transform(value).bytes
  }

  func bookmark(version: Int64, endsInitialEvents: Bool, into bytes: inout [UInt8]) {
    line("BOOKMARK", emptyTransform(bookmarkMetadata(version, endsInitialEvents)).bytes, into: &bytes)
  }
}
