import Foundation
import Testing

/// Field numbers and types are Envoy's, as the PyPI package xds-protos has them.
@Suite struct ProtosTests {
  @Test func theProtosAreEnvoys() throws {
    var root = URL(filePath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let environment = ProcessInfo.processInfo.environment
    let python = environment["SAKIGAKE_PYTHON"] ?? root.appending(path: ".venv/bin/python").path
    guard FileManager.default.isExecutableFile(atPath: python) else { return }
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = [root.appending(path: "scripts/check-protos.py").path]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    // 2: protoc or xds-protos is not installed here.
    #expect([0, 2].contains(process.terminationStatus), "\(output)")
  }
}
