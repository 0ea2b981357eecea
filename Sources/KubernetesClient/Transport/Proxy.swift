#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A proxy on the way to a cluster: HTTP (`CONNECT`) or SOCKS5.
public struct Proxy: Sendable, Hashable {
  public enum Kind: Sendable { case http, socks5 }
  public var kind: Kind
  public var host: String
  public var port: Int
  /// Of an HTTP proxy.
  public var username: String?
  public var password: String?

  /// - Parameter url: `http://user:password@host:port`, `socks5://host:port`.
  /// - Throws: `KubeconfigError`; it does not repeat the URL, which may hold a password.
  public init(url: String) throws {
    guard let parsed = URL(string: url), let host = parsed.host, !host.isEmpty else {
      throw KubeconfigError("the proxy is no URL with a host")
    }
    switch parsed.scheme {
    case "http": kind = .http
    case "socks5", "socks5h": kind = .socks5
    case let other: throw KubeconfigError("a proxy is reached by http or socks5, not by \(other ?? "nothing")")
    }
    self.host = host.filter { $0 != "[" && $0 != "]" }
    port = parsed.port ?? (kind == .http ? 80 : 1080)
    username = parsed.user(percentEncoded: false)
    password = parsed.password(percentEncoded: false)
    if kind == .socks5, username != nil {
      throw KubeconfigError("a SOCKS proxy that asks for a password is not supported")
    }
  }

  /// As it is given to an exec plugin.
  var url: String {
    let user = username.map { name in "\(PercentEncoding.userInfo(name)):\(PercentEncoding.userInfo(password ?? ""))@" }
    return "\(kind == .http ? "http" : "socks5")://\(user ?? "")\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }
}

/// `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, read as Go's `httpproxy` does, which client-go uses.
package struct ProxyRules {
  private let secure: String?
  private let plain: String?
  private let exceptions: [Substring]

  package init(environment: [String: String]) {
    func value(_ name: String) -> String? {
      (environment[name] ?? environment[name.lowercased()]).flatMap { $0.isEmpty ? nil : $0 }
    }
    secure = value("HTTPS_PROXY")
    plain = value("HTTP_PROXY")
    exceptions = (value("NO_PROXY") ?? "").split(whereSeparator: { $0 == "," || $0 == " " })
  }

  /// Nil where the way is direct, as it always is to this machine itself.
  package func proxy(isSecure: Bool, host: String, port: Int) throws -> Proxy? {
    guard let text = isSecure ? secure : plain, !isException(host.lowercased(), port) else { return nil }
    return try Proxy(url: text.contains("://") ? text : "http://" + text)
  }

  private func isException(_ host: String, _ port: Int) -> Bool {
    let address = AddressBits(host)
    if host == "localhost" || address?.isLoopback == true { return true }
    return exceptions.contains { exception in
      if exception == "*" { return true }
      var pattern = exception.lowercased()
      if AddressBits(pattern) == nil, let colon = pattern.lastIndex(of: ":"),
        let only = Int(pattern[pattern.index(after: colon)...])
      {
        if only != port { return false }
        pattern = String(pattern[..<colon]).filter { $0 != "[" && $0 != "]" }
      }
      if let slash = pattern.firstIndex(of: "/"), let network = AddressBits(String(pattern[..<slash])),
        let length = Int(pattern[pattern.index(after: slash)...])
      {
        return address?.isIn(network, prefixLength: length) ?? false
      }
      if let single = AddressBits(pattern) { return address == single }
      if pattern.hasPrefix("*.") { pattern.removeFirst() }
      if pattern.hasPrefix(".") { return host.hasSuffix(pattern) }
      return host == pattern || host.hasSuffix("." + pattern)
    }
  }
}

/// The bits of an IP address.
private struct AddressBits: Equatable {
  private var bytes: [UInt8]

  init?(_ text: String) {
    for (family, length) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: length)
      if inet_pton(family, text, &bytes) == 1 {
        self.bytes = bytes
        return
      }
    }
    return nil
  }

  var isLoopback: Bool { bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1] }

  func isIn(_ network: AddressBits, prefixLength: Int) -> Bool {
    guard bytes.count == network.bytes.count, (0...bytes.count * 8).contains(prefixLength) else { return false }
    return (0..<prefixLength).allSatisfy { bit in
      let mask = UInt8(0x80) >> UInt8(bit % 8)
      return bytes[bit / 8] & mask == network.bytes[bit / 8] & mask
    }
  }
}
