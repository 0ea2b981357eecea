import Autoscaling
import Kubernetes

/// Runs a scenario in virtual time. The decisions are those of production; the world around them is worked out.
public enum Rehearsal {
  /// Why a scenario cannot be rehearsed.
  public struct Impossible: Error, Sendable, Hashable, CustomStringConvertible {
    public var description: String
  }

  /// - Throws: `Impossible` where the scenario asks for what is not rehearsed.
  public static func run(
    _ scenario: Scenario, strategy: Strategy, seed: UInt64, options: RehearsalOptions = RehearsalOptions()
  ) throws(Impossible) -> Outcome {
    guard scenario.durationSeconds > 0, !scenario.services.isEmpty else {
      throw Impossible(description: "there is nothing to rehearse: no service, or no time")
    }
    if strategy == .clairvoyant {
      return Clairvoyant.outcome(of: scenario, seed: seed, stepSeconds: options.stepSeconds)
    }
    var world = try World(scenario, strategy, seed: seed, options)
    let outcome = world.run()
    guard strategy == .paced else { return outcome }
    // What the plan asked for is known from a run in which senders did not listen.
    var paced = try World(scenario, strategy, seed: seed, options, sent: scenario.paced(by: outcome.pushes))
    return paced.run()
  }
}

/// How a rehearsal is run, beside what it is about.
public struct RehearsalOptions: Sendable {
  /// Of the series of the outcome.
  public var stepSeconds: Double
  /// Whether every decision is noted in words.
  public var keepsNotes: Bool
  /// Whether what must always hold is looked at after every step.
  public var checksPromises: Bool
  /// What happens to decisions on their way to the cluster, as a real API does it; nil for nothing.
  public var faults: DecisionFaults?

  public init(
    stepSeconds: Double = 60, keepsNotes: Bool = false, checksPromises: Bool = false,
    faults: DecisionFaults? = nil
  ) {
    self.stepSeconds = stepSeconds
    self.keepsNotes = keepsNotes
    self.checksPromises = checksPromises
    self.faults = faults
  }
}
