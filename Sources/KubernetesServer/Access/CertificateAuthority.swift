import Crypto
import FoundationEssentials
import Kubernetes
import NIOSSL
import SwiftASN1
import X509

/// The server's own certificate authority (P-256): made once for a data directory, it vouches for each start's
/// server certificate, and for clients.
package struct CertificateAuthority: Sendable {
  static let authorityValiditySeconds = 10.0 * 365 * 86400
  static let serverValiditySeconds = 365.0 * 86400
  package static let clientValiditySeconds = 365.0 * 86400
  /// Clocks may differ by this much.
  static let toleranceSeconds = 3600.0
  package static let serverNames = [
    "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local",
  ]

  /// What clients trust.
  package let certificatePEM: String
  private let certificate: Certificate
  private let key: Certificate.PrivateKey

  /// - Parameter directory: where `ca.crt` and `ca.key` are kept.
  package init(directory: String, now: Timestamp) throws {
    try PrivateFile.makeDirectory(directory)
    let certificatePath = directory + "/ca.crt"
    let keyPath = directory + "/ca.key"
    if let certificateText = try PrivateFile.read(certificatePath), let keyText = try PrivateFile.read(keyPath) {
      certificatePEM = certificateText
      certificate = try Certificate(pemEncoded: certificateText)
      key = try Certificate.PrivateKey(pemEncoded: keyText)
      return
    }
    let secret = P256.Signing.PrivateKey()
    key = Certificate.PrivateKey(secret)
    certificate = try Self.selfSigned(key, now: now)
    certificatePEM = try certificate.serializeAsPEM().pemString + "\n"
    try PrivateFile.write(secret.pemRepresentation + "\n", to: keyPath)
    try PrivateFile.write(certificatePEM, to: certificatePath)
  }

  private static func selfSigned(_ key: Certificate.PrivateKey, now: Timestamp) throws -> Certificate {
    let name = try DistinguishedName { CommonName("sakigake-ca") }
    return try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
      notValidBefore: date(now - toleranceSeconds), notValidAfter: date(now + authorityValiditySeconds), issuer: name,
      subject: name, signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
        Critical(KeyUsage(keyCertSign: true, cRLSign: true))
        SubjectKeyIdentifier(hash: key.publicKey)
      }, issuerPrivateKey: key)
  }

  /// TLS for a server on `host`, with a certificate of its own; the key is kept in `server.key`.
  /// - Parameter names: by which clients call it, beside its address.
  package func serverConfiguration(
    directory: String, host: String, names: [String] = serverNames, now: Timestamp
  ) throws -> TLSConfiguration {
    let secret = try Self.serverKey(directory + "/server.key")
    var names = names.map { GeneralName.dnsName($0) }
    names += [GeneralName.ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1]))]
    let octets = host.split(separator: ".").compactMap { UInt8($0) }
    if octets.count == 4, host != "127.0.0.1" { names.append(.ipAddress(ASN1OctetString(contentBytes: octets[...]))) }
    let server = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: Certificate.PublicKey(secret.publicKey),
      notValidBefore: Self.date(now - Self.toleranceSeconds),
      notValidAfter: Self.date(now + Self.serverValiditySeconds),
      issuer: certificate.subject, subject: try DistinguishedName { CommonName("sakigake-apiserver") },
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        Critical(KeyUsage(digitalSignature: true))
        try ExtendedKeyUsage([.serverAuth])
        SubjectAlternativeNames(names)
      }, issuerPrivateKey: key)
    let chain = try NIOSSLCertificate(bytes: Array(server.serializeAsPEM().pemString.utf8), format: .pem)
    let privateKey = try NIOSSLPrivateKey(bytes: Array(secret.pemRepresentation.utf8), format: .pem)
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: [.certificate(chain)], privateKey: .privateKey(privateKey))
    configuration.minimumTLSVersion = .tlsv12
    // Clients may show a certificate of this authority; who shows none has a token, or is anonymous.
    configuration.trustRoots = .certificates([
      try NIOSSLCertificate(bytes: Array(certificatePEM.utf8), format: .pem)
    ])
    configuration.certificateVerification = .optionalVerification
    return configuration
  }

  /// A certificate for a client, with its key, both as PEM: the user is its common name, each group an organization.
  package func issueClient(
    user: String, groups: [String] = [], validitySeconds: Double = clientValiditySeconds, now: Timestamp
  ) throws -> (certificatePEM: String, keyPEM: String) {
    let secret = P256.Signing.PrivateKey()
    let client = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: Certificate.PublicKey(secret.publicKey),
      notValidBefore: Self.date(now - Self.toleranceSeconds), notValidAfter: Self.date(now + validitySeconds),
      issuer: certificate.subject,
      subject: try DistinguishedName {
        for group in groups { OrganizationName(group) }
        CommonName(user)
      }, signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        Critical(KeyUsage(digitalSignature: true))
        try ExtendedKeyUsage([.clientAuth])
      }, issuerPrivateKey: key)
    return (try client.serializeAsPEM().pemString + "\n", secret.pemRepresentation + "\n")
  }

  private static func serverKey(_ path: String) throws -> P256.Signing.PrivateKey {
    if let text = try PrivateFile.read(path) { return try P256.Signing.PrivateKey(pemRepresentation: text) }
    let secret = P256.Signing.PrivateKey()
    try PrivateFile.write(secret.pemRepresentation + "\n", to: path)
    return secret
  }

  private static func date(_ moment: Timestamp) -> Date { Date(timeIntervalSince1970: moment.seconds) }
}
