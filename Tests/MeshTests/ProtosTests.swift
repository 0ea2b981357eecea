import Foundation
import Testing

/// Field numbers and types are Envoy's, as the PyPI package xds-protos has them.
@Suite struct ProtosTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// `make setup` puts xds-protos into an environment of its own: its package `envoy` would hide that of the program.
  private static let python =
    ProcessInfo.processInfo.environment["SAKIGAKE_PYTHON"] ?? root.appending(path: ".venv-protos/bin/python").path

  private static var canCheck: Bool {
    ProcessInfo.processInfo.environment["CI"] == "true" || FileManager.default.isExecutableFile(atPath: python)
  }

  @Test(.enabled(if: canCheck, "xds-protos is not installed: run make setup")) func theProtosAreEnvoys() throws {
    let process = Process()
    process.executableURL = URL(filePath: Self.python)
    process.arguments = [Self.root.appending(path: "scripts/check-protos.py").path]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(output)")
  }
}
