/// The other end of a connection, as `network` names it: `gateway`, `namespace/monitoring`, `10.0.0.0/8`, each with
/// `:PORT` where a port is meant.
public struct NetworkPeer: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case service(String)
    case namespace(String)
    case addresses(String)
  }
  public var kind: Kind
  public var port: Int?

  public init?(_ text: String) {
    var name = text
    // The last colon of an IPv6 range stands before its length.
    if let colon = text.lastIndex(of: ":"), !text[colon...].contains("/") {
      let digits = String(text[text.index(after: colon)...])
      guard digits.isPort else { return nil }
      port = Int(digits)
      name = String(text[..<colon])
    }
    if AddressRange(name) != nil {
      kind = .addresses(name)
    } else if name.hasPrefix("namespace/"), String(name.dropFirst(10)).isDNSLabel {
      kind = .namespace(String(name.dropFirst(10)))
    } else if name.isDNSLabel, name.first?.isNumber == false {
      kind = .service(name)
    } else {
      return nil
    }
  }
}

/// A name outside of the cluster: `api.example.com`, `*.example.com:8443`.
public struct EgressHost: Sendable, Hashable {
  public var host: String
  public var port: Int

  public init?(_ text: String) {
    guard Notation.hostPort.mistake(text) == nil else { return nil }
    let parts = text.split(separator: ":").map(String.init)
    host = parts[0]
    port = parts.count == 2 ? Int(parts[1]) ?? 443 : 443
  }
}
