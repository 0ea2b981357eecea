import Foundation
import Kubernetes
import Testing

extension EndToEnd {
  /// A new service's repository, from nothing to answers, on nodes that run processes.
  @Suite(.serialized) struct NewCommandTests {}
}

extension EndToEnd.NewCommandTests {
  private static func withDirectory(_ body: (String) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.path + "/sakigake-new-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try await body(directory)
  }

  @Test func passesItsChecksAndServes() async throws {
    try await Self.withDirectory { directory in
      let home = directory + "/greeter"
      let made = try await Sakigake.run(["new", "greeter", "--directory", home, "--owner", "hosts", "--port", "9090"])
      #expect(made.status == 0 && made.lines.contains(home + "/microservice.yaml"), "\(made)")
      let test = try await Shell.run(["python3", "-m", "unittest", "discover", "-q", "-s", home + "/app"])
      #expect(test.status == 0, "\(test)")
      for environment in [["-e", "production", "--tag", "v1"], ["-e", "local"]] {
        let rendered = try await Sakigake.run(["render", "-f", home] + environment)
        #expect(rendered.status == 0 && rendered.error.isEmpty, "\(rendered)")
      }
      for pipeline in [".circleci/config.yml", ".github/workflows/ci.yaml"] {
        let text = try String(contentsOfFile: "\(home)/\(pipeline)", encoding: .utf8)
        #expect(text.contains("sakigake apply") && text.contains("greeter:"))
      }

      let again = try await Sakigake.run(["new", "greeter", "--directory", home])
      #expect(again.status == 2 && again.error.contains("\(home)/microservice.yaml"), "\(again)")

      try await Cluster.with(["--image", "greeter=\(home)/app/server.py"]) { cluster in
        try await Machine.waitUntilFree(port: 30080)
        let applied = try await cluster.sakigake("apply", "-f", home, "-e", "local", within: .seconds(90))
        #expect(
          applied.status == 0 && applied.error.contains("deployment/greeter: 2 of 2 pods are ready"), "\(applied)")
        let pods = try await cluster.items("get", "pods", "-l", "sakigake.dev/service=greeter")
        for pod in pods {
          let address = try #require(pod[path: ["status", "podIP"]]?.stringValue)
          let answer = try await Shell.succeed(["curl", "-sf", "http://\(address):9090/"])
          #expect(try JSONValue(parsing: answer)["service"] == "greeter")
        }

        let broken = try String(contentsOfFile: home + "/microservice.yaml", encoding: .utf8)
          .replacing("image: greeter", with: "image: greeter-without-program")
        try broken.write(toFile: home + "/microservice.yaml", atomically: true, encoding: .utf8)
        let stuck = try await cluster.sakigake("apply", "-f", home, "-e", "local", "--timeout", "4s")
        #expect(stuck.status == 1 && stuck.error.contains("  image: container app: "), "\(stuck)")
      }
    }
  }

  @Test func aPlatformThatIsThereIsUsed() async throws {
    try await Self.withDirectory { directory in
      try FleetFiles.platform.write(toFile: directory + "/platform.yaml", atomically: true, encoding: .utf8)
      #expect(try await Sakigake.run(["new", "greeter", "--directory", directory + "/a/greeter"]).status == 0)
      #expect(!FileManager.default.fileExists(atPath: directory + "/a/greeter/platform.yaml"))
    }
  }

  @Test(arguments: [("2fast", "metadata.name"), ("Greeter", "metadata.name"), ("greeter", "port")])
  func aWrongNameIsToldAndNothingWritten(_ name: String, _ says: String) async throws {
    try await Self.withDirectory { directory in
      let outcome = try await Sakigake.run(["new", name, "--directory", directory + "/x", "--port", "99999"])
      #expect(outcome.status == 2 && outcome.error.contains(says), "\(outcome)")
      #expect(!FileManager.default.fileExists(atPath: directory + "/x"))
    }
  }
}
