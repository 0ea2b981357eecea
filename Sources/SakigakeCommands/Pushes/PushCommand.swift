import ArgumentParser
import Definitions
import Kubernetes
import KubernetesClient

struct PushCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "push", abstract: "Announce push campaigns, and see what is ready for them.",
    subcommands: [Announce.self, List.self, Show.self, Cancel.self])

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, yaml }

  struct OutputOptions: ParsableArguments {
    @Option(name: [.short, .customLong("output")], help: "table, json or yaml.") var output = Format.table
    @Option(name: [.short, .customLong("namespace")], help: "The campaign's namespace.") var namespace: String?

    func show(_ answer: JSONValue) {
      switch output {
      case .json: Console.output(answer.prettyText)
      case .yaml: Console.output(bytes: YAMLText.bytes(of: [answer]))
      case .table: Console.output(PushText.table(answer))
      }
    }
  }

  struct Announce: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Announce a push: capacity is there before it is sent.",
      discussion: "The same announcement made again changes nothing.")

    @Option(help: "How many people get it.") var audience: Int
    @Option(help: "When it is sent: now, +10m, or a moment such as 2026-11-25T08:00:00Z.") var sendAt = "now"
    @Option(help: "What kind of push it is; the platform knows how each is answered.") var kind: String?
    @Option(help: "A name, by which it is known from then on.") var id: String?
    @Option(help: "An exposed service that the push leads to; where none is given, all with scale.push.") var service:
      [String] = []
    @Flag(help: "Wait until the capacity is there.") var wait = false
    @OptionGroup var server: PushServerOptions
    @OptionGroup var options: OutputOptions

    func validate() throws {
      guard sendAt.hasPrefix("+") else { return }
      guard Units.seconds(String(sendAt.dropFirst())) != nil else {
        throw ValidationError("--send-at: \"\(sendAt)\" is not a time from now; write it as +90s or +10m")
      }
    }

    func run() async throws {
      var body: JSONObject = ["audience": .integer(Int64(audience)), "sendAt": .string(moment)]
      body["kind"] = kind.map(JSONValue.string)
      body["id"] = id.map(JSONValue.string)
      body["namespace"] = options.namespace.map(JSONValue.string)
      if !service.isEmpty { body["services"] = .array(service.map(JSONValue.string)) }
      try await server.withClient { client in
        var answer = try await PushRequest.send(.post, "/v1/pushes", body: .object(body), by: client)
        if wait, let id = answer["id"]?.stringValue {
          answer = try await PushRequest.whenReady(id, namespace: options.namespace, by: client)
        }
        options.show(answer)
      }
    }

    private var moment: String {
      guard sendAt.hasPrefix("+"), let seconds = Units.seconds(String(sendAt.dropFirst())) else { return sendAt }
      return (Timestamp.now + seconds).rfc3339
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the campaigns.")
    @OptionGroup var server: PushServerOptions
    @OptionGroup var options: OutputOptions

    func run() async throws {
      try await server.withClient {
        options.show(try await PushRequest.send(.get, "/v1/pushes", namespace: options.namespace, by: $0))
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show one campaign.")
    @Argument(help: "Its name.") var id: String
    @Flag(help: "Wait until the capacity is there.") var wait = false
    @OptionGroup var server: PushServerOptions
    @OptionGroup var options: OutputOptions

    func run() async throws {
      try await server.withClient {
        options.show(
          wait
            ? try await PushRequest.whenReady(id, namespace: options.namespace, by: $0)
            : try await PushRequest.send(.get, "/v1/pushes/\(id)", namespace: options.namespace, by: $0))
      }
    }
  }

  struct Cancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Cancel a campaign; its capacity is given back at once.")
    @Argument(help: "Its name.") var id: String
    @OptionGroup var server: PushServerOptions
    @OptionGroup var options: OutputOptions

    func run() async throws {
      try await server.withClient {
        options.show(try await PushRequest.send(.delete, "/v1/pushes/\(id)", namespace: options.namespace, by: $0))
      }
    }
  }
}

/// Where the push API is: at the local cluster's own address, or wherever an operator serves it.
struct PushServerOptions: ParsableArguments {
  @OptionGroup var cluster: ClusterOptions
  @Option(help: "The push API's address, such as http://127.0.0.1:8443. Where it is not given, the cluster's own.")
  var url: String?
  @Option(help: "A file with the token that --url asks for.") var tokenFile: String?
  @Option(help: "The authority of --url's certificate, in PEM. Where it is not given, the system's.")
  var certificateAuthority: String?

