import Kubernetes

/// Durations as kubectl shows them: `45s`, `2m5s`, `3h20m`, `5d`.
package enum HumanDuration {
  /// The two largest units that matter, as apimachinery's `duration.HumanDuration`.
  package static func text(seconds: Double) -> String {
    let whole = Int(seconds)
    if whole < -1 { return "<invalid>" }
    if whole < 0 { return "0s" }
    if whole < 120 { return "\(whole)s" }
    let minutes = whole / 60
    if minutes < 10 { return pair(minutes, "m", whole % 60, "s") }
    if minutes < 180 { return "\(minutes)m" }
    let hours = whole / 3600
    if hours < 8 { return pair(hours, "h", minutes % 60, "m") }
    if hours < 48 { return "\(hours)h" }
    let days = hours / 24
    if days < 8 { return pair(days, "d", hours % 24, "h") }
    if days < 730 { return "\(days)d" }
    if days < 365 * 8 { return pair(days / 365, "y", days % 365, "d") }
    return "\(days / 365)y"
  }

  private static func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
    small == 0 ? "\(large)\(largeUnit)" : "\(large)\(largeUnit)\(small)\(smallUnit)"
  }

  /// How long ago an RFC 3339 time was; `<unknown>` where there is none.
  static func age(of time: JSONValue?, now: Timestamp) -> String {
    guard let text = time?.stringValue, let moment = Timestamp(parsing: text) else { return "<unknown>" }
    return self.text(seconds: now - moment)
  }
}
