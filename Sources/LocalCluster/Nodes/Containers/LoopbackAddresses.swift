/// Loopback addresses of nodes and pods: node `k` has 127.(16+k/256).(k%256).0/24, itself at .1, its pods from .2.
///
/// Linux answers on all of 127.0.0.0/8 without configuration; on other systems the addresses must be added first.
package struct NodeBlock: Sendable, Hashable {
  static let nodesMax = 240 * 256
  static let podsMax = 253

  package let index: Int

  package init?(index: Int) {
    guard (0..<Self.nodesMax).contains(index) else { return nil }
    self.index = index
  }

  /// Reads `127.a.b.0/24`.
  package init?(podCIDR: String) {
    let parts = podCIDR.split(separator: "/")
    let octets = (parts.first ?? "").split(separator: ".").compactMap { Int($0) }
    guard parts.count == 2, parts[1] == "24", octets.count == 4, octets[0] == 127, (16...255).contains(octets[1]),
      (0...255).contains(octets[2]), octets[3] == 0
    else { return nil }
    index = (octets[1] - 16) * 256 + octets[2]
  }

  private var prefix: String { "127.\(16 + index / 256).\(index % 256)." }
  package var podCIDR: String { prefix + "0/24" }
  package var nodeAddress: String { prefix + "1" }
  func address(_ host: Int) -> String { prefix + String(host) }
  func host(of address: String) -> Int? { address.hasPrefix(prefix) ? Int(address.dropFirst(prefix.count)) : nil }
}

/// The pods' addresses of one node; an address that was given back is used again as late as possible.
package struct PodAddresses: Sendable {
  private let block: NodeBlock
  private var taken: [Int: String] = [:]
  private var last = 1

  package init(_ block: NodeBlock) { self.block = block }

  /// The address of a pod, the one it had where that is possible; nil when the node is full.
  package mutating func address(for uid: String, preferred: String = "") -> String? {
    if let host = taken.first(where: { $0.value == uid })?.key { return block.address(host) }
    if let host = block.host(of: preferred), (2...254).contains(host), taken[host] == nil {
      taken[host] = uid
      return block.address(host)
    }
    for step in 0..<NodeBlock.podsMax {
      let host = (last - 1 + step) % NodeBlock.podsMax + 2
      if taken[host] == nil {
        taken[host] = uid
        last = host
        return block.address(host)
      }
    }
    return nil
  }

  package mutating func release(_ uid: String) {
    if let host = taken.first(where: { $0.value == uid })?.key { taken[host] = nil }
  }
}
