import Kubernetes

/// Amounts of resources as integers, for the arithmetic of placing: thousandths of a core, bytes, pods, units.
public struct Resources: Sendable, Hashable {
  public var cpuMillicores: Int64 = 0
  public var memoryBytes: Int64 = 0
  public var ephemeralStorageBytes: Int64 = 0
  public var pods: Int64 = 0
  /// Anything else by name, such as `example.com/gpu`.
  public var extended: [String: Int64] = [:]

  public init() {}

  public init(_ list: ResourceList) { add(list) }

  mutating func add(_ list: ResourceList) {
    for (name, amount) in list {
      switch name {
      case "cpu": cpuMillicores += amount.milliValue
      case "memory": memoryBytes += amount.value
      case "ephemeral-storage": ephemeralStorageBytes += amount.value
      case "pods": pods += amount.value
      default: extended[name, default: 0] += amount.value
      }
    }
  }

  mutating func takeMaximum(_ other: Resources) {
    cpuMillicores = max(cpuMillicores, other.cpuMillicores)
    memoryBytes = max(memoryBytes, other.memoryBytes)
    ephemeralStorageBytes = max(ephemeralStorageBytes, other.ephemeralStorageBytes)
    pods = max(pods, other.pods)
    for (name, amount) in other.extended { extended[name] = max(extended[name] ?? 0, amount) }
  }

  public static func += (left: inout Resources, right: Resources) {
    left.cpuMillicores += right.cpuMillicores
    left.memoryBytes += right.memoryBytes
    left.ephemeralStorageBytes += right.ephemeralStorageBytes
    left.pods += right.pods
    if !right.extended.isEmpty {
      for (name, amount) in right.extended { left.extended[name, default: 0] += amount }
    }
  }

  public static func -= (left: inout Resources, right: Resources) {
    left.cpuMillicores -= right.cpuMillicores
    left.memoryBytes -= right.memoryBytes
    left.ephemeralStorageBytes -= right.ephemeralStorageBytes
    left.pods -= right.pods
    if !right.extended.isEmpty {
      for (name, amount) in right.extended { left.extended[name, default: 0] -= amount }
    }
  }

  /// The larger share of `whole` that this takes, of processor and memory: 0 to 1, or above.
  public func utilization(of whole: Resources) -> Double {
    let cpu = whole.cpuMillicores > 0 ? Double(cpuMillicores) / Double(whole.cpuMillicores) : 0
    let memory = whole.memoryBytes > 0 ? Double(memoryBytes) / Double(whole.memoryBytes) : 0
    return max(cpu, memory)
  }

  /// The sum of both shares of `whole`: how large a thing is where both are scarce.
  public func size(in whole: Resources) -> Double {
    let cpu = whole.cpuMillicores > 0 ? Double(cpuMillicores) / Double(whole.cpuMillicores) : 0
    let memory = whole.memoryBytes > 0 ? Double(memoryBytes) / Double(whole.memoryBytes) : 0
    return cpu + memory
  }
}

/// Which resources a node has too little of.
public struct Shortage: Sendable, Hashable {
  struct Kinds: OptionSet, Sendable, Hashable {
    let rawValue: UInt8
    static let cpu = Kinds(rawValue: 1)
    static let memory = Kinds(rawValue: 2)
    static let ephemeralStorage = Kinds(rawValue: 4)
    static let pods = Kinds(rawValue: 8)
  }
  var kinds: Kinds = []
  var extended: [String] = []

  var isEmpty: Bool { kinds.isEmpty && extended.isEmpty }

  /// As the scheduler words them: one reason a resource.
  var reasons: [String] {
    var reasons: [String] = []
    if kinds.contains(.pods) { reasons.append("Too many pods") }
    if kinds.contains(.cpu) { reasons.append("Insufficient cpu") }
    if kinds.contains(.memory) { reasons.append("Insufficient memory") }
    if kinds.contains(.ephemeralStorage) { reasons.append("Insufficient ephemeral-storage") }
    return reasons + extended.map { "Insufficient \($0)" }
  }

  /// What is missing when `request` is added to `requested` on a node that offers `allocatable`.
  static func of(_ request: Resources, added requested: Resources, within allocatable: Resources) -> Shortage {
    var shortage = Shortage()
    if requested.pods + request.pods > allocatable.pods { shortage.kinds.insert(.pods) }
    // A pod that asks for none of a resource fits even where more was promised than is there.
    if request.cpuMillicores > 0, requested.cpuMillicores + request.cpuMillicores > allocatable.cpuMillicores {
      shortage.kinds.insert(.cpu)
    }
    if request.memoryBytes > 0, requested.memoryBytes + request.memoryBytes > allocatable.memoryBytes {
      shortage.kinds.insert(.memory)
    }
    if request.ephemeralStorageBytes > 0,
      requested.ephemeralStorageBytes + request.ephemeralStorageBytes > allocatable.ephemeralStorageBytes
    {
      shortage.kinds.insert(.ephemeralStorage)
    }
    if !request.extended.isEmpty {
      for (name, amount) in request.extended where amount > 0 {
        if requested.extended[name, default: 0] + amount > allocatable.extended[name, default: 0] {
          shortage.extended.append(name)
        }
      }
      shortage.extended.sort()
    }
    return shortage
  }
}
