/// What is left on each node, and above it what is left at most in blocks of nodes, so that a search for room passes over
/// full blocks.
struct NodeRooms: Sendable {
  private(set) var all: [NodeRoom] = []
  /// By block: no node of it has more of anything.
  private var bounds: [NodeRoom] = []
  private static let blockBits = 5
  private static let none = NodeRoom(
    cpuMillicores: .min, memoryBytes: .min, ephemeralStorageBytes: .min, pods: .min)

  subscript(node: Int) -> NodeRoom { all[node] }

  /// A further node, without room.
  mutating func append() {
    all.append(NodeRoom())
    if bounds.count << Self.blockBits < all.count { bounds.append(Self.none) }
    bounds[(all.count - 1) >> Self.blockBits].raise(to: NodeRoom())
  }

  mutating func set(_ room: NodeRoom, at node: Int) {
    let before = all[node]
    all[node] = room
    update(node, before)
  }

  mutating func take(_ requests: Resources, times count: Int64, at node: Int) {
    let before = all[node]
    all[node].take(requests, times: count)
    update(node, before)
  }

  private mutating func update(_ node: Int, _ before: NodeRoom) {
    let block = node >> Self.blockBits
    if all[node].isLess(than: before, whereItIs: bounds[block]) {
      // It was one of those that had the most.
      var bound = Self.none
      for node in block << Self.blockBits..<end(of: block) { bound.raise(to: all[node]) }
      bounds[block] = bound
    } else {
      bounds[block].raise(to: all[node])
    }
  }

  /// Where the next block begins.
  func blockEnd(of node: Int) -> Int { end(of: node >> Self.blockBits) }

  private func end(of block: Int) -> Int { min((block + 1) << Self.blockBits, all.count) }

  /// The first node from `node` on that may have room: the node itself, or where the next block begins that may have.
  @inline(__always)
  func nextHope(for need: RoomNeed, from node: Int) -> Int {
    var node = node
    while node < all.count, !need.fits(bounds[node >> Self.blockBits]) { node = end(of: node >> Self.blockBits) }
    return node
  }
}
