import Kubernetes

/// Campaigns that were announced or written, and that the view may not show yet.
struct UnseenCampaigns {
  /// Longer no view lags; what it does not show by then is gone.
  static let secondsMax = 10.0

  private var entries: [NamespacedName: (campaign: PushCampaign, until: Timestamp)] = [:]

  subscript(key: NamespacedName) -> PushCampaign? { entries[key]?.campaign }

  mutating func keep(_ campaign: PushCampaign, at now: Timestamp) {
    guard campaign.isNewer(than: entries[campaign.key]?.campaign) else { return }
    entries[campaign.key] = (campaign, now + Self.secondsMax)
  }

  /// Puts the campaigns that are newer than the view's into it, and forgets the others.
  mutating func lay(over view: inout ClusterView, at now: Timestamp) {
    for (key, entry) in entries {
      if entry.until > now, entry.campaign.isNewer(than: view.pushCampaigns[key]) {
        view.pushCampaigns[key] = entry.campaign
      } else {
        entries[key] = nil
      }
    }
    // Who leaves the time out wants it sent as soon as it was asked for.
    for (key, campaign) in view.pushCampaigns where campaign.spec.sendAt == nil {
      view.pushCampaigns[key]?.spec.sendAt = campaign.metadata.creationTimestamp ?? now
    }
  }
}

extension PushCampaign {
  func isNewer(than other: PushCampaign?) -> Bool {
    guard let other else { return true }
    return UInt64(metadata.resourceVersion) ?? 0 > UInt64(other.metadata.resourceVersion) ?? 0
  }
}
