import Kubernetes

/// What was done to a snapshot while something was tried, so that it can be taken back.
struct TrialJournal: Sendable {
  enum Entry: Sendable {
    case placed(NamespacedName, node: Int)
    case forgotten(PodInfo, group: Int, node: Int)
    case added(node: Int)
    case removed(NodeTraits, node: Int, isClosed: Bool)
    case replaced(NodeTraits, node: Int)
    case closed(node: Int, before: Bool)
  }
  fileprivate var entries: [Entry] = []
  fileprivate var trials = 0
  /// Rises with each thing done that is not a trial.
  private(set) var lasting = 0

  /// - Returns: whether it is no trial.
  @inline(__always)
  mutating func note(_ entry: Entry) -> Bool {
    if trials > 0 {
      entries.append(entry)
      return false
    }
    lasting += 1
    return true
  }
}

extension ClusterSnapshot {
  /// The moment to which `rollBack` returns.
  public struct Trial: Sendable {
    fileprivate let position: Int
  }

  /// Rises with all that is done outside of trials.
  public var version: Int { journal.lasting }

  /// From here on everything is written down. Trials may be nested; each must end in `rollBack` or `keep`.
  public mutating func beginTrial() -> Trial {
    journal.trials += 1
    return Trial(position: journal.entries.count)
  }

  /// Takes back everything that was done since the trial began.
  public mutating func rollBack(_ trial: Trial) {
    while journal.entries.count > trial.position, let entry = journal.entries.popLast() {
      let mark = journal.entries.count
      undo(entry)
      // Undoing is not to be undone.
      journal.entries.removeLast(journal.entries.count - mark)
    }
    journal.trials -= 1
  }

  /// Leaves what was done to the trial around this one; the outermost must be rolled back.
  mutating func keep(_ trial: Trial) { journal.trials -= 1 }

  /// The nodes that were given a pod since a trial began.
  func nodesGivenPods(since trial: Trial) -> Set<Int> {
    var nodes: Set<Int> = []
    for case .placed(_, let node) in journal.entries[trial.position...] { nodes.insert(node) }
    return nodes
  }

  private mutating func undo(_ entry: TrialJournal.Entry) {
    switch entry {
    case .placed(let key, let node): forget(key, onNode: node)
    case .forgotten(let pod, let group, let node): assume(pod, group: group, onNode: node)
    case .added(let node): removeNode(node)
    // Last in, first out: the row that is free last is the one that it had.
    case .removed(let traits, let node, let isClosed):
      addNode(traits)
      setClosed(isClosed, node: node)
    case .replaced(let traits, let node): replaceTraits(ofNode: node, with: traits)
    case .closed(let node, let before): setClosed(before, node: node)
    }
  }
}
