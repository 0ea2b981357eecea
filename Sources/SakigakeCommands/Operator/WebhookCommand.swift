import ArgumentParser
import Kubernetes
import Operator

struct WebhookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "webhook",
    abstract: "Print what has a cluster ask the operator's guardrails before it stores an object.",
    discussion: """
      A ValidatingWebhookConfiguration, for `kubectl apply -f -`. The operator must serve the guardrails: \
      `sakigake install --guardrails`, or `sakigake operator --guardrails-cert … --guardrails-key …` with --url.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case yaml, json }

  @Option(help: "The certificates that the operator's own goes back to, in PEM.") var caFile: String
  @Option(
    help: "Where the operator is, as https://HOST:PORT, for one outside of the cluster. Otherwise its Service.")
  var url: String?
  @Option(help: "What becomes of an object where nobody answers: Ignore stores it, Fail refuses it.")
  var failurePolicy = GuardrailsWebhook.FailurePolicy.ignore
  @Flag(
    help: """
      Leave out what the cluster's controllers and nodes make, pods most of all, without asking: from Kubernetes 1.30 on.
      """)
  var skipControlPlane = false
  @Option(help: "For how long an answer is waited for, 1 to 30.") var timeoutSeconds = 5
  @Option(name: [.short, .customLong("namespace")], help: "The operator's namespace.")
  var namespace = Installation.Options().namespace
  @Option(name: [.short, .customLong("output")], help: "yaml or json.") var output = Format.yaml

  func validate() throws {
    guard (1...30).contains(timeoutSeconds) else { throw ValidationError("--timeout-seconds must be 1 to 30") }
    if let url {
      let host = url.hasPrefix("https://") ? url.dropFirst(8) : ""
      guard !host.isEmpty, !host.contains("/"), !host.contains("?") else {
        throw ValidationError("--url: \"\(url)\" is not https://HOST:PORT")
      }
    }
  }

  func run() throws {
    var webhook: GuardrailsWebhook
    do { webhook = try GuardrailsWebhook(authorities: Array(try Files.text(of: caFile).utf8)) } catch let error
      as ServingError
    {
      throw CommandFailure(.wrongInput, "error: \(caFile): \(error)")
    }
    webhook.namespace = namespace
    webhook.failurePolicy = failurePolicy
    webhook.timeoutSeconds = timeoutSeconds
    webhook.skipsControlPlane = skipControlPlane
    if let url { webhook.place = .url(url) }
    switch output {
    case .yaml: Console.output(bytes: YAMLText.bytes(of: [webhook.manifest]))
    case .json: Console.output(webhook.manifest.prettyText)
    }
  }
}

extension GuardrailsWebhook.FailurePolicy: ExpressibleByArgument {}
