import Kubernetes

/// A Kubernetes API, typed and untyped, over any transport.
///
/// Failed requests throw `APIError`; answers that do not fit their kind throw `FieldError`; where no answer came,
/// `TransportError`. What is tried again, `RetryPolicy` says. It is a value: a copy with other settings is another client
/// over the same connections.
public struct KubernetesClient: Sendable {
  public let transport: any KubernetesTransport
  /// Under which name the fields that this client writes are owned.
  public var fieldManager: String
  public var retries = RetryPolicy()
  /// By which back-offs, limits and leases wait.
  public var clock: any Clock<Duration> = ContinuousClock()
  /// Writes are checked and answered as always, and not kept.
  public var isDryRun = false
  /// What becomes of unknown and repeated fields of what is written; nil leaves it to the server, which warns.
  public var fieldValidation: FieldValidation?
  /// Holds requests (not watches) back; nil, as is the default, leaves that to the server's priority and fairness.
  public var rateLimit: RateLimit?
  /// Gets what the server warns of, such as a deprecated API.
  public var onWarning: @Sendable (String) -> Void = { _ in }

  public init(transport: any KubernetesTransport, fieldManager: String = "sakigake") {
    self.transport = transport
    self.fieldManager = fieldManager
  }

  /// - Throws: `APIError` for an answer of 400 and above.
  public func json(_ request: APIRequest) async throws -> JSONValue {
    let bytes = try await respond(request).gathered()
    do { return try JSONValue(parsing: bytes) } catch {
      throw TransportError(.malformed, "the answer to \(request.method.rawValue) \(request.path) is not JSON: \(error)")
    }
  }

  /// The answer to a request, tried again as `retries` says.
  /// - Throws: `APIError` for an answer of 400 and above.
  public func respond(_ request: APIRequest) async throws -> APIResponse {
    var attempt = 1
    while true {
      if let rateLimit, !request.isWatch { try await rateLimit.wait(by: clock) }
      let delay: Duration
      do {
        let response = try await transport.send(request)
        for warning in response.warnings { onWarning(warning) }
        if response.status < 400 { return response }
        let error = try await APIError(refusal: response)
        guard let pause = retries.delay(after: response, error: error, to: request, attempt: attempt) else {
          throw error
        }
        delay = pause
      } catch let error as TransportError {
        guard let pause = retries.delay(after: error, to: request, attempt: attempt) else { throw error }
        delay = pause
      }
      try await clock.sleep(for: delay)
      attempt += 1
    }
  }
}

/// How strictly a server reads what is written (`fieldValidation`).
public enum FieldValidation: String, Sendable { case strict = "Strict", warn = "Warn", ignore = "Ignore" }

extension APIResponse {
  /// The texts of the `Warning` headers, which Kubernetes writes as `299 - "text"` (RFC 7234, 5.5).
  var warnings: [String] {
    headers.filter { $0.name.lowercased() == "warning" }.flatMap { header -> [String] in
      var texts: [String] = []
      var text: String?
      var isEscaped = false
      for character in header.value {
        switch (text, character) {
        case (nil, "\""): text = ""
        case (nil, _): break
        case (let open?, _) where isEscaped:
          text = open + String(character)
          isEscaped = false
        case (_?, "\\"): isEscaped = true
        case (let whole?, "\""):
          // The optional date of a warning is quoted, too; Kubernetes writes none.
          texts.append(whole)
          text = nil
        case (let open?, _): text = open + String(character)
        }
      }
      return texts
    }
  }
}

extension ResourceType {
  /// The path of an object whose name came from elsewhere: no name may lead out of its collection.
  func checkedPath(namespace: String, name: String?, subresource: String? = nil) throws -> String {
    for part in [namespace, name ?? "-"] where part == "." || part == ".." || part.contains("/") || part.contains("%") {
      throw APIError.badRequest("\"\(part)\" cannot be the name of \(qualifiedPlural)")
    }
    if name?.isEmpty == true { throw APIError.badRequest("the name of \(qualifiedPlural) is empty") }
    return path(namespace: namespace, name: name, subresource: subresource)
  }
}
