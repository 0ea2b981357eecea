#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import ChildProcesses
import FoundationEssentials

/// Where this program and those that it needs are.
enum ThisProgram {
  /// The absolute path of the running executable.
  static let path: String = {
    #if os(Linux)
      var buffer = [CChar](repeating: 0, count: 4096)
      let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
      if count > 0 { return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) }
    #endif
    return CommandLine.arguments.first ?? "sakigake"
  }()

  static var directory: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }

  /// A program beside this one, as a build leaves them.
  static func sibling(_ name: String) throws -> String {
    let candidate = directory + "/" + name
    guard Command.locate(candidate) != nil else {
      throw CommandFailure(.worldFailed, "error: \(candidate) is missing; build it with `swift build`")
    }
    return candidate
  }

  /// Envoy: as given, by SAKIGAKE_ENVOY, on the PATH, or from the project's own `.venv` in or above here.
  static func envoy(_ given: String?) throws -> String {
    if let given {
      guard let path = Command.locate(given) else {
        throw CommandFailure(.wrongInput, "error: --envoy \(given): not a program")
      }
      return path
    }
    if let named = ProcessInfo.processInfo.environment["SAKIGAKE_ENVOY"] {
      guard let path = Command.locate(named) else {
        throw CommandFailure(.wrongInput, "error: SAKIGAKE_ENVOY is \(named), which is not a program")
      }
      return path
    }
    if let path = Command.locate("envoy", path: ProcessInfo.processInfo.environment["PATH"] ?? "") { return path }
    for start in [FileManager.default.currentDirectoryPath, directory] {
      var base = start
      for _ in 0..<6 {
        let libraries = base + "/.venv/lib"
        for python in (try? FileManager.default.contentsOfDirectory(atPath: libraries)) ?? [] {
          let candidate = "\(libraries)/\(python)/site-packages/envoy/_bin/envoy"
          if Command.locate(candidate) != nil { return candidate }
        }
        base += "/.."
      }
    }
    throw CommandFailure(
      .worldFailed, "error: no Envoy found; run `make setup`, or name one with --envoy or SAKIGAKE_ENVOY")
  }
}
