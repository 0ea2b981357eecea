extension Array {
  /// Of values in order, the smallest that at least the share `p` (0 to 1) of all do not exceed: the nearest rank, no
  /// mean of two. nil where there is none.
  package func nearestRank(_ p: Double) -> Element? {
    guard !isEmpty else { return nil }
    let rank = Int((p * Double(count)).rounded(.up))
    return self[Swift.min(Swift.max(rank, 1), count) - 1]
  }
}
