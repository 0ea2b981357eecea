import Kubernetes

/// Which of the nodes that fit is the best: kube-scheduler's default plugins, each 0 to 100, weighted as there.
enum NodeScoring {
  private static let nodeAffinityWeight = 2.0
  private static let taintWeight = 3.0
  private static let spreadWeight = 2.0
  private static let podAffinityWeight = 2.0

  /// - Parameter scores: room to work in.
  /// - Returns: the best of `feasible`, which is not empty; equal scores are told apart by seed and name.
  static func best(
    of feasible: [Int], for pod: inout PodRequirements, in snapshot: ClusterSnapshot, seed: UInt64,
    scores: inout [Double]
  ) -> Int {
    if feasible.count == 1 { return feasible[0] }
    addResources(&scores, feasible, pod, snapshot)
    addPreferences(&scores, feasible, &pod, snapshot)
    addTaints(&scores, feasible, pod, snapshot)
    addSpread(&scores, feasible, pod, snapshot)
    addPodAffinity(&scores, feasible, pod, snapshot)
    return scores.withUnsafeBufferPointer { scores in
      feasible.withUnsafeBufferPointer { feasible in
        snapshot.loads.withUnsafeBufferPointer { loads in
          func lot(_ candidate: Int) -> UInt64 { SplitMix64.mixed(loads[feasible[candidate]].lot ^ seed) }
          var best = 0
          var bestLot: UInt64?
          for candidate in 1..<scores.count where scores[candidate] >= scores[best] {
            if scores[candidate] > scores[best] {
              (best, bestLot) = (candidate, nil)
            } else {
              let (challenger, champion) = (lot(candidate), bestLot ?? lot(best))
              (best, bestLot) = challenger > champion ? (candidate, challenger) : (best, champion)
            }
          }
          return feasible[best]
        }
      }
    }
  }

  private static func addResources(
    _ scores: inout [Double], _ feasible: [Int], _ pod: PodRequirements, _ snapshot: ClusterSnapshot
  ) {
    let (cpu, memory) = (pod.shape.scoredCPU, pod.shape.scoredMemory)
    scores.removeAll(keepingCapacity: true)
    scores.append(contentsOf: repeatElement(0, count: feasible.count))
    scores.withUnsafeMutableBufferPointer { scores in
      feasible.withUnsafeBufferPointer { feasible in
        snapshot.loads.withUnsafeBufferPointer { loads in
          for index in feasible.indices { scores[index] = resources(cpu, memory, loads[feasible[index]]) }
        }
      }
    }
  }

  /// Least allocated, and processor and memory in balance.
  @inline(__always)
  private static func resources(_ cpu: Int64, _ memory: Int64, _ load: NodeLoad) -> Double {
    func share(_ used: Int64, _ whole: Int64) -> Double { whole <= 0 ? 1 : min(1, Double(used) / Double(whole)) }
    let cpu = share(load.cpuMillicores + cpu, load.allocatableMillicores)
    let memory = share(load.memoryBytes + memory, load.allocatableBytes)
    let least = (1 - cpu + 1 - memory) * 50
    let balanced = (1 - abs(cpu - memory) / 2) * 100
    return least + balanced
  }

  private static func addPreferences(
    _ scores: inout [Double], _ feasible: [Int], _ pod: inout PodRequirements, _ snapshot: ClusterSnapshot
  ) {
    if !pod.hasPreferences { return }
    let weights = pod.preferences(forNodes: feasible, in: snapshot)
    guard let most = weights.max(), most > 0 else { return }
    for index in scores.indices { scores[index] += Double(weights[index]) / Double(most) * 100 * nodeAffinityWeight }
  }