  func validate() throws {
    guard url == nil, tokenFile != nil || certificateAuthority != nil else { return }
    throw ValidationError("--token-file and --certificate-authority belong to --url")
  }

  func withClient<Result>(_ body: (KubernetesClient) async throws -> Result) async throws -> Result {
    guard let url else { return try await cluster.withClient(body) }
    var config = Kubeconfig(contextName: "--url", server: url.hasSuffix("/") ? String(url.dropLast()) : url)
    config.user.tokenFile = tokenFile
    if let certificateAuthority { config.certificateAuthority = Array(try Files.text(of: certificateAuthority).utf8) }
    return try await ClusterOptions.withClient(config, body)
  }
}

/// Requests to the push API, and its errors as a command's.
enum PushRequest {
  private struct NotReadyYet: Error {}

  /// Waits until a push's capacity is there, in requests of at most 20 s: it ends by itself when the push is sent.
  static func whenReady(_ id: String, namespace: String?, by client: KubernetesClient) async throws -> JSONValue {
    while true {
      do {
        return try await send(
          .get, "/v1/pushes/\(id)", namespace: namespace, query: [("waitFor", "ready"), ("timeoutSeconds", "20")],
          by: client)
      } catch is NotReadyYet {}
    }
  }

  static func send(
    _ method: APIRequest.Method, _ path: String, namespace: String? = nil, query: [(String, String)] = [],
    body: JSONValue? = nil, by client: KubernetesClient
  ) async throws -> JSONValue {
    var query = query.map { (name: $0.0, value: $0.1) }
    if let namespace { query.append((name: "namespace", value: namespace)) }
    let response = try await client.transport.send(
      APIRequest(method, path, query: query, body: body?.bytes ?? []))
    guard case .bytes(let bytes) = response.body else {
      throw CommandFailure(.worldFailed, "error: \(path) answered with a stream")
    }
    let answer = try? JSONValue(parsing: bytes)
    if response.status == 504, answer?["error"]?["code"]?.stringValue == "timeout" { throw NotReadyYet() }
    guard response.status < 400 else {
      let error = answer?["error"]
      let message = error?["message"]?.stringValue ?? answer?["message"]?.stringValue ?? "status \(response.status)"
      let field = error?["field"]?.stringValue.map { "\($0): " } ?? ""
      let isInput = [400, 404, 409, 413, 422].contains(response.status)
      throw CommandFailure(isInput ? .wrongInput : .worldFailed, "error: \(field)\(message)")
    }
    guard let answer else {
      throw CommandFailure(.worldFailed, "error: \(path) answered with something that is not JSON")
    }
    return answer
  }
}

/// Campaigns for people.
enum PushText {
  static func table(_ answer: JSONValue) -> String {
    if let campaigns = answer["pushes"]?.arrayValue {
      var table = TextTable(header: ["ID", "KIND", "AUDIENCE", "SEND AT", "PHASE", "READY AT"])
      for campaign in campaigns {
        table.rows.append(["id", "kind", "audience", "sendAt", "phase", "readyAt"].map { text(campaign[$0]) })
      }
      return campaigns.isEmpty ? "No campaigns." : table.text
    }
    var lines = [
      "id", "phase", "kind", "audience", "sendAt", "startAt", "readyAt", "sendRate", "pacePerSecond", "message",
    ]
    .filter { answer[$0] != nil }
    .map { "\($0):" + String(repeating: " ", count: 15 - $0.count) + text(answer[$0]) }
    if let floors = answer["floors"]?.arrayValue, !floors.isEmpty {
      var table = TextTable(header: ["SERVICE", "FLOOR", "READY", "DECLARED", "PEAK LOAD"])
      for floor in floors {
        table.rows.append(["service", "replicas", "ready", "declared", "peakLoad"].map { text(floor[$0]) })
      }
      lines += ["", table.text]
    }
    return lines.joined(separator: "\n")
  }

  private static func text(_ value: JSONValue?) -> String {
    switch value {
    case nil, .null?: "-"
    case .string(let text)?: text
    case .double(let number)?: String((number * 10).rounded() / 10)
    case let other?: other.text
    }
  }
}
