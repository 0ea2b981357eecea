import Kubernetes

/// What pushes of one namespace bring together to each service over time.
struct PushProfiles {
  /// What it was summed from, where the fleet's calls are as they were.
  private struct Part: Equatable {
    var push: NamespacedName
    var load: CampaignLoad
    var entries: [String]

    init(_ forecast: CampaignForecast) {
      push = forecast.key
      load = forecast.load
      entries = forecast.entries
    }
  }
  private let parts: [Part]
  /// By the fleet's number of the service; nil where no push reaches it.
  private var profiles: [LoadProfile?]

  init() {
    parts = []
    profiles = []
  }

  /// - Parameter forecasts: by name, so that sums are made in the same order each time.
  init(_ forecasts: [CampaignForecast], _ fleet: Fleet) {
    parts = forecasts.map(Part.init)
    profiles = [LoadProfile?](repeating: nil, count: fleet.services.count)
    let bends = LoadBends(forecasts.map(\.load))
    for (number, service) in fleet.services.enumerated() {
      let weights = forecasts.map { $0.factors[service.key.name] }
      guard weights.contains(where: { $0 != nil }) else { continue }
      profiles[number] = bends.profile(weights: weights.map { $0 ?? 0 })
    }
  }

  /// Whether it is what these pushes bring.
  func isOf(_ forecasts: [CampaignForecast]) -> Bool {
    parts.count == forecasts.count && zip(parts, forecasts).allSatisfy { $0 == Part($1) }
  }

  /// The greatest load on a service between two moments, requests per second.
  func peak(on service: Int, from start: Timestamp, to end: Timestamp) -> Double {
    service < profiles.count ? profiles[service]?.peak(from: start, to: end) ?? 0 : 0
  }
}