  private static func addTaints(
    _ scores: inout [Double], _ feasible: [Int], _ pod: PodRequirements, _ snapshot: ClusterSnapshot
  ) {
    if snapshot.dislikedCount == 0 { return }
    let disliked = feasible.map { node in
      snapshot.nodes[node].traits.softTaints.count { taint in
        !pod.shape.traits.tolerations.contains { $0.tolerates(taint) }
      }
    }
    guard let most = disliked.max(), most > 0 else { return }
    for index in scores.indices { scores[index] += (1 - Double(disliked[index]) / Double(most)) * 100 * taintWeight }
  }

  private static func addSpread(
    _ scores: inout [Double], _ feasible: [Int], _ pod: PodRequirements, _ snapshot: ClusterSnapshot
  ) {
    if pod.softSpread.isEmpty { return }
    var costs = [Double](repeating: 0, count: feasible.count)
    for rule in pod.softSpread { addCosts(&costs, of: rule, feasible, snapshot) }
    var least = Double.infinity
    var most = 0.0
    // A node that lacks one of the labels is outside, and stays so.
    for cost in costs where cost >= 0 {
      least = min(least, cost)
      most = max(most, cost)
    }
    scores.withUnsafeMutableBufferPointer { scores in
      costs.withUnsafeBufferPointer { costs in
        for index in costs.indices where costs[index] >= 0 {
          scores[index] += (most == 0 ? 100 : 100 * (most + least - costs[index]) / most) * spreadWeight
        }
      }
    }
  }

  /// So many pods of the rule's kind are in the domain of each node, weighed.
  private static func addCosts(
    _ costs: inout [Double], of rule: PodRequirements.SpreadRule, _ feasible: [Int], _ snapshot: ClusterSnapshot
  ) {
    // A domain of few values weighs more than one of many: upstream's ln(domains + 2).
    let weight = naturalLogarithm(of: snapshot.domainCount(rule.counter) + 2)
    let base = Double(rule.maxSkew - 1)
    costs.withUnsafeMutableBufferPointer { costs in
      feasible.withUnsafeBufferPointer { feasible in
        snapshot.topologies[snapshot.counters[rule.counter].topology].domainOfNode.withUnsafeBufferPointer { domains in
          snapshot.counters[rule.counter].counts.withUnsafeBufferPointer { counts in
            for index in feasible.indices {
              let domain = Int(domains[feasible[index]])
              if domain < 0 {
                costs[index] = -Double.infinity
              } else {
                costs[index] += (domain < counts.count ? Double(counts[domain]) * weight : 0) + base
              }
            }
          }
        }
      }
    }
  }

  /// By sums and quotients only, whose last bit is the same on every machine. `number` is above 0.
  static func naturalLogarithm(of number: Int) -> Double {
    let bits = Int.bitWidth - number.leadingZeroBitCount
    let scale = Double(1 << (bits - 1))
    // number = scale · m with m in [1, 2), and ln m = 2 artanh((m − 1) / (m + 1)).
    let mantissa = Double(number) / scale
    let ratio = (mantissa - 1) / (mantissa + 1)
    var power = ratio
    var sum = 0.0
    for exponent in stride(from: 1.0, through: 31, by: 2) {
      sum += power / exponent
      power *= ratio * ratio
    }
    return 2 * sum + Double(bits - 1) * 0.693_147_180_559_945_3
  }

  private static func addPodAffinity(
    _ scores: inout [Double], _ feasible: [Int], _ pod: PodRequirements, _ snapshot: ClusterSnapshot
  ) {
    if pod.preferredPods.isEmpty, pod.drawnTo.isEmpty { return }
    var weights = [Int](repeating: 0, count: feasible.count)
    for (counter, weight) in pod.preferredPods + pod.drawnTo {
      for (index, node) in feasible.enumerated() {
        weights[index] += weight * (snapshot.count(counter, onNode: node) ?? 0)
      }
    }
    guard let least = weights.min(), let most = weights.max(), most > least else { return }
    for index in scores.indices {
      scores[index] += Double(weights[index] - least) / Double(most - least) * 100 * podAffinityWeight
    }
  }
}
