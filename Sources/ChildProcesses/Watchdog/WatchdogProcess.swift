#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Watchdog {
  /// Call this first thing in `main`: where the process was started as a watchdog it does that work and ends here.
  public static func runIfRequested() {
    guard CommandLine.arguments.dropFirst().contains(subcommand) else { return }
    main()
  }

  /// Reads the registry from standard input until its owner is gone, kills the rest, and exits.
  static func main() -> Never {
    for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT] { signal(number, SIG_IGN) }
    _ = chdir("/")
    var registry = WatchdogRegistry()
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(0, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      registry.take(buffer[..<count])
    }
    registry.killAll()
    exit(0)
  }
}

/// Which groups are alive, from lines `+PGID`, `-PGID` and `=MARKER`.
struct WatchdogRegistry {
  private(set) var groups: Set<Int32> = []
  private(set) var marker = ""
  private var line: [UInt8] = []
  private static let lineBytesMax = 256
  private static let roundsMax = 100

  mutating func take(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes {
      if byte == 0x0A {
        read(String(decoding: line, as: UTF8.self))
        line = []
      } else if line.count < Self.lineBytesMax {
        line.append(byte)
      }
    }
  }

  private mutating func read(_ line: String) {
    switch line.first {
    case "+": if let group = Int32(line.dropFirst()), group > 1 { groups.insert(group) }
    case "-": if let group = Int32(line.dropFirst()) { groups.remove(group) }
    case "=": marker = String(line.dropFirst())
    default: break
    }
  }

  /// Kills in rounds until a round finds nobody: between two looks a survivor may have forked.
  func killAll() {
    for group in groups { _ = kill(-group, SIGKILL) }
    let line = marker.isEmpty ? [] : Array("\(Watchdog.markerName)=\(marker)".utf8)
    for _ in 0..<Self.roundsMax {
      let rest = ProcessTable.members(ofSessions: groups, marker: line)
      if rest.isEmpty { return }
      for pid in rest { _ = kill(pid, SIGKILL) }
      usleep(10_000)
    }
  }
}
