import Kubernetes

/// The pushes of one namespace that are not over, and what they bring together: summed once for all of them.
struct NamespacePushes {
  /// By service: the load of all pushes.
  private(set) var profiles: [String: LoadProfile] = [:]
  /// Whether recipients of no push may be answering now.
  private(set) var isQuiet = true
  private var bases: [String: Base] = [:]

  /// The greatest load besides pushes that one was sized on, and the greatest of any other.
  private struct Base {
    var greatest: Double
    var holder: NamespacedName
    var next: Double?
  }

  init() {}

  /// - Parameter forecasts: by name, so that sums are made in the same order each time.
  init(_ forecasts: [CampaignForecast], _ campaigns: [NamespacedName: PushCampaign], at now: Timestamp) {
    isQuiet = !forecasts.contains { $0.isAnswered(at: now) }
    var weights: [String: [Double]] = [:]
    for (index, forecast) in forecasts.enumerated() {
      for (service, factor) in forecast.factors {
        weights[service, default: Array(repeating: 0, count: forecasts.count)][index] = factor
      }
      for floor in campaigns[forecast.key]?.status.floors ?? [] {
        note(max(floor.baseLoad, 0), of: forecast.key, on: floor.service)
      }
    }
    let bends = LoadBends(forecasts.map(\.load))
    profiles = weights.mapValues { bends.profile(weights: $0) }
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
