/// How capacity follows the load.
public enum Strategy: String, Sendable, CaseIterable {
  /// HPA and node autoscaler.
  case reactive
  /// The same, with floors by the clock around each push of the calendar, as a cron scaler sets them.
  case scheduled
  /// The same, with the prescaler.
  case prescaled
  /// Prescaled, where the sender keeps to the rate that the plan asks for.
  case paced
  /// Sized for the peak all day.
  case `static`
  /// Knows what comes: the least node cost with which no request fails. A bound, not a strategy that one could follow.
  case clairvoyant
}
