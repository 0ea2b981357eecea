extension InterruptionHandler {
  /// How interrupted nodes are replaced and emptied. Periods in seconds.
  public struct Configuration: Sendable, Hashable {
    /// So long before a node's end its pods are evicted even where no room is ready for them, so that they end in order.
    /// Not sooner than requests under way need: until then they serve.
    public var lastCallSeconds = 15.0
    /// So long before its end a node is given back, whatever is on it.
    public var endMarginSeconds = 5.0
    /// Until an eviction that was refused is tried again.
    public var evictionRetrySeconds = 5.0
    /// Where so great a share of a spot group is interrupted at once, and more than one node, the cloud is short of it …
    public var shortageShare = 0.2
    /// … and gives none for so long.
    public var shortageSeconds = 300.0
    /// How replacements are chosen and what may be moved.
    public var nodes = NodeAutoscalingDecision.Configuration()

    public init() {}

    /// The same with every period divided by `speed`.
    public func scaled(by speed: Double) -> Configuration {
      var scaled = self
      scaled.lastCallSeconds /= speed
      scaled.endMarginSeconds /= speed
      scaled.evictionRetrySeconds /= speed
      scaled.shortageSeconds /= speed
      scaled.nodes = nodes.scaled(by: speed)
      return scaled
    }
  }
}
