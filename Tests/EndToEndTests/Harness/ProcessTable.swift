import Foundation

/// Who runs on this machine, from /proc (proc(5)).
struct ProcessTable {
  struct Entry: Hashable, CustomStringConvertible {
    var pid: Int32
    var parent: Int32
    /// When it began, in the kernel's ticks: with the number it names a process for good.
    var startTicks: String
    var commandLine: String
    var description: String { "\(pid) \(commandLine.prefix(120))" }
  }

  var entries: [Int32: Entry] = [:]

  static func read() -> ProcessTable {
    var table = ProcessTable()
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
      if let pid = Int32(name), let entry = entry(pid) { table.entries[pid] = entry }
    }
    return table
  }

  /// Nil where there is none, or only the remains that its parent has not collected yet.
  static func entry(_ pid: Int32) -> Entry? {
    guard let stat = text("/proc/\(pid)/stat"), let end = stat.lastIndex(of: ")") else { return nil }
    let fields = stat[stat.index(after: end)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X", let parent = Int32(fields[1]) else { return nil }
    let words = (text("/proc/\(pid)/cmdline") ?? "").split(separator: "\0").joined(separator: " ")
    return Entry(pid: pid, parent: parent, startTicks: String(fields[19]), commandLine: words)
  }

  static func isRunning(_ pid: Int32) -> Bool { entry(pid) != nil }

  /// A process and all that stem from it.
  func family(of pid: Int32) -> Set<Entry> {
    var family: Set<Entry> = []
    var front = [pid]
    let children = Dictionary(grouping: entries.values, by: \.parent)
    while let next = front.popLast() {
      if let entry = entries[next] { family.insert(entry) }
      front += (children[next] ?? []).map(\.pid)
    }
    return family
  }

  /// Those whose environment holds `text`.
  func withEnvironment(_ text: String) -> [Entry] {
    let wanted = Data(text.utf8)
    return entries.values.filter { entry in
      FileManager.default.contents(atPath: "/proc/\(entry.pid)/environ")?.range(of: wanted) != nil
    }
  }

  func withCommandLine(_ text: String) -> [Entry] { entries.values.filter { $0.commandLine.contains(text) } }

  /// Which of `processes` still run.
  func survivors(of processes: Set<Entry>) -> [Entry] {
    processes.filter { entries[$0.pid]?.startTicks == $0.startTicks }.sorted { $0.pid < $1.pid }
  }

  /// Memory in bytes, shared pages counted once between those that share them.
  static func memoryBytes(of processes: Set<Entry>) -> Int {
    processes.reduce(0) { sum, process in
      let line = text("/proc/\(process.pid)/smaps_rollup")?.split(separator: "\n").first { $0.hasPrefix("Pss:") }
      return sum + (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }
  }

  private static func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }
}
