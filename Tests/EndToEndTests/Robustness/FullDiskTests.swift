import Foundation
import Kubernetes
import KubernetesClient
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension EndToEnd {
  /// The data directory on a disk of a few megabytes, which only root can mount; continuous integration must be able to.
  @Suite(.serialized, .enabled(if: getuid() == 0 || ProcessInfo.processInfo.environment["CI"] == "true"))
  struct FullDiskTests {
    private static let configMaps = "/api/v1/namespaces/default/configmaps"

    @Test func aFullDiskIsToldAndLosesNothing() async throws {
      try await Cluster.withDirectory { cluster in
        let disk = try SmallDisk(cluster.directory)
        defer { disk.program.killGroup() }
        var transport = try await disk.transport(life: 1)
        var kept: Set<String> = []
        let refusal = try await Self.fill(transport, &kept)
        #expect(refusal.status >= 500, "\(refusal.text)")
        #expect(refusal.text.contains("full"), "it does not say why: \(refusal.text)")
        #expect(try await Self.names(transport) == kept, "what is refused is not there, what was kept can be read")

        try FileManager.default.removeItem(atPath: disk.path("ballast"))
        #expect(try await Self.create("after", transport).status == 201)
        kept.insert("after")
        try disk.kill()
        transport = try await disk.transport(life: 2)
        #expect(try await Self.names(transport) == kept)
        try disk.kill()
      }
    }

    /// Creates until it is refused.
    private static func fill(
      _ transport: any KubernetesTransport, _ kept: inout Set<String>
    ) async throws -> (status: Int, text: String) {
      for index in 0..<100 {
        let answer = try await create("entry-\(index)", transport)
        if answer.status != 201 { return answer }
        kept.insert("entry-\(index)")
      }
      throw Shell.Failed(description: "100 objects fit on the small disk")
    }

    private static func create(
      _ name: String, _ transport: any KubernetesTransport
    ) async throws -> (status: Int, text: String) {
      let text = String(repeating: "x", count: 500_000)
      let body: JSONValue = [
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name)], "data": ["text": .string(text)],
      ]
      let response = try await transport.send(APIRequest(.post, configMaps, body: body.bytes))
      return (response.status, String(decoding: try await response.gathered().prefix(2_000), as: UTF8.self))
    }

    private static func names(_ transport: any KubernetesTransport) async throws -> Set<String> {
      let items = try await DurabilityWriter.list(transport)["items"]?.arrayValue ?? []
      return Set(items.compactMap { $0[path: ["metadata", "name"]]?.stringValue }.filter { $0 != "kube-root-ca.crt" })
    }
  }
}

/// A server that lives twice on a disk of 32 MB, 20 of them taken at first, mounted where only it and its shell see it.
struct SmallDisk {
  private static let script = """
    mount -t tmpfs -o size=32m tmpfs "$1" && dd if=/dev/zero of="$1/ballast" bs=1M count=20 2>/dev/null || exit 1
    "$0" local up --api-only --data-dir "$1" --listen 127.0.0.1:0
    "$0" local up --api-only --data-dir "$1" --listen 127.0.0.1:0
    """

  let program: Program
  private let directory: String

  init(_ directory: String) throws {
    self.directory = directory
    program = try Program(["unshare", "-m", "sh", "-c", Self.script, try Sakigake.path(), directory])
  }

  /// A file as the server sees it.
  func path(_ name: String) -> String { "/proc/\(program.pid)/root\(directory)/\(name)" }

  /// To the server in its first or second life, once it serves.
  func transport(life: Int) async throws -> any KubernetesTransport {
    try await eventually("the server serves", within: .seconds(30)) {
      if program.output.components(separatedBy: "serves https://").count > life { return true }
      guard ProcessTable.isRunning(program.pid) else {
        throw Shell.Failed(description: "it ended: \(program.output)\(program.error)")
      }
      return false
    }
    return try Kubeconfig.load(path: path("kubeconfig"), context: nil).transport(userAgent: "full-disk")
  }

  func kill() throws {
    let state = FileManager.default.contents(atPath: path("local.json")).flatMap { try? JSONValue(parsing: Array($0)) }
    guard let pid = state?["pid"]?.integerValue else { throw Shell.Failed(description: "no process is told of") }
    sendKill(Int32(pid))
  }
}

/// Outside of the type, whose own `kill` stands before the system's.
private func sendKill(_ pid: Int32) { _ = kill(pid, SIGKILL) }
