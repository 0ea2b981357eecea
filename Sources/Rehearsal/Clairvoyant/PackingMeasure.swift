import Autoscaling
import Kubernetes

/// A number for each pod and each node, such that the pods of a node together never have more than the node.
struct PackingMeasure {
  /// Of one pod of each service.
  let pods: [Double]
  /// Of one node of each group.
  let groups: [Double]
  /// Whether all nodes have the same: then only whole ones count.
  var isUniform: Bool { groups.allSatisfy { $0 == groups.first } }

  /// All measures that are worth looking at: each resource as it is, and what dual feasible functions make of it.
  static func all(pods: [Resources], groups: [Resources]) -> [PackingMeasure] {
    let resources: [KeyPath<Resources, Int64>] = [\.cpuMillicores, \.memoryBytes, \.pods]
    var measures: [PackingMeasure] = []
    for resource in resources {
      let amounts = pods.map { $0[keyPath: resource] }
      let largest = groups.map { $0[keyPath: resource] }.max() ?? 0
      guard largest > 0, amounts.contains(where: { $0 > 0 }) else { continue }
      measures.append(
        PackingMeasure(
          pods: amounts.map { Double($0) / Double(largest) },
          groups: groups.map { Double($0[keyPath: resource]) / Double(largest) }))
      // Of the number of pods nothing more is to be had: all of them are equal.
      guard resource != \.pods else { continue }
      for divisions in 1...divisionsMax {
        measures.append(
          PackingMeasure(
            pods: amounts.map { divided($0, of: largest, divisions) }, groups: groups.map { _ in 1 }))
      }
    }
    return measures.filter { measure in measure.pods.contains { $0 > 0 } }
  }

  private static let divisionsMax: Int64 = 12

  /// Fekete and Schepers' u(k): of a part x of a node x itself where (k + 1) x is whole, else ⌊(k + 1) x⌋ / k.
  private static func divided(_ amount: Int64, of whole: Int64, _ k: Int64) -> Double {
    let product = (k + 1).multipliedReportingOverflow(by: min(amount, whole))
    if product.overflow || product.partialValue % whole == 0 { return Double(min(amount, whole)) / Double(whole) }
    return Double(product.partialValue / whole) / Double(k)
  }
}
