#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the processes of one session use together.
public struct ProcessUsage: Sendable, Hashable {
  /// User and system time since the start, children that were waited for included; in steps of 10 ms.
  public var cpuNanoseconds: Int64 = 0
  /// Resident memory that is not shared with files or other processes (`statm`: resident − shared).
  public var memoryBytes: Int64 = 0
  public var processes = 0
  public init() {}
}

/// One walk through /proc (proc(5)); empty on systems that have none.
public enum ProcessTable {
  struct Entry {
    var pid: Int32
    var parent: Int32
    var session: Int32
    var cpuTicks: Int64
  }

  /// The usage of each session in `sessions` (its number is the leader's pid).
  public static func usage(ofSessions sessions: Set<Int32>) -> [Int32: ProcessUsage] {
    var result: [Int32: ProcessUsage] = [:]
    let nanosecondsPerTick = 1_000_000_000 / Int64(max(1, sysconf(Int32(_SC_CLK_TCK))))
    let pageBytes = Int64(sysconf(Int32(_SC_PAGESIZE)))
    forEachProcess { entry in
      guard sessions.contains(entry.session) else { return }
      var usage = result[entry.session] ?? ProcessUsage()
      usage.cpuNanoseconds += entry.cpuTicks * nanosecondsPerTick
      usage.processes += 1
      if let fields = numbers(in: "/proc/\(entry.pid)/statm", count: 3) {
        usage.memoryBytes += max(0, fields[1] - fields[2]) * pageBytes
      }
      result[entry.session] = usage
    }
    return result
  }

  /// Kills everybody in a session whose leader has ended.
  static func killSession(_ session: Int32) {
    forEachProcess { entry in
      if entry.session == session, entry.pid != session { _ = kill(entry.pid, SIGKILL) }
    }
  }

  /// The processes in one of the sessions, or whose environment has the line `marker`.
  static func members(ofSessions sessions: Set<Int32>, marker: [UInt8]) -> [Int32] {
    var found: [Int32] = []
    let own = getpid()
    forEachProcess { entry in
      guard entry.pid != own else { return }
      if sessions.contains(entry.session) || environment(of: entry.pid, contains: marker) { found.append(entry.pid) }
    }
    return found
  }

  private static func environment(of pid: Int32, contains marker: [UInt8]) -> Bool {
    guard !marker.isEmpty, let bytes = contents("/proc/\(pid)/environ", bytesMax: 262_144) else { return false }
    return bytes.split(separator: 0).contains { $0.elementsEqual(marker) }
  }

  private static func forEachProcess(_ body: (Entry) -> Void) {
    guard let directory = opendir("/proc") else { return }
    defer { closedir(directory) }
    while let item = readdir(directory) {
      let name = withUnsafePointer(to: &item.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { Int32(String(cString: $0)) }
      }
      if let pid = name, let entry = entry(of: pid) { body(entry) }
    }
  }

  private static func entry(of pid: Int32) -> Entry? {
    // The name, in parentheses, may hold anything: the numbers start behind the last one.
    guard let bytes = contents("/proc/\(pid)/stat", bytesMax: 4096), let end = bytes.lastIndex(of: 0x29) else {
      return nil
    }
    let fields = bytes[(end + 1)...].split(separator: 0x20, maxSplits: 16)
    guard fields.count > 15, fields[0].first != 0x5A /* Z: ended, only not yet waited for */ else { return nil }
    func number(_ index: Int) -> Int64 { Int64(String(decoding: fields[index], as: UTF8.self)) ?? 0 }
    // Counted from the state, field 3 of proc(5): ppid 4, session 6, utime 14, stime 15, cutime 16, cstime 17.
    return Entry(
      pid: pid, parent: Int32(number(1)), session: Int32(number(3)),
      cpuTicks: number(11) + number(12) + number(13) + number(14))
  }

  private static func numbers(in path: String, count: Int) -> [Int64]? {
    guard let bytes = contents(path, bytesMax: 4096) else { return nil }
    let fields = bytes.split(separator: 0x20).prefix(count).compactMap { Int64(String(decoding: $0, as: UTF8.self)) }
    return fields.count == count ? fields : nil
  }

  /// A file of /proc as far as `bytesMax`; nil where its process has gone, or is another user's.
  private static func contents(_ path: String, bytesMax: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var result: [UInt8] = []
    while result.count < bytesMax {
      var count = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, initialized in
        repeat { count = read(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
        initialized = max(0, count)
      }
      guard count > 0 else { return count == 0 ? result : nil }
      result += chunk
      if count < 4096, result.count < 4096 { return result }
    }
    return result
  }
}
