import Kubernetes

/// What a node says of itself beside its name: nodes of one group mostly say the same.
final class NodeLikeness: Sendable, Hashable {
  /// Without the host name.
  private let labels: Labels
  private let repellingTaints: [Taint]
  private let isUnschedulable: Bool
  private let hash: Int

  init(labels: Labels, repellingTaints: [Taint], isUnschedulable: Bool) {
    var shared = labels
    shared[WellKnown.hostname] = nil
    self.labels = shared
    self.repellingTaints = repellingTaints
    self.isUnschedulable = isUnschedulable
    hash = shared.hashValue
  }

  static func == (left: NodeLikeness, right: NodeLikeness) -> Bool {
    left === right
      || left.hash == right.hash && left.isUnschedulable == right.isUnschedulable
        && left.repellingTaints == right.repellingTaints && left.labels == right.labels
  }

  func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

/// The nodes of a snapshot in classes of those that differ in their names alone, so that a kind of pod asks each class
/// once whether it may be there.
struct NodeClasses: Sendable {
  private struct Class: Sendable {
    var likeness: NodeLikeness
    var nodes = 0
  }
  /// By node; -1 for none.
  private(set) var ofNode: [Int32] = []
  private var classes: [Class] = []
  private var numbers: [NodeLikeness: Int32] = [:]
  /// Classes that lost their last node, in that order; some have one again.
  private var idle: [Int32] = []
  /// So many without a node are kept, as groups grow again.
  private static let idleMax = 256
  /// Numbers that stand for another class than before.
  private(set) var reused = ChangeLog()

  var count: Int { classes.count }

  /// A node is there, is another one, or is gone (nil).
  mutating func set(_ node: NodeTraits?, at slot: Int) {
    while ofNode.count <= slot { ofNode.append(-1) }
    let before = ofNode[slot]
    if let node {
      let number = number(of: node.likeness)
      ofNode[slot] = number
      classes[Int(number)].nodes += 1
    } else {
      ofNode[slot] = -1
    }
    guard before >= 0 else { return }
    classes[Int(before)].nodes -= 1
    if classes[Int(before)].nodes == 0 { idle.append(before) }
  }

  private mutating func number(of likeness: NodeLikeness) -> Int32 {
    if let known = numbers[likeness] { return known }
    if idle.count > Self.idleMax {
      // Only those that have had no node since.
      var seen: Set<Int32> = []
      idle = idle.filter { classes[Int($0)].nodes == 0 && seen.insert($0).inserted }
    }
    if idle.count > Self.idleMax {
      let number = idle.removeFirst()
      numbers[classes[Int(number)].likeness] = nil
      classes[Int(number)] = Class(likeness: likeness)
      numbers[likeness] = number
      reused.append(Int(number))
      return number
    }
    let number = Int32(classes.count)
    classes.append(Class(likeness: likeness))
    numbers[likeness] = number
    return number
  }
}
