import Crypto
import FoundationEssentials
import Kubernetes
import SwiftASN1
import Synchronization
import X509

/// Who a client certificate is for: the common name is the user, each organization a group, as in Kubernetes.
///
/// The TLS layer has verified the chain. What a certificate says is remembered, since a connection asks again with each
/// of its requests.
final class ClientCertificates: Sendable {
  static let rememberedMax = 256

  private struct Known: Sendable {
    var user: UserInfo
    var isValid: ClosedRange<Timestamp>
  }

  private let known = Mutex<[[UInt8]: Known]>([:])
  private let clock: @Sendable () -> Timestamp

  init(clock: @escaping @Sendable () -> Timestamp) { self.clock = clock }

  /// - Returns: nil where the certificate names nobody, is not for clients, or is not valid now.
  func user(of certificate: [UInt8]) -> UserInfo? {
    let found: Known
    if let remembered = known.withLock({ $0[certificate] }) {
      found = remembered
    } else {
      guard let read = Self.read(certificate) else { return nil }
      known.withLock { known in
        if known.count >= Self.rememberedMax { known.removeAll() }
        known[certificate] = read
      }
      found = read
    }
    return found.isValid.contains(clock()) ? found.user : nil
  }

  private static func read(_ bytes: [UInt8]) -> Known? {
    guard let certificate = try? Certificate(derEncoded: bytes),
      certificate.notValidBefore <= certificate.notValidAfter,
      (try? certificate.extensions.extendedKeyUsage)?.contains(.clientAuth) == true
    else { return nil }
    var name = ""
    var groups: [String] = []
    for attribute in certificate.subject.joined() {
      guard let text = String(attribute.value) else { continue }
      switch attribute.type {
      case .RDNAttributeType.commonName: name = text
      case .RDNAttributeType.organizationName: groups.append(text)
      default: break
      }
    }
    guard !name.isEmpty else { return nil }
    let fingerprint = SHA256.hash(data: bytes).map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }
    return Known(
      user: UserInfo(
        name, groups: groups + [UserInfo.authenticatedGroup],
        extra: ["authentication.kubernetes.io/credential-id": ["X509SHA256=\(fingerprint.joined())"]]),
      isValid: Timestamp(
        seconds: certificate.notValidBefore.timeIntervalSince1970)...Timestamp(
          seconds: certificate.notValidAfter.timeIntervalSince1970))
  }
}
