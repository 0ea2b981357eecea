import FoundationEssentials
import Kubernetes

/// Where the next page starts, as clients carry it in `continue`: in upstream's form, which tests look into
/// (https://github.com/kubernetes/apiserver/blob/master/pkg/storage/continue.go).
struct ListPosition: Sendable, Equatable {
  /// Of the first page; -1 goes on with the newest state, whatever was shown before.
  var version: Int64
  var namespace: String
  /// What stands before this in the order of keys was shown.
  var name: String

  static let newest: Int64 = -1

  init(version: Int64, after object: StoredObject) {
    self.version = version
    namespace = object.key.namespace
    name = object.key.name + "\0"
  }

  init(version: Int64, namespace: String, name: String) {
    self.version = version
    self.namespace = namespace
    self.name = name
  }

  /// - Parameter namespace: of the request; empty where it is about all of them, or about none.
  /// - Throws: 400 for a text that no list gave out.
  init(token: String, namespace: String, isNamespaced: Bool) throws(APIError) {
    let padded = token + String(repeating: "=", count: (4 - token.utf8.count % 4) % 4)
    let standard = String(decoding: padded.utf8.map { $0 == 0x2D ? 0x2B : $0 == 0x5F ? 0x2F : $0 }, as: UTF8.self)
    guard let data = Data(base64Encoded: standard), let value = try? JSONValue(parsing: [UInt8](data)) else {
      throw .badRequest("invalid continue token: continue key is not valid")
    }
    guard value["v"]?.stringValue == "meta.k8s.io/v1" else {
      throw .badRequest(
        "invalid continue token: continue key is not valid: server does not recognize this encoded version "
          + "\"\(value["v"]?.stringValue ?? "")\"")
    }
    guard let version = value["rv"]?.integerValue, version != 0, var start = value["start"]?.stringValue else {
      throw .badRequest("invalid continue token: continue key is not valid: incorrect encoded start resourceVersion")
    }
    if start.hasPrefix("/") { start.removeFirst() }
    let parts = start.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard !start.isEmpty, !start.hasPrefix("."), !start.contains("/.."), parts.count == 1 || isNamespaced else {
      throw .badRequest("invalid continue token: continue key is not valid: \(start)")
    }
    self.version = version
    self.namespace = isNamespaced && namespace.isEmpty && parts.count == 2 ? parts[0] : namespace
    name = parts.count == 2 && namespace.isEmpty ? parts[1] : start
  }

  /// - Parameter isAcross: of a list of all namespaces.
  func token(isAcross: Bool) -> String {
    let start = isAcross && !namespace.isEmpty ? "\(namespace)/\(name)" : name
    let value: JSONValue = ["v": "meta.k8s.io/v1", "rv": .integer(version), "start": .string(start)]
    let text = Data(value.bytes).base64EncodedString()
    return String(
      decoding: text.utf8.filter { $0 != 0x3D }.map { $0 == 0x2B ? 0x2D : $0 == 0x2F ? 0x5F : $0 }, as: UTF8.self)
  }
}
