import Kubernetes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files of one run of a container, oldest first.
struct LogFiles: Sendable {
  let directory: String
  let restart: Int

  var current: String { "\(directory)/\(restart).log" }

  func openForAppending() throws(FileError) -> Int32 {
    let descriptor = open(current, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError(current) }
    return descriptor
  }

  /// Names sort by time.
  func rotatedName(at moment: Timestamp) -> String {
    "\(current)." + String(moment.formatted(fractionDigits: 9).filter { $0 != "-" && $0 != ":" && $0 != "Z" })
  }

  var rotated: [String] {
    PrivateDirectory.entries(directory).filter { $0.hasPrefix("\(restart).log.") }.map { "\(directory)/\($0)" }
  }

  func removeRotated(keeping count: Int) {
    for path in rotated.dropLast(count) { unlink(path) }
  }

  /// The runs that a container's directory has logs of, in order.
  static func restarts(in directory: String) -> [Int] {
    PrivateDirectory.entries(directory).filter { $0.hasSuffix(".log") }.compactMap { Int($0.dropLast(4)) }.sorted()
  }

  /// Keeps the logs of this run and the one before.
  static func removeRuns(before restart: Int, in directory: String) {
    for name in PrivateDirectory.entries(directory) {
      if let run = Int(name.prefix { $0 != "." }), run < restart - 1 { unlink(directory + "/" + name) }
    }
  }
}
