#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which of the host's loopback addresses are this cluster's, so that two clusters on one machine never share one.
///
/// Addresses are claimed in regions of 256 node blocks (127.x.0.0/16). A claim is a bound socket that nobody can reach:
/// the kernel gives it back when the process ends, however it ends.
struct AddressClaims: ~Copyable {
  static let blocksPerRegion = 256
  static let regions = NodeBlock.nodesMax / blocksPerRegion
  private static let port: UInt16 = 15_999

  private var sockets: [Int: Int32] = [:]

  deinit { for descriptor in sockets.values where descriptor >= 0 { close(descriptor) } }

  /// - Returns: false where another cluster has the region.
  mutating func claim(_ region: Int) -> Bool {
    if sockets[region] != nil { return true }
    #if canImport(Glibc)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { return false }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = Self.port.bigEndian
    // 127.x.255.255, which is no node's and no pod's.
    address.sin_addr.s_addr = (0x7F00_FFFF | UInt32(16 + region) << 16).bigEndian
    let isBound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    // A system that has only 127.0.0.1 cannot tell; there, nothing else stands in the way.
    let isTaken = !isBound && errno == EADDRINUSE
    if isBound, !isTaken {
      sockets[region] = descriptor
      return true
    }
    close(descriptor)
    if isTaken { return false }
    sockets[region] = -1
    return true
  }

  /// The lowest block that is free and this cluster's, in a region claimed for it where need be.
  mutating func freeBlock(taken: Set<Int>) -> Int? {
    for region in sockets.keys.sorted() {
      if let block = Self.blocks(of: region).first(where: { !taken.contains($0) }) { return block }
    }
    for region in 0..<Self.regions where sockets[region] == nil && claim(region) {
      if let block = Self.blocks(of: region).first(where: { !taken.contains($0) }) { return block }
    }
    return nil
  }

  static func region(of block: Int) -> Int { block / blocksPerRegion }
  private static func blocks(of region: Int) -> Range<Int> {
    // The last block would hold the claim's own address.
    region * blocksPerRegion..<(region + 1) * blocksPerRegion - 1
  }
}
