import Kubernetes

/// When a request is sent again: reads after 429, 5xx and lost connections; writes after a 429 that says when, and where
/// no connection was made, for only then is it certain that nothing was done. Evictions never after a 429, which means
/// that a disruption budget says no.
public struct RetryPolicy: Sendable {
  public var attemptsMax = 4
  public var first = Duration.milliseconds(100)
  /// Longer `Retry-After`s are not waited for.
  public var longest = Duration.seconds(10)

  public init() {}

  func delay(after response: APIResponse, error: APIError, to request: APIRequest, attempt: Int) -> Duration? {
    guard attempt < attemptsMax else { return nil }
    let asked = Self.retryAfter(response, error)
    switch response.status {
    case 429:
      if request.path.hasSuffix("/eviction") { return nil }
      if request.method != .get, asked == nil { return nil }
    case 500, 502, 503, 504:
      guard request.method == .get else { return nil }
    default: return nil
    }
    let delay = asked ?? backoff(attempt)
    return delay <= longest ? delay : nil
  }

  func delay(after error: TransportError, to request: APIRequest, attempt: Int) -> Duration? {
    guard attempt < attemptsMax else { return nil }
    switch error.code {
    case .unreachable: return backoff(attempt)
    case .connection, .timeout: return request.method == .get ? backoff(attempt) : nil
    case .tooLarge, .malformed: return nil
    }
  }

  private func backoff(_ attempt: Int) -> Duration {
    Backoff(first: first, longest: longest).delay(attempt: attempt)
  }

  private static func retryAfter(_ response: APIResponse, _ error: APIError) -> Duration? {
    let header = response.headers.first { $0.name.lowercased() == "retry-after" }.flatMap { Int($0.value) }
    let detail = error.details?["retryAfterSeconds"]?.integerValue.map(Int.init)
    return (header ?? detail).flatMap { $0 > 0 ? .seconds($0) : nil }
  }
}

/// Waits that double from `first` to `longest`, each shortened by chance to keep many clients from acting as one.
public struct Backoff: Sendable {
  public var first: Duration
  public var longest: Duration

  public init(first: Duration, longest: Duration) {
    self.first = first
    self.longest = longest
  }

  /// - Parameter attempt: counted from 1.
  public func delay(attempt: Int) -> Duration {
    let full = min(first * (1 << min(max(attempt, 1) - 1, 16)), longest)
    return full * Double.random(in: 0.75...1)
  }
}
