import ArgumentParser
import Definitions
import LocalCluster
import Logging

/// The demo's fleet and the world that it runs in, before anything runs.
struct DemoPreparation: Sendable {
  let fleet: Fleet
  let scenario: DemoScenario
  let world: LocalWorld.Settings

  /// - Parameter fleetDirectory: nil looks for `examples/news` in or above the current directory or the program's.
  init(fleetDirectory: String?, speed: Double, envoy: String?, verbose: Bool) throws {
    var options = try DefinitionOptions.parse([])
    options.filename = [try fleetDirectory ?? Self.exampleDirectory()]
    options.environment = "local"
    fleet = try Fleet(options)
    let proxy = try ThisProgram.envoy(envoy)
    var world = LocalWorld.Settings(dataDirectory: "", envoy: proxy)
    world.nodeGroups = fleet.platform.nodeGroups
    world.speed = speed
    world.programs = ["news-service": try ThisProgram.sibling("news-service"), "envoyproxy/envoy": proxy]
    world.logLevel = verbose ? .info : .error
    self.world = world
    scenario = DemoScenario(speed: speed)
  }

  func stage(_ strategy: DemoRun.Strategy) -> DemoStage {
    DemoStage(strategy: strategy, scenario: scenario, fleet: fleet, world: world)
  }

  private static func exampleDirectory() throws -> String {
    for start in [".", ThisProgram.directory] {
      var base = start
      for _ in 0..<6 {
        if Files.exists(base + "/examples/news/platform.yaml") { return base + "/examples/news" }
        base += "/.."
      }
    }
    throw CommandFailure(.wrongInput, "error: no examples/news in or above here; name the fleet with --fleet")
  }
}
