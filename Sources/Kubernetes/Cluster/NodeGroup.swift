/// A set of equal nodes that a cloud grows and shrinks by number.
public struct NodeGroup: Sendable, Hashable {
  public var name: String
  public var instanceType: String
  /// What a fresh node of this group offers, and what it is called and marked with.
  public var allocatable: ResourceList
  public var labels: Labels
  public var taints: [Taint]
  public var minimum: Int
  public var maximum: Int
  /// The size that was asked for last; nodes follow after `bootSeconds`.
  public var target: Int
  /// Of the target, nodes that the cloud was asked for and says it has none for at the moment.
  public var refused = 0
  /// From the request to the node's Ready, as declared.
  public var bootSeconds: Double
  public var isSpot: Bool
  public var pricePerHour: Double

  public init(
    name: String, instanceType: String, allocatable: ResourceList, labels: Labels = [:], taints: [Taint] = [],
    minimum: Int = 0, maximum: Int, target: Int = 0, bootSeconds: Double, isSpot: Bool = false, pricePerHour: Double = 0
  ) {
    self.name = name
    self.instanceType = instanceType
    self.allocatable = allocatable
    self.labels = labels
    self.taints = taints
    self.minimum = minimum
    self.maximum = maximum
    self.target = target
    self.bootSeconds = bootSeconds
    self.isSpot = isSpot
    self.pricePerHour = pricePerHour
  }
}
