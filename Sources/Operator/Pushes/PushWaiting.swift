import Kubernetes
import KubernetesClient
import Synchronization

extension PushAPI {
  static let waitSecondsDefault = 300
  static let waitSecondsMax = 600

  /// A push as it is, or, with `waitFor=ready`, as soon as it is ready.
  func show(_ id: String, _ request: APIRequest) async throws -> APIResponse {
    let limitSeconds = try waitLimit(request)
    let campaign = try await find(id, request)
    guard let limitSeconds else { return answer(200, campaign.answer) }
    guard waiting.enter() else {
      throw PushFailure(
        429, "tooManyWaiting", "\(waiting.placesMax) requests wait already; ask again", headers: [("Retry-After", "1")])
    }
    defer { waiting.leave() }
    switch try await outcome(of: campaign, within: .seconds(limitSeconds)) {
    case .ready(let campaign): return answer(200, campaign.answer)
    case .cancelled(let campaign):
      throw PushFailure(409, "cancelled", "push \"\(id)\" was cancelled", push: campaign.answer)
    case .gone: throw PushFailure(404, "notFound", "push \"\(id)\" was deleted while its readiness was waited for")
    case .late(let campaign):
      throw PushFailure(504, "timeout", "push \"\(id)\" is not ready after \(limitSeconds) s", push: campaign.answer)
    }
  }

  /// - Returns: nil where nothing is to be waited for.
  private func waitLimit(_ request: APIRequest) throws -> Int? {
    let text = request.query("timeoutSeconds")
    guard let waitFor = request.query("waitFor") else {
      if text != nil { throw PushFailure.invalid("timeoutSeconds", "has no meaning without waitFor=ready") }
      return nil
    }
    guard waitFor == "ready" else {
      throw PushFailure.invalid("waitFor", "can be \"ready\", found \"\(waitFor.prefix(40))\"")
    }
    guard let text else { return Self.waitSecondsDefault }
    guard let seconds = Int(text), (1...Self.waitSecondsMax).contains(seconds) else {
      throw PushFailure.invalid(
        "timeoutSeconds", "must be whole seconds from 1 to \(Self.waitSecondsMax), found \"\(text.prefix(40))\"")
    }
    return seconds
  }

  private enum Outcome: Sendable {
    case ready(PushCampaign)
    case cancelled(PushCampaign)
    case gone
    case late(PushCampaign)
  }

  private func outcome(of campaign: PushCampaign, within limit: Duration) async throws -> Outcome {
    try await withThrowingTaskGroup(of: Outcome.self) { group in
      group.addTask { try await self.settled(campaign) }
      group.addTask {
        try await self.client.clock.sleep(for: limit)
        return .late(await self.cache.view.pushCampaigns[campaign.key] ?? campaign)
      }
      defer { group.cancelAll() }
      return try await group.next() ?? .late(campaign)
    }
  }

  private func settled(_ campaign: PushCampaign) async throws -> Outcome {
    if let outcome = Self.outcome(campaign) { return outcome }
    var wasSeen = false
    // Subscribed before looking, so that no change falls between.
    let updates = await cache.updates()
    repeat {
      if let current = await cache.view.pushCampaigns[campaign.key], current.metadata.uid == campaign.metadata.uid {
        wasSeen = true
        if let outcome = Self.outcome(current) { return outcome }
      } else if wasSeen {
        return .gone
      }
      var iterator = updates.makeAsyncIterator()
      guard await iterator.next() != nil else { throw CancellationError() }
    } while true
  }

  private static func outcome(_ campaign: PushCampaign) -> Outcome? {
    if campaign.isReady { return .ready(campaign) }
    return campaign.status.phase == PushCampaign.Phase.cancelled.rawValue ? .cancelled(campaign) : nil
  }
}

/// Counts those who wait, and lets in no more than there are places for.
final class WaitingRoom: Sendable {
  let placesMax: Int
  private let taken = Mutex(0)

  init(placesMax: Int) { self.placesMax = placesMax }

  func enter() -> Bool {
    taken.withLock { taken in
      guard taken < placesMax else { return false }
      taken += 1
      return true
    }
  }

  func leave() { taken.withLock { $0 -= 1 } }
}
