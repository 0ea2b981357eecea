import ArgumentParser
import Definitions
import Kubernetes
import KubernetesClient
import Operator

struct InstallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install", abstract: "Put Sakigake's kinds, rights and operator into a cluster.",
    discussion: """
      Server-side apply under one field manager: repeating it changes nothing, and a newer version updates an older \
      one. The push API's token is made once and never replaced. What it grants is listed in docs/operator.md.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case yaml, json }

  @Option(help: "none; client: nothing is sent; server: everything is checked there, and nothing kept.")
  var dryRun = ApplyCommand.DryRun.none
  @Option(name: [.short, .customLong("output")], help: "Print the objects, as yaml or json.") var output: Format?
  @Option(name: [.short, .customLong("namespace")], help: "The operator's namespace.")
  var namespace = Installation.Options().namespace
  @Option(help: "The operator's image.") var image = Installation.Options().image
  @Option(help: "Replicas, one of which leads.") var replicas = Installation.Options().replicas
  @Option(help: "The image of placeholder pods: one that does nothing.")
  var placeholderImage = Installation.Options().placeholderImage
  @Flag(
    help: """
      Serve the guardrails for the cluster's API servers, with the certificate of Secret \
      \(Installation.guardrailsSecret); `sakigake webhook` has them asked.
      """)
  var guardrails = false
  @Option(help: "Wait until every replica is ready.") var wait = true
  @Option(help: "For how long to wait.") var timeout = "5m"
  @Flag(help: "Print the push API's token, and nothing else, to standard output.") var showToken = false
  @OptionGroup var cluster: ClusterOptions

  func validate() throws {
    guard (1...10).contains(replicas) else { throw ValidationError("--replicas must be 1 to 10") }
    guard Units.seconds(timeout) != nil else {
      throw ValidationError("--timeout: \"\(timeout)\" is not a duration; write it as 90s or 5m")
    }
    if showToken, dryRun != .none || output != nil {
      throw ValidationError("--show-token goes with neither --dry-run nor --output")
    }
  }

  func run() async throws {
    let installation = installation
    if dryRun == .client { return try printPlan(installation) }
    try await cluster.withClient { client in
      let installer = Installer(client: client, installation: installation)
      var objects: [JSONValue] = []
      try await installer.install(dryRun: dryRun == .server) { step in
        objects.append(step.object)
        if output == nil { say(step) }
      }
      if output != nil { return show(objects) }
      if dryRun == .none, wait {
        try await installer.waitUntilReady(atMost: .seconds(Units.seconds(timeout) ?? 300)) {
          Console.progress($0, isLast: true)
        }
      }
      if showToken { Console.output(try await Installer.token(in: namespace, client)) }
    }
  }

  private var installation: Installation {
    var options = Installation.Options()
    options.namespace = namespace
    options.image = image
    options.replicas = replicas
    options.placeholderImage = placeholderImage
    options.servesGuardrails = guardrails
    return Installation(options)
  }

  private func say(_ step: Installer.Step) {
    let suffix = dryRun == .server ? step.isUnchecked ? " (server dry run, not checked)" : " (server dry run)" : ""
    let line = "\(step.name) \(step.outcome.rawValue)\(suffix)"
    if showToken { Console.error(line) } else { Console.output(line) }
  }

  private func printPlan(_ installation: Installation) throws {
    var objects = installation.objects
    objects.insert(installation.tokenSecretObject(nil), at: objects.count - 1)
    if output != nil { return show(objects) }
    for object in objects { Console.output("\(Installer.name(of: object)) configured (dry run)") }
  }

  private func show(_ objects: [JSONValue]) {
    switch output {
    case .json:
      Console.output((["apiVersion": "v1", "kind": "List", "items": .array(objects)] as JSONValue).prettyText)
    case .yaml, nil: Console.output(bytes: YAMLText.bytes(of: objects))
    }
  }
}

struct UninstallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "uninstall", abstract: "Take the operator out of a cluster, and give back what it held.",
    discussion: """
      Pushes and definitions of services stay, and so does the namespace with the platform's settings; with --crds the \
      kinds go too, and with them every Microservice and PushCampaign.
      """)

  @Flag(help: "Also delete the kinds, and all of their objects.") var crds = false
  @Option(name: [.short, .customLong("namespace")], help: "The operator's namespace.")
  var namespace = Installation.Options().namespace
  @OptionGroup var cluster: ClusterOptions

  func run() async throws {
    try await cluster.withClient { client in
      var count = 0
      try await Uninstaller(client: client, namespace: namespace).uninstall(definitions: crds) { line in
        count += 1
        Console.output(line)
      }
      if count == 0 { Console.error("Nothing of Sakigake's operator is in namespace \(namespace).") }
    }
  }
}
