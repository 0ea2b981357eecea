import Autoscaling
import Foundation
import Kubernetes
import Testing

/// cluster-autoscaler's own table for its estimator, read from beside the package.
@Suite struct NodesBinPackingVectorTests {
  static let path = "../shared/vectors/ca-estimator.jsonl"

  /// Nodes as upstream's table has them: cores in thousandths, memory in MiB, ten pods.
  static func node(_ name: String, millicores: Int64, memory: Int64, zone: String) -> Node {
    var node = Node()
    node.metadata = ObjectMeta(name: name, labels: [WellKnown.hostname: name, WellKnown.zone: zone])
    node.status.allocatable = [
      "cpu": Quantity(milli: millicores), "memory": Quantity(bytes: memory << 20), "pods": Quantity(10),
    ]
    node.status.conditions = [Condition("Ready", true)]
    return node
  }

  static let isHere = FileManager.default.fileExists(atPath: path)

  @Test(.enabled(if: isHere, "\(path) is not here: upstream's table is not checked")) func upstreamTable() throws {
    let text = try String(contentsOfFile: Self.path, encoding: .utf8)
    for line in text.split(separator: "\n") where !line.isEmpty {
      let test = try JSONValue(parsing: String(line))
      guard test["kind"] == "caEstimator" else { continue }
      let name = test["name"]?.stringValue ?? ""
      // What upstream's test calls groups are given as they are, equal or not.
      let groups = try (test["podsEquivalenceGroup"]?.arrayValue ?? []).compactMap { group -> BinPacking.Group? in
        let pods = try (group["Pods"]?.arrayValue ?? []).map { try Pod(json: $0) }
        return pods.first.map { BinPacking.Group(shape: PodShape($0), pods: pods.map { PodInfo($0) }) }
      }
      // A node in another zone stands there, which spread over zones must count.
      var snapshot = ClusterSnapshot(nodes: [Self.node("oldnode", millicores: 100, memory: 100, zone: "zone-jupiter")])
      let maxNodes = Int(test["maxNodes"]?.integerValue ?? 0)
      let result = BinPacking.pack(groups, into: &snapshot, maxNodes: maxNodes == 0 ? nil : maxNodes) {
        NodeTraits(
          Self.node(
            "template-\($0)", millicores: test["millicores"]?.integerValue ?? 0,
            memory: test["memory"]?.integerValue ?? 0, zone: "zone-mars"))
      }
      #expect(result.nodesUsed == Int(test["expectNodeCount"]?.integerValue ?? -1), "\(name)")
      #expect(result.placements.count == Int(test["expectPodCount"]?.integerValue ?? -1), "\(name)")
      if let expected = test["expectProcessedPods"]?.arrayValue {
        let requests = try expected.map { Resources(requestsOf: try Pod(json: $0)) }
        #expect(result.placements.map(\.pod.requests) == requests, "\(name)")
      }
    }
  }
}
