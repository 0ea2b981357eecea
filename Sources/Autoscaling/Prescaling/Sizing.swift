/// How many pods serve a load.
public enum Sizing {
  /// `ceil(load / perPod)`; a millionth of a pod is rounding error, not need.
  /// - Parameters:
  ///   - load: requests per second.
  ///   - perPod: what one pod should be given: capacity × target utilization.
  public static func replicas(load: Double, perPod: Double) -> Int {
    guard load > 0, perPod > 0 else { return 0 }
    return Int(min((load / perPod - 1e-6).rounded(.up), Double(Int32.max)))
  }
}
