import Kubernetes
import SwiftProtobuf

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One resource as it goes over the wire: encoded once, shared by every stream that carries it.
public struct EncodedResource: Sendable, Hashable {
  public let name: String
  /// A hash of the bytes: the same on every replica of the control plane and after its restart, so that a proxy that
  /// comes back is not sent again what it has.
  public let version: String
  public let bytes: Data

  /// Takes a message that is encoded already.
  public init(name: String, bytes: some Collection<UInt8>) {
    self.name = name
    self.bytes = Data(bytes)
    version = self.bytes.withUnsafeBytes { String(FNV1a($0).value, radix: 16) }
  }

  init(_ name: String, _ message: some Message) { self.init(name: name, bytes: Self.encode(message)) }

  public static func == (left: EncodedResource, right: EncodedResource) -> Bool {
    left.name == right.name && left.version == right.version
  }
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(version)
  }

  /// Encoding fails only for what these messages do not have: required fields, and `Any`s that hold no bytes yet.
  static func encode(_ message: some Message) -> Data {
    do { return try message.serializedBytes() } catch {
      preconditionFailure("\(type(of: message).protoMessageName) does not encode: \(error)")
    }
  }
}
