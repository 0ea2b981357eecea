import Kubernetes

/// How fast a push may go out with the capacity that there is.
struct SendPace {
  /// Requests per second that the edge takes besides its other load.
  var edgeRate: Double
  /// Notifications per second whose answers stay within it: a steady stream of p notifications brings p × open rate.
  var notificationsPerSecond: Double

  /// - Parameter pods: how many pods of a service count.
  /// - Returns: nil where a service's capacity is unknown, or where the whole push fits at once.
  init?(
    _ forecast: CampaignForecast, _ floors: [PushCampaign.Floor], _ fleet: Fleet, pods: (PushCampaign.Floor) -> Int
  ) {
    var rate = Double.infinity
    for floor in floors {
      guard let factor = forecast.factors[floor.service], factor > 0, let perPod = fleet[floor.service]?.perPod
      else { continue }
      rate = min(rate, max((Double(pods(floor)) * perPod - floor.baseLoad) / factor, 0))
    }
    guard rate.isFinite, rate < forecast.edgePeak else { return nil }
    edgeRate = (rate * 10).rounded(.down) / 10
    notificationsPerSecond = (rate / forecast.openRate * 10).rounded(.down) / 10
  }
}
