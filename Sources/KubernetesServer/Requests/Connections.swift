import Kubernetes

/// `exec`, `attach` and `portforward`: requests whose exchange becomes two-way.
extension APIService {
  func exec(_ scope: RequestScope) async throws -> APIResponse {
    let (pod, container) = try runningContainer(scope)
    let options = try Self.execOptions(scope, withCommand: true)
    try await reviewConnection(scope, "exec", options.json(kind: "PodExecOptions", container))
    let start = providers.exec
    return Self.channels(options) { try await start(pod, container, options, $0) }
  }

  func attach(_ scope: RequestScope) async throws -> APIResponse {
    let (pod, container) = try runningContainer(scope)
    let options = try Self.execOptions(scope, withCommand: false)
    try await reviewConnection(scope, "attach", options.json(kind: "PodAttachOptions", container))
    let start = providers.attach
    return Self.channels(options) { try await start(pod, container, options, $0) }
  }

  private static func channels(
    _ options: ProgramOptions, _ program: @escaping @Sendable (any ContainerStreams) async throws -> Int32
  ) -> APIResponse {
    APIResponse(
      status: 101, body: .channels { stream in await ContainerExchange(stream, options).run(program) })
  }

  /// Clients name the ports in the query and get a pair of channels for each, or, over SPDY, open pairs as they need
  /// them.
  func portForward(_ scope: RequestScope) async throws -> APIResponse {
    let pod = try boundPod(scope).key
    try await reviewConnection(
      scope, "portforward", ["kind": "PodPortForwardOptions", "apiVersion": "v1"])
    let open = providers.portForward
    let connect: PortConnector = { port in
      do { return try await open(pod, port) } catch {
        throw APIError(
          code: 500, reason: "InternalError", message: "error forwarding port \(port) to pod \(pod.name): \(error)")
      }
    }
    let request = scope.request
    let opensPairs =
      request.header("upgrade")?.hasPrefix("spdy") == true
      || request.headers.contains { $0.name == "sec-websocket-protocol" && $0.value.contains("portforward.k8s.io") }
    if opensPairs { return APIResponse(status: 101, body: .ports(connect)) }
    let forwarding = PortChannels(ports: try Self.ports(request), connect: connect)
    return APIResponse(status: 101, body: .channels { stream in await forwarding.run(stream) })
  }

  private static func ports(_ request: APIRequest) throws(APIError) -> [UInt16] {
    var ports: [UInt16] = []
    for text in request.query.filter({ $0.name == "ports" }).flatMap({ $0.value.split(separator: ",") }) {
      guard let port = UInt16(text) else { throw .badRequest("unable to parse \"\(text)\" as a port") }
      guard port > 0 else { throw .badRequest("port \"\(text)\" must be > 0") }
      ports.append(port)
    }
    guard !ports.isEmpty else { throw .badRequest("query parameter \"ports\" is required") }
    guard ports.count <= PortChannels.portsMax else {
      throw .badRequest("at most \(PortChannels.portsMax) ports can be forwarded by one request")
    }
    return ports
  }

  private func boundPod(_ scope: RequestScope) throws -> Pod {
    let pod = try Self.decode(Pod.self, try existing(scope))
    guard !pod.spec.nodeName.isEmpty else {
      throw APIError.badRequest("pod \(pod.metadata.name) does not have a host assigned")
    }
    return pod
  }

  private func runningContainer(_ scope: RequestScope) throws -> (NamespacedName, String) {
    let pod = try boundPod(scope)
    let container = try Self.container(scope.request.query("container"), of: pod)
    let statuses = pod.status.containerStatuses + pod.status.initContainerStatuses
    guard statuses.contains(where: { $0.name == container && $0.state.running != nil }) else {
      // The words that the kubelet answers with.
      throw APIError(
        code: 500, reason: "InternalError",
        message: "unable to upgrade connection: container not found (\"\(container)\")")
    }
    return (pod.key, container)
  }

  private static func execOptions(_ scope: RequestScope, withCommand: Bool) throws(APIError) -> ProgramOptions {
    let request = scope.request
    func flag(_ name: String) -> Bool { ["true", "1"].contains(request.query(name) ?? "") }
    var options = ProgramOptions()
    if withCommand {
      options.command = request.query.filter { $0.name == "command" }.map(\.value)
      guard options.command.first?.isEmpty == false else {
        throw .badRequest("you must specify at least one command for the container")
      }
    }
    options.isTerminal = flag("tty")
    options.hasInput = flag("stdin")
    options.hasOutput = flag("stdout")
    // A terminal has one output.
    options.hasErrorOutput = flag("stderr") && !options.isTerminal
    guard options.hasInput || options.hasOutput || options.hasErrorOutput else {
      throw .badRequest("you must specify at least 1 of stdin, stdout, stderr")
    }
    return options
  }
}

extension ProgramOptions {
  /// As admission webhooks are told of it.
  fileprivate func json(kind: String, _ container: String) -> JSONValue {
    var object: JSONObject = ["kind": .string(kind), "apiVersion": "v1"]
    if hasInput { object["stdin"] = true }
    if hasOutput { object["stdout"] = true }
    if hasErrorOutput { object["stderr"] = true }
    if isTerminal { object["tty"] = true }
    object["container"] = .string(container)
    if !command.isEmpty { object["command"] = .array(command.map { .string($0) }) }
    return .object(object)
  }
}
