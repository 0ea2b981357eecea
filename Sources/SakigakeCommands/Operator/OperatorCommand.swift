import ArgumentParser
import Autoscaling
import Definitions
import FoundationEssentials
import Kubernetes
import KubernetesClient
import Logging
import Operator

struct OperatorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "operator", abstract: "Run the prescaler and the push API against a cluster, from inside or outside.",
    discussion: """
      `sakigake install` runs it in the cluster itself. Of several replicas one leads, and all serve the push API. \
      SIGTERM ends it in order: the change in hand is finished, the lease given back.
      """)

  @OptionGroup var cluster: ClusterOptions
  @Option(name: [.short, .customLong("namespace")], help: "Where its Lease, settings and placeholder pods are.")
  var namespace = PlatformSettings.namespace
  @Option(help: "Where the push API is served: HOST:PORT, port 0 for any.")
  var listen = ListenAddress(host: "127.0.0.1", port: 8443)
  @Option(help: "Where /metrics, /healthz and /readyz are served.")
  var metricsListen = ListenAddress(host: "127.0.0.1", port: 8080)
  @Option(
    help: "A file with the token that senders of pushes must have. Where it is not given, the installed Secret's.")
  var tokenFile: String?
  @Option(help: "A certificate for the push API, in PEM; plain HTTP where it is not given.") var tlsCert: String?
  @Option(help: "The certificate's key, in PEM.") var tlsKey: String?
  @Option(help: "Where the guardrails are served, over HTTPS, once there is a certificate for them.")
  var guardrailsListen = ListenAddress(host: "127.0.0.1", port: 9443)
  @Option(help: "A certificate for the guardrails, in PEM; they are not served where it is not given.")
  var guardrailsCert: String?
  @Option(help: "That certificate's key, in PEM.") var guardrailsKey: String?
  @Option(help: "Wait for the lease before acting. Without it this must be the only replica.") var leaderElect = true
  @Option(help: "How long a leader may be silent before another leads, in whole seconds.") var leaseDuration = "15s"
  @Option(help: "The image of placeholder pods.") var placeholderImage = PrescalingDecision.Headroom().image
  @Option(help: "Ask for nodes ahead of a push by placeholder pods.") var placeholders = true
  @Option(help: "How long requests are still taken once it is told to end.") var shutdownDelay = "0s"
  @Flag(name: .shortAndLong, help: "Log more.") var verbose = false

  func validate() throws {
    guard (tlsCert == nil) == (tlsKey == nil) else { throw ValidationError("--tls-cert and --tls-key go together") }
    guard (guardrailsCert == nil) == (guardrailsKey == nil) else {
      throw ValidationError("--guardrails-cert and --guardrails-key go together")
    }
    guard let seconds = Units.seconds(leaseDuration), seconds >= 1, seconds == seconds.rounded() else {
      throw ValidationError("--lease-duration must be whole seconds, such as 15s")
    }
    guard let delay = Units.seconds(shutdownDelay), delay <= 300 else {
      throw ValidationError("--shutdown-delay must be a duration up to 5m, such as 5s")
    }
  }

  func run() async throws {
    let logger = makeLogger()
    do {
      try await Interruption.cancelling {
        try await cluster.withClient { client in
          let token: PushToken
          if let tokenFile { token = try PushToken(path: tokenFile) } else { token = try await installedToken(client) }
          let settings = try settings()
          let process = try OperatorProcess(client: client, token: token, settings: settings, logger: logger)
          try await process.run { ports in
            let scheme = settings.tls == nil ? "http" : "https"
            logger.notice("pushes at \(scheme)://\(ListenAddress(host: listen.host, port: ports.push))/v1/pushes")
            if let port = ports.guardrails {
              logger.notice("guardrails at https://\(ListenAddress(host: guardrailsListen.host, port: port))")
            }
            if let port = ports.metrics {
              logger.notice("metrics at http://\(ListenAddress(host: metricsListen.host, port: port))/metrics")
            }
          }
        }
      }
      logger.notice("ended in order")
    } catch let error as ServingError {
      throw CommandFailure(.worldFailed, "error: \(error)")
    }
  }

  private func installedToken(_ client: KubernetesClient) async throws -> PushToken {
    do { return try PushToken(text: try await Installer.token(in: namespace, client)) } catch let error as APIError {
      throw CommandFailure(
        .wrongInput,
        "error: no token for the push API: \(error). Run `sakigake install`, or name a file with --token-file.")
    }
  }

  private func settings() throws -> OperatorProcess.Settings {
    var settings = OperatorProcess.Settings(identity: Self.identity)
    settings.namespace = namespace
    settings.pushAddress = listen
    settings.metricsAddress = metricsListen
    settings.electsLeader = leaderElect
    // client-go's proportions: 15, 10 and 2 seconds.
    let lease = Units.seconds(leaseDuration) ?? 15
    settings.election.leaseDuration = .seconds(lease)
    settings.election.renewDeadline = .seconds(lease * 2 / 3)
    settings.election.retryPeriod = .seconds(lease * 2 / 15)
    settings.lingerSeconds = Units.seconds(shutdownDelay) ?? 0
    settings.headroom = placeholders ? .init(namespace: namespace, image: placeholderImage) : nil
    if let tlsCert, let tlsKey {
      settings.tls = try TLSFiles(certificate: tlsCert, key: tlsKey)
    } else if !listen.isLoopback {
      Console.error(
        "warning: the push API is served as plain HTTP on \(listen); give it --tls-cert and --tls-key, or a proxy")
    }
    if let guardrailsCert, let guardrailsKey {
      settings.guardrails = (guardrailsListen, try TLSFiles(certificate: guardrailsCert, key: guardrailsKey))
    }
    return settings
  }

  /// The pod's name or the host's, and a part that no restart repeats.
  private static var identity: String {
    let environment = ProcessInfo.processInfo.environment
    let name = environment["POD_NAME"] ?? environment["HOSTNAME"] ?? "sakigake"
    return "\(name)_\(String(UInt64.random(in: .min ... .max), radix: 16))"
  }

  private func makeLogger() -> Logger {
    var logger = Logger(label: "sakigake.operator") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = verbose ? .info : .notice
    return logger
  }
}

extension ListenAddress: ExpressibleByArgument {
  public init?(argument: String) { self.init(parsing: argument) }
  public var defaultValueDescription: String { description }
}
