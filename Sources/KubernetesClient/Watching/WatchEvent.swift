import Kubernetes

/// One thing that a watch saw.
public struct WatchEvent: Sendable {
  public enum Kind: Sendable { case added, modified, deleted, bookmark }
  public var kind: Kind
  public var object: JSONValue

  public init(kind: Kind, object: JSONValue) {
    self.kind = kind
    self.object = object
  }

  public var resourceVersion: String { object[path: ["metadata", "resourceVersion"]]?.stringValue ?? "" }

  /// Whether everything that was there when a watch with `sendInitialEvents` began has been told.
  public var endsInitialEvents: Bool {
    kind == .bookmark && object[path: ["metadata", "annotations", "k8s.io/initial-events-end"]] == "true"
  }
}

extension WatchEvent {
  /// Reads one line of a watch.
  /// - Throws: `APIError` where the server sent one, `TransportError` where the line is no event.
  init(line: ArraySlice<UInt8>) throws {
    let json: JSONValue
    do { json = try JSONValue(parsing: Array(line)) } catch {
      throw TransportError(.malformed, "a line of a watch is not JSON: \(error)")
    }
    let object = json["object"] ?? .null
    switch json["type"]?.stringValue {
    case "ADDED": self.init(kind: .added, object: object)
    case "MODIFIED": self.init(kind: .modified, object: object)
    case "DELETED": self.init(kind: .deleted, object: object)
    case "BOOKMARK": self.init(kind: .bookmark, object: object)
    case "ERROR":
      throw APIError(status: object) ?? APIError(code: 500, reason: "InternalError", message: "the watch failed")
    case let other:
      throw TransportError(.malformed, "a watch sent an event of type \"\(other ?? "")\"")
    }
  }
}
