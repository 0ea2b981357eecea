import AsyncHTTPClient
import Kubernetes
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization

/// Asks webhooks over HTTPS.
///
/// A webhook is known by the name that its certificate must have; where it is a service of the cluster, the connection
/// goes to one of the service's ready endpoints.
final class WebhookClient: Sendable {
  static let answerBytesMax = 3 << 20
  static let connectionsPerWebhookMax = 16
  /// Webhooks whose connections are kept.
  static let keptMax = 32

  /// Where to connect, and whom to expect there.
  private struct Target: Sendable, Hashable {
    var url: String
    /// The name in `url`, and the address to use for it; nil where the name is to be looked up.
    var override: [String: String]
    var authorities: [UInt8]
  }

  /// Ends its connections when nobody uses it any more.
  private final class Connections: Sendable {
    let client: HTTPClient

    init(_ target: Target) throws {
      var tls = TLSConfiguration.makeClientConfiguration()
      if !target.authorities.isEmpty {
        tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(target.authorities))
      }
      var configuration = HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow)
      configuration.httpVersion = .http1Only
      configuration.dnsOverride = target.override
      configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit =
        WebhookClient.connectionsPerWebhookMax
      // Nobody there is an answer, too: it is not tried again until the time is over.
      configuration.connectionPool.retryConnectionEstablishment = false
      client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit { client.shutdown { _ in } }
  }

  private let store: Store
  private let kept = Mutex<[Target: Connections]>([:])

  init(store: Store) { self.store = store }

  /// - Throws: where there is no answer in time, or none that is one to the question.
  func ask(_ webhook: Webhook, _ review: AdmissionReview) async throws(WebhookFailure) -> AdmissionVerdict {
    let bytes: [UInt8]
    do throws(WebhookFailure) { bytes = try await answer(of: webhook, to: review) } catch {
      let url = Self.timed(webhook.place.address, webhook)
      throw WebhookFailure("failed to call webhook: Post \"\(url)\": \(error)")
    }
    return try AdmissionVerdict(bytes, to: review)
  }

  private func answer(of webhook: Webhook, to review: AdmissionReview) async throws(WebhookFailure) -> [UInt8] {
    let target = try target(of: webhook)
    let connections: Connections
    do { connections = try self.connections(target) } catch {
      throw WebhookFailure("unable to load root certificates: \(error)")
    }
    return try await Self.post(
      review.body, to: Self.timed(target.url, webhook), connections.client, seconds: webhook.timeoutSeconds
    ).get()
  }

  /// The URL with the time that the webhook has to answer.
  private static func timed(_ url: String, _ webhook: Webhook) -> String {
    "\(url)\(url.contains("?") ? "&" : "?")timeout=\(webhook.timeoutSeconds)s"
  }

  private func connections(_ target: Target) throws -> Connections {
    if let known = kept.withLock({ $0[target] }) { return known }
    let made = try Connections(target)
    return kept.withLock { kept in
      if let known = kept[target] { return known }
      if kept.count >= Self.keptMax { kept.removeAll() }
      kept[target] = made
      return made
    }
  }

  /// The answer's body; whatever takes longer than the time given is cut off.
  private static func post(_ body: [UInt8], to url: String, _ client: HTTPClient, seconds: Int64) async
    -> Result<[UInt8], WebhookFailure>
  {
    await withTaskGroup(of: Result<[UInt8], WebhookFailure>?.self) { group in
      group.addTask {
        do {
          var request = HTTPClientRequest(url: url)
          request.method = .POST
          request.headers.add(name: "Content-Type", value: "application/json")
          request.headers.add(name: "Accept", value: "application/json, */*")
          request.body = .bytes(ByteBuffer(bytes: body))
          let response = try await client.execute(request, timeout: .seconds(seconds))
          let answer = try await response.body.collect(upTo: answerBytesMax)
          guard (200..<300).contains(response.status.code) else {
            return .failure(WebhookFailure("the server answered \(response.status.code)"))
          }
          return .success(Array(answer.readableBytesView))
        } catch let error as HTTPClientError where error == .deadlineExceeded || error == .connectTimeout {
          return .failure(.late)
        } catch {
          return .failure(WebhookFailure("\(error)"))
        }
      }
      group.addTask {
        // Nil where the answer was faster.
        (try? await Task.sleep(for: .seconds(seconds))) == nil ? nil : .failure(.late)
      }
      defer { group.cancelAll() }
      for await outcome in group {
        if let outcome { return outcome }
      }
      return .failure(.late)
    }
  }

  // MARK: Where it is

  private func target(of webhook: Webhook) throws(WebhookFailure) -> Target {
    switch webhook.place {
    case .url(let url): return Target(url: url, override: [:], authorities: webhook.authorities)
    case .service(let service, let path, let port):
      let endpoint = try endpoint(of: service, port: port)
      return Target(
        url: Webhook.Place.service(service, path: path, port: endpoint.port).address,
        override: [Webhook.Place.host(of: service): endpoint.address], authorities: webhook.authorities)
    }
  }

  /// A ready endpoint of a service.
  private func endpoint(of service: NamespacedName, port: Int) throws(WebhookFailure) -> (address: String, port: Int) {
    let key = ObjectKey(resource: "services", namespace: service.namespace, name: service.name)
    guard let stored = store.object(key), let spec = (try? stored.value())?["spec"] else {
      throw WebhookFailure("service \"\(service.name)\" not found")
    }
    if spec["type"]?.stringValue == "ExternalName", let name = spec["externalName"]?.stringValue { return (name, port) }
    let ports = spec["ports"]?.arrayValue ?? []
    guard let wanted = ports.first(where: { $0["port"]?.integerValue == Int64(port) }) else {
      throw WebhookFailure("service \"\(service.name)\" has no port \(port)")
    }
    let name = wanted["name"]?.stringValue ?? ""
    var found: [(String, Int)] = []
    let slices = store.objects(ResourceType.endpointSlices.qualifiedPlural, in: service.namespace)
    for object in slices where object.labels["kubernetes.io/service-name"] == service.name {
      guard let slice = try? object.value() else { continue }
      let port = slice["ports"]?.arrayValue?.first { ($0["name"]?.stringValue ?? "") == name }?["port"]?.integerValue
      guard let port else { continue }
      for endpoint in slice["endpoints"]?.arrayValue ?? [] where endpoint["conditions"]?["ready"]?.boolValue ?? true {
        if let address = endpoint["addresses"]?.arrayValue?.first?.stringValue { found.append((address, Int(port))) }
      }
    }
    guard let chosen = found.randomElement() else {
      throw WebhookFailure("no endpoints available for service \"\(service.name)\"")
    }
    return (address: chosen.0, port: chosen.1)
  }
}

extension WebhookFailure {
  fileprivate static let late = WebhookFailure("context deadline exceeded")
}
