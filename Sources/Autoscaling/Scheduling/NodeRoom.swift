/// What is left on a node, as the plain numbers that a search runs over.
struct NodeRoom: Sendable {
  /// More pods than any node takes: what a node lacks that takes none.
  static let closed: Int64 = 1 << 40

  var cpuMillicores: Int64 = 0
  var memoryBytes: Int64 = 0
  var ephemeralStorageBytes: Int64 = 0
  /// Far below zero where nothing may be placed.
  var pods: Int64 = -NodeRoom.closed

  mutating func take(_ requests: Resources, times count: Int64) {
    cpuMillicores -= requests.cpuMillicores * count
    memoryBytes -= requests.memoryBytes * count
    ephemeralStorageBytes -= requests.ephemeralStorageBytes * count
    pods -= requests.pods * count
  }

  /// Whether it has less than before of something of which that was the bound.
  func isLess(than before: NodeRoom, whereItIs bound: NodeRoom) -> Bool {
    cpuMillicores < before.cpuMillicores && before.cpuMillicores == bound.cpuMillicores
      || memoryBytes < before.memoryBytes && before.memoryBytes == bound.memoryBytes
      || ephemeralStorageBytes < before.ephemeralStorageBytes
        && before.ephemeralStorageBytes == bound.ephemeralStorageBytes
      || pods < before.pods && before.pods == bound.pods
  }

  mutating func raise(to other: NodeRoom) {
    cpuMillicores = max(cpuMillicores, other.cpuMillicores)
    memoryBytes = max(memoryBytes, other.memoryBytes)
    ephemeralStorageBytes = max(ephemeralStorageBytes, other.ephemeralStorageBytes)
    pods = max(pods, other.pods)
  }
}

/// What a pod needs of a node's room. It fits even where more was promised than is there of what it does not ask for.
struct RoomNeed: Sendable {
  private let cpuMillicores: Int64
  private let memoryBytes: Int64
  private let ephemeralStorageBytes: Int64
  private let pods: Int64

  init(_ requests: Resources) {
    func need(_ amount: Int64) -> Int64 { amount > 0 ? amount : Int64.min }
    cpuMillicores = need(requests.cpuMillicores)
    memoryBytes = need(requests.memoryBytes)
    ephemeralStorageBytes = need(requests.ephemeralStorageBytes)
    pods = max(0, requests.pods)
  }

  @inline(__always)
  func fits(_ room: NodeRoom) -> Bool {
    cpuMillicores <= room.cpuMillicores && memoryBytes <= room.memoryBytes
      && ephemeralStorageBytes <= room.ephemeralStorageBytes && pods <= room.pods
  }

  /// How many such pods fit.
  func copies(in room: NodeRoom) -> Int {
    guard fits(room) else { return 0 }
    var copies = Int64.max
    if cpuMillicores > 0 { copies = min(copies, room.cpuMillicores / cpuMillicores) }
    if memoryBytes > 0 { copies = min(copies, room.memoryBytes / memoryBytes) }
    if ephemeralStorageBytes > 0 { copies = min(copies, room.ephemeralStorageBytes / ephemeralStorageBytes) }
    if pods > 0 { copies = min(copies, room.pods / pods) }
    return Int(copies)
  }
}

/// What scoring knows of a node: what it offers, and what is promised, with upstream's defaults for
/// those who ask nothing.
struct NodeLoad: Sendable {
  var cpuMillicores: Int64 = 0
  var memoryBytes: Int64 = 0
  var allocatableMillicores: Int64 = 0
  var allocatableBytes: Int64 = 0
  /// What is promised to pods that could be somewhere else: not those of DaemonSets.
  var movableMillicores: Int64 = 0
  var movableBytes: Int64 = 0
  var movablePods: Int64 = 0
  /// Of the node's name: equal scores are told apart by it.
  var lot: UInt64 = 0

  mutating func add(_ shape: PodShape, times count: Int64) {
    cpuMillicores += shape.scoredCPU * count
    memoryBytes += shape.scoredMemory * count
    if shape.mobility.isBoundToNode { return }
    movableMillicores += shape.requests.cpuMillicores * count
    movableBytes += shape.requests.memoryBytes * count
    movablePods += count
  }

  /// The larger share of processor and memory that movable pods ask for: 0 to 1, or above.
  var utilization: Double {
    let cpu = allocatableMillicores > 0 ? Double(movableMillicores) / Double(allocatableMillicores) : 0
    let memory = allocatableBytes > 0 ? Double(movableBytes) / Double(allocatableBytes) : 0
    return max(cpu, memory)
  }
}
