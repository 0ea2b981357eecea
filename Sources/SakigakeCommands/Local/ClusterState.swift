import FoundationEssentials
import Kubernetes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which process serves a data directory: `DIR/local.json`, there while one does.
struct ClusterState {
  var pid: Int32
  var port: Int
  /// When the process began, in the kernel's ticks: its number may be another's by now.
  var startTicks: String

  init(pid: Int32, port: Int) {
    self.pid = pid
    self.port = port
    startTicks = Self.startTicks(of: pid) ?? ""
  }

  func write(to directory: String) throws {
    let json: JSONValue = [
      "pid": .integer(Int64(pid)), "port": .integer(Int64(port)), "startTicks": .string(startTicks),
    ]
    try Files.write(json.text + "\n", to: directory + "/local.json")
  }

  static func remove(from directory: String) { unlink(directory + "/local.json") }

  /// The process that serves a directory; nil where none does, whatever a crashed one left.
  static func running(in directory: String) -> ClusterState? {
    guard let text = try? Files.text(of: directory + "/local.json"), let json = try? JSONValue(parsing: text),
      let pid = json["pid"]?.integerValue, let port = json["port"]?.integerValue,
      let ticks = json["startTicks"]?.stringValue
    else { return nil }
    let state = ClusterState(pid: Int32(clamping: pid), port: Int(port))
    return state.startTicks == ticks && state.isAlive ? state : nil
  }

  /// Whether the process still runs: one that ended and waits to be collected by its parent does not.
  var isAlive: Bool {
    #if os(Linux)
      !startTicks.isEmpty && Self.startTicks(of: pid) == startTicks
    #else
      kill(pid, 0) == 0
    #endif
  }

  /// The 22nd field of /proc/PID/stat, counted after the name in parentheses (proc(5)); nil where the process has ended
  /// (state Z or X), or where there is no /proc.
  private static func startTicks(of pid: Int32) -> String? {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let end = text.lastIndex(of: ")")
    else {
      return nil
    }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
    return String(fields[19])
  }
}
