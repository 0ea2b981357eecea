import Kubernetes
import Testing

/// Laws of apply, on random configurations of a Deployment by three managers.
@Suite struct ApplyPropertyTests {
  private let managers = ["a", "b", "c"]

  @Test(arguments: 0..<40)
  func forcedApplyGivesWhatWasStatedAndTakesBackWhatIsOmitted(_ seed: Int) throws {
    var random = SplitMix64(state: UInt64(seed))
    var live: JSONValue?
    var moment = Timestamp(seconds: 0)
    for _ in 0..<12 {
      guard let manager = managers.randomElement(using: &random) else { return }
      let configuration = configuration(&random)
      moment = moment + 1
      let applied = try Apply.apply(
        configuration, onto: live, by: .init(manager: manager, subresource: nil, now: moment), force: true)
      #expect(states(applied, configuration), "seed \(seed): \(configuration.text) is not in \(applied.text)")
      // Again: nothing changes, not even with another clock.
      let again = try Apply.apply(
        configuration, onto: applied, by: .init(manager: manager, subresource: nil, now: moment + 99), force: true)
      #expect(again == applied, "seed \(seed)")
      // What one states, the others may state too, without a conflict.
      _ = try Apply.apply(
        configuration, onto: applied, by: .init(manager: "z", subresource: nil, now: moment), force: false)
      live = applied
    }
    for manager in managers {
      live = try Apply.apply(
        named([:]), onto: live, by: .init(manager: manager, subresource: nil, now: moment), force: false)
    }
    #expect(live == named([:]), "seed \(seed): \(live?.text ?? "")")
  }

  @Test(arguments: 0..<40)
  func updatesBelongToTheLastWhoChanged(_ seed: Int) throws {
    var random = SplitMix64(state: UInt64(seed))
    var live: JSONValue?
    for step in 0..<8 {
      guard let manager = managers.randomElement(using: &random) else { return }
      var next = configuration(&random)
      next[path: ["metadata", "managedFields"]] = live?[path: ["metadata", "managedFields"]]
      let tracked = Apply.track(
        old: live, new: next, by: .init(manager: manager, subresource: nil, now: Timestamp(seconds: Double(step))))
      // Whoever would change anything conflicts; whoever states the same does not.
      var bare = tracked
      bare[path: ["metadata", "managedFields"]] = .none
      _ = try Apply.apply(
        bare, onto: tracked, by: .init(manager: "z", subresource: nil, now: Timestamp(seconds: 0)), force: false)
      let value = bare[path: ["spec", "replicas"]]?.integerValue
      if let value {
        bare[path: ["spec", "replicas"]] = .integer(value + 1)
        let error = #expect(throws: PatchError.self, "seed \(seed)") {
          try Apply.apply(
            bare, onto: tracked, by: .init(manager: "z", subresource: nil, now: Timestamp(seconds: 0)), force: false)
        }
        #expect(error?.conflicts.map(\.field) == [".spec.replicas"], "seed \(seed)")
      }
      live = tracked
    }
  }

  private func named(_ spec: JSONObject) -> JSONValue {
    var object: JSONObject = ["apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "d"]]
    if !spec.isEmpty { object["spec"] = .object(spec) }
    return .object(object)
  }

  private func configuration(_ random: inout SplitMix64) -> JSONValue {
    var spec = JSONObject()
    if Bool.random(using: &random) { spec["replicas"] = .integer(.random(in: 1...3, using: &random)) }
    if Bool.random(using: &random) { spec["selector"] = ["matchLabels": ["app": .string(letter(&random))]] }
    var pod = JSONObject()
    let containers = ["x", "y", "z"].shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random)).map {
      name in
      container(name, &random)
    }
    if !containers.isEmpty { pod["containers"] = .array(containers) }
    if Bool.random(using: &random) { pod["nodeSelector"] = ["zone": .string(letter(&random))] }
    if Bool.random(using: &random) { pod["tolerations"] = [["key": .string(letter(&random))]] }
    if !pod.isEmpty { spec["template"] = ["spec": .object(pod)] }
    return named(spec)
  }

  private func container(_ name: String, _ random: inout SplitMix64) -> JSONValue {
    var container: JSONObject = ["name": .string(name)]
    if Bool.random(using: &random) { container["image"] = .string(letter(&random)) }
    let variables = ["A", "B", "C"].shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random))
    if !variables.isEmpty {
      container["env"] = .array(variables.map { ["name": .string($0), "value": .string(letter(&random))] })
    }
    if Bool.random(using: &random) {
      container["ports"] = [
        ["containerPort": .integer(.random(in: 80...82, using: &random)), "name": .string(letter(&random))]
      ]
    }
    return .object(container)
  }

  private func letter(_ random: inout SplitMix64) -> String { ["p", "q", "r"].randomElement(using: &random) ?? "p" }

  /// Whether an object has everything that a configuration states; elements are found by their first member.
  private func states(_ object: JSONValue, _ configuration: JSONValue) -> Bool {
    switch (object, configuration) {
    case (.object(let have), .object(let want)):
      return want.allSatisfy { member in have[member.key].map { states($0, member.value) } ?? false }
    case (.array(let have), .array(let want)):
      return want.allSatisfy { wanted in have.contains { states($0, wanted) } }
    default: return object == configuration
    }
  }
}
