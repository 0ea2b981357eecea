import Kubernetes

/// The pushes of one namespace that are not over, and what they bring together.
struct NamespacePushes {
  let profiles: PushProfiles
  /// Whether recipients of no push may be answering now.
  private(set) var isQuiet = true
  private var bases: [String: Base] = [:]

  /// The greatest load besides pushes that one was sized on, and the greatest of any other.
  private struct Base {
    var greatest: Double
    var holder: NamespacedName
    var next: Double?
  }

  init() { profiles = PushProfiles() }

  init(
    _ forecasts: [CampaignForecast], _ campaigns: [NamespacedName: PushCampaign], _ profiles: PushProfiles,
    at now: Timestamp
  ) {
    self.profiles = profiles
    isQuiet = !forecasts.contains { $0.isAnswered(at: now) }
    let floors = forecasts.map { campaigns[$0.key]?.status.floors ?? [] }
    // Only a push without floors of its own asks what others were sized on.
    guard zip(forecasts, floors).contains(where: { !$0.services.elementsEqual($1.lazy.map(\.service)) }) else { return }
    for (forecast, floors) in zip(forecasts, floors) {
      for floor in floors { note(max(floor.baseLoad, 0), of: forecast.key, on: floor.service) }
    }
  }

  private mutating func note(_ load: Double, of push: NamespacedName, on service: String) {
    guard var base = bases[service] else {
      bases[service] = Base(greatest: load, holder: push)
      return
    }
    if base.holder == push {
      base.greatest = max(base.greatest, load)
    } else if load > base.greatest {
      base = Base(greatest: load, holder: push, next: base.greatest)
    } else {
      base.next = max(base.next ?? 0, load)
    }
    bases[service] = base
  }

  /// What other pushes were sized on, requests per second; nil where there is none.
  func base(on service: String, besides push: NamespacedName) -> Double? {
    guard let base = bases[service] else { return nil }
    return base.holder == push ? base.next : base.greatest
  }
}
