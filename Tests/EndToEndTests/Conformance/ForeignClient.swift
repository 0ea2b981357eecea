import Testing

/// A client of somebody else's that goes through scenarios and says of each how it went.
struct ForeignClient: Sendable, CustomTestStringConvertible {
  var name: String
  var command: [String]
  var scenarios: [String]

  var testDescription: String { name }

  private static let folder = Sakigake.root + "/Tests/EndToEndTests/Conformance/Clients"
  private static let python = Sakigake.root + "/.venv-clients/bin/python"

  static let all: [ForeignClient] = [
    ForeignClient(
      name: "kubectl", command: ["bash", "\(folder)/kubectl.sh"],
      scenarios: [
        "objects", "apply", "validation", "explain", "patches", "custom-resources", "access", "workloads", "streams",
        "tables", "finalizers",
      ]),
    ForeignClient(
      name: "kubernetes (Python)", command: [python, "\(folder)/kubernetes_client.py"],
      scenarios: [
        "objects", "conflicts", "selectors", "paging", "watching", "too-old", "patches", "apply", "dry-run",
        "field-validation", "invalid", "scale", "custom-resources", "generated-names", "deletion", "leases", "logs",
        "execution", "port-forward", "tokens", "eviction",
      ]),
    ForeignClient(
      name: "kr8s", command: [python, "\(folder)/kr8s_client.py"],
      scenarios: [
        "objects", "selectors", "watching", "custom-resources", "logs", "execution", "port-forward", "scale",
      ]),
    ForeignClient(name: "kopf", command: [python, "\(folder)/kopf_operator.py"], scenarios: ["an-operator"]),
  ]

  /// How a scenario went.
  enum Verdict: Equatable {
    case passed
    /// The cluster lacks what it needs.
    case skipped(String)
    case failed(String)
  }

  /// Goes through all scenarios against a cluster.
  func run(_ kubeconfig: String) async throws -> (verdicts: [String: Verdict], outcome: Outcome) {
    let outcome = try await Shell.run(
      command + [kubeconfig], environment: ["PYTHONDONTWRITEBYTECODE": "1"], within: .seconds(600))
    var verdicts: [String: Verdict] = [:]
    for line in outcome.lines {
      for (prefix, isPassed, isSkipped) in [("ok ", true, false), ("skipped ", false, true), ("not ok ", false, false)]
      where line.hasPrefix(prefix) {
        let parts = line.dropFirst(prefix.count).split(separator: ":", maxSplits: 1).map(String.init)
        let why = parts.count > 1 ? parts[1] : ""
        verdicts[parts[0]] = isPassed ? .passed : isSkipped ? .skipped(why) : .failed(why)
      }
    }
    return (verdicts, outcome)
  }
}
