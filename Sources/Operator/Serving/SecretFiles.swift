import NIOCore
import NIOSSL
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The token that requests to the push API must carry, from a file that may be replaced while this runs.
public final class PushToken: Sendable {
  /// Shorter ones can be guessed.
  public static let bytesMin = 16
  private static let rereadAfter = Duration.seconds(10)

  private struct Known {
    var token: [UInt8]
    var readAt: ContinuousClock.Instant
  }

  private let path: String?
  private let known: Mutex<Known>

  /// - Throws: `ServingError` where the file cannot be read, or holds no token.
  public init(path: String) throws {
    self.path = path
    known = Mutex(Known(token: try Self.read(path), readAt: .now))
  }

  /// - Throws: `ServingError` where it is too short to be one.
  public init(text: String) throws {
    path = nil
    known = Mutex(Known(token: try Self.checked(Array(text.utf8), "the token"), readAt: .now))
  }

  /// Whether an `Authorization` header carries the token; takes the same time wherever the first difference is.
  public func accepts(authorization: String?) -> Bool {
    guard let authorization, authorization.prefix(7).lowercased() == "bearer " else { return false }
    let given = Array(authorization.utf8.dropFirst(7))
    let expected = current()
    guard given.count == expected.count else { return false }
    var difference: UInt8 = 0
    for (left, right) in zip(given, expected) { difference |= left ^ right }
    return difference == 0
  }

  /// While the file cannot be read, the token before stands.
  private func current() -> [UInt8] {
    known.withLock { known in
      let now = ContinuousClock.now
      guard let path, now - known.readAt >= Self.rereadAfter else { return known.token }
      known.readAt = now
      if let token = try? Self.read(path) { known.token = token }
      return known.token
    }
  }

  private static func read(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path), data.count <= 1 << 16 else {
      throw ServingError(message: "the token file \(path) cannot be read")
    }
    return try checked(Array(data), "the token file \(path)")
  }

  private static func checked(_ bytes: [UInt8], _ what: String) throws -> [UInt8] {
    let space: Set<UInt8> = [0x20, 0x0A, 0x0D, 0x09]
    var token = bytes[...]
    while let last = token.last, space.contains(last) { token.removeLast() }
    guard token.count >= bytesMin else {
      throw ServingError(message: "\(what) holds no token of at least \(bytesMin) bytes")
    }
    return Array(token)
  }
}

/// A certificate and its key, read again when they are replaced.
public final class TLSFiles: Sendable {
  private static let rereadAfter = Duration.seconds(10)

  private struct Pair: Sendable {
    var chain: [NIOSSLCertificateSource]
    var key: NIOSSLPrivateKeySource
  }

  private let certificate: String
  private let key: String
  private let known: Mutex<(pair: Pair, readAt: ContinuousClock.Instant)>

  /// - Throws: `ServingError` where they cannot be read or do not fit.
  public init(certificate: String, key: String) throws {
    self.certificate = certificate
    self.key = key
    known = Mutex((try Self.read(certificate, key), .now))
  }

  /// What each handshake asks anew.
  var configuration: TLSConfiguration {
    var configuration = Self.configuration(current)
    configuration.sslContextCallback = { [self] _, promise in
      let pair = current
      var override = NIOSSLContextConfigurationOverride()
      override.certificateChain = pair.chain
      override.privateKey = pair.key
      promise.succeed(override)
    }
    return configuration
  }

  /// While the files cannot be read or do not fit, as between the writing of one and the other, those before stand.
  private var current: Pair {
    known.withLock { known in
      let now = ContinuousClock.now
      guard now - known.readAt >= Self.rereadAfter else { return known.pair }
      known.readAt = now
      if let pair = try? Self.read(certificate, key) { known.pair = pair }
      return known.pair
    }
  }

  private static func configuration(_ pair: Pair) -> TLSConfiguration {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: pair.chain, privateKey: pair.key)
    configuration.minimumTLSVersion = .tlsv12
    return configuration
  }

  private static func read(_ certificate: String, _ key: String) throws -> Pair {
    let pair: Pair
    do {
      pair = Pair(
        chain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
        key: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
    } catch {
      throw ServingError(message: "\(certificate) and \(key) cannot be read as a certificate and its key: \(error)")
    }
    do { _ = try NIOSSLContext(configuration: configuration(pair)) } catch {
      throw ServingError(message: "\(key) is not the key of \(certificate): \(error)")
    }
    return pair
  }
}
