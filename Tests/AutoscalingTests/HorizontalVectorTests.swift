import Autoscaling
import Kubernetes
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Upstream's own test tables, where they lie beside the repository.
enum HorizontalVectors {
  static let path = "../shared/vectors/hpa.jsonl"

  static func lines(kind: String) throws -> [JSONValue] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return try bytes.split(separator: 0x0A).map { try JSONValue(parsing: Array($0)) }
      .filter { $0["kind"]?.stringValue == kind }
  }

  static var areThere: Bool { access(path, R_OK) == 0 }
}

@Suite(.enabled(if: HorizontalVectors.areThere, "the vectors are not beside this repository"))
struct HorizontalVectorTests {
  let now = Timestamp(seconds: 1_800_000_000)
  let beginning = Timestamp(seconds: 0)

  private func int(_ value: JSONValue?) -> Int { Int(value?.integerValue ?? 0) }

  private func steps(_ json: JSONValue?) -> [ScalingHistory.Step] {
    (json?.arrayValue ?? []).map { .init(at: now + ($0["atSec"]?.doubleValue ?? 0), change: int($0["change"])) }
  }

  @Test func rates() throws {
    let lines = try HorizontalVectors.lines(kind: "behaviorRate")
    #expect(!lines.isEmpty)
    for line in lines {
      let name = Comment(rawValue: line["test"]?.stringValue ?? "")
      var spec = AutoscalerBehavior()
      spec.scaleUp = try line["scaleUp"].map { json throws in try ScalingRules(json: json) }
      spec.scaleDown = try line["scaleDown"].map { json throws in try ScalingRules(json: json) }
      let behavior = ScalingBehavior(spec, downscaleSeconds: 300)
      let history = ScalingHistory(ups: steps(line["scaleUpEvents"]), downs: steps(line["scaleDownEvents"]))
      let result = ReplicaLimits.limit(
        current: int(line["currentReplicas"]), desired: int(line["desired"]), minimum: int(line["minReplicas"]),
        maximum: int(line["maxReplicas"]), behavior, history, at: now)
      #expect(result.replicas == int(line["expectedReplicas"]), name)
      #expect(result.reason == line["expectedCondition"]?.stringValue, name)
    }
  }

  @Test func stabilization() throws {
    let lines = try HorizontalVectors.lines(kind: "stabilize")
    #expect(!lines.isEmpty)
    for line in lines {
      let name = Comment(rawValue: line["test"]?.stringValue ?? "")
      let behavior = ScalingBehavior(
        up: .init(stabilizationSeconds: line["upWindowSec"]?.doubleValue ?? 0, policies: []),
        down: .init(stabilizationSeconds: line["downWindowSec"]?.doubleValue ?? 0, policies: []))
      var history = ScalingHistory(
        recommendations: (line["recommendations"]?.arrayValue ?? []).map {
          .init(at: now + ($0["atSec"]?.doubleValue ?? 0), replicas: int($0["recommendation"]))
        })
      let result = ReplicaLimits.stabilize(
        current: int(line["currentReplicas"]), desired: int(line["desired"]), behavior, history: &history, at: now)
      #expect(result.replicas == int(line["expected"]), name)
    }
  }

  @Test func replicas() throws {
    let lines = try HorizontalVectors.lines(kind: "replicaCalculator")
    #expect(!lines.isEmpty)
    for line in lines {
      let name = Comment(rawValue: line["test"]?.stringValue ?? "")
      let current = int(line["currentReplicas"])
      do {
        let proposal = try propose(line, current)
        #expect(line["expectedError"] == nil, name)
        #expect(proposal.replicas == int(line["expectedReplicas"]), name)
        if let resource = line["resource"] {
          #expect(proposal.usageMilli == resource["expectedValue"]?.integerValue, name)
          #expect((proposal.utilization ?? 0) == int(resource["expectedUtilization"]), name)
        } else {
          #expect(proposal.usageMilli == line["metric"]?["expectedUsage"]?.integerValue, name)
        }
      } catch {
        guard let expected = line["expectedError"]?.stringValue else { throw error }
        #expect(error.message.contains(expected), name)
      }
    }
  }

  private func propose(_ line: JSONValue, _ current: Int) throws(MetricProblem) -> ReplicaCalculator.Proposal {
    let calculator = ReplicaCalculator(
      timing: .init(
        cpuInitializationSeconds: line["cpuInitializationPeriodSec"]?.doubleValue ?? 0,
        initialReadinessSeconds: line["initialReadinessDelaySec"]?.doubleValue ?? 0),
      tolerance: .init(
        up: line["toleranceUp"]?.doubleValue ?? 0, down: line["toleranceDown"]?.doubleValue ?? 0))
    let pods = pods(line, current)
    if let resource = line["resource"] {
      let name = resource["name"]?.stringValue ?? ""
      let container = line["container"]?.stringValue ?? ""
      let samples = try resourceSamples(line, resource, name, container)
      if let percent = resource["targetUtilization"]?.integerValue, percent > 0 {
        return try calculator.utilization(
          percent: Int(percent), resource: name, container: container, pods: pods, samples: samples, current: current,
          at: now)
      }
      return try calculator.average(
        targetMilli: resource["targetValue"]?.integerValue ?? 0, resource: name, pods: pods, samples: samples,
        current: current, at: now)
    }
    let metric = line["metric"] ?? [:]
    let levels = (metric["levelsMilli"]?.arrayValue ?? []).compactMap(\.integerValue)
    let total = levels.reduce(0) { Int64(clamping: Int128($0) + Int128($1)) }
    let target = metric["targetUsage"]?.integerValue ?? 0
    let perPod = metric["perPodTargetUsage"]?.integerValue ?? 0
    switch metric["type"]?.stringValue {
    case "pod":
      var samples: [String: PodSample] = [:]
      for (index, level) in levels.enumerated() { samples["pod-\(index)"] = sample(level, line) }
      return try calculator.average(targetMilli: target, pods: pods, samples: samples, current: current, at: now)
    case "object", "external":
      return try calculator.value(usageMilli: total, targetMilli: target, pods: pods, current: current)
    default: return calculator.perPod(usageMilli: total, targetMilli: perPod, statusReplicas: current)
    }
  }

  private func sample(_ level: Int64, _ line: JSONValue) -> PodSample {
    // Without an age the fixture leaves the sample's time at its zero value: the beginning of time.
    PodSample(
      milli: level, at: line["sampleAgeSec"]?.doubleValue.map { now - abs($0) } ?? beginning,
      windowSeconds: line["sampleWindowSec"]?.doubleValue ?? 60)
  }

  private func resourceSamples(_ line: JSONValue, _ resource: JSONValue, _ name: String, _ container: String)
    throws(MetricProblem) -> [String: PodSample]
  {
    let names = resource["podNames"]?.arrayValue?.compactMap(\.stringValue)
    var metrics = ClusterView.Metrics()
    var pods: [Pod] = []
    for (index, levels) in (resource["levelsMilliPerContainer"]?.arrayValue ?? []).enumerated() {
      var pod = Pod()
      pod.metadata.name = names.map { $0.indices.contains(index) ? $0[index] : "" } ?? "pod-\(index)"
      let sample = sample(0, line)
      var containers: [String: ClusterView.Usage] = [:]
      for (number, level) in (levels.arrayValue ?? []).enumerated() {
        let amount = level.integerValue ?? 0
        containers["container\(number + 1)"] = .init(
          cpuMillicores: amount, memoryBytes: amount / 1000, at: sample.at, windowSeconds: sample.windowSeconds)
      }
      metrics.pods[pod.key] = .init(at: sample.at, windowSeconds: sample.windowSeconds, containers: containers)
      pods.append(pod)
    }
    return try PodSamples.resource(name, container: container, of: pods, in: metrics)
  }

  /// The pods that upstream's fixture makes: two containers each, ready and running unless told otherwise, and
  /// never having changed since the beginning of time.
  private func pods(_ line: JSONValue, _ current: Int) -> [Pod] {
    func entry(_ key: String, _ index: Int) -> JSONValue? {
      guard let values = line[key]?.arrayValue, values.indices.contains(index) else { return nil }
      return values[index]
    }
    let requests = line["resource"]?["requestsMilliPerContainer"]?.arrayValue ?? []
    let resource = line["resource"]?["name"]?.stringValue ?? ""
    let count = max(current, line["podPhase"]?.arrayValue?.count ?? 0)
    return (0..<count).map { index in
      var pod = Pod()
      pod.metadata.name = "pod-\(index)"
      pod.status.phase = entry("podPhase", index)?.stringValue ?? "Running"
      pod.status.startTime = entry("podStartAgeSec", index)?.doubleValue.map { now + $0 } ?? beginning
      var condition = Condition("Ready", true, at: beginning)
      condition.status = entry("podReadiness", index)?.stringValue ?? "True"
      pod.status.conditions = [condition]
      if entry("podDeleting", index)?.boolValue == true { pod.metadata.deletionTimestamp = now }
      pod.spec.containers = ["container1", "container2"].map { name in
        var container = Container()
        container.name = name
        if requests.indices.contains(index), let amount = requests[index].integerValue {
          container.resources.requests[resource] = Quantity(milli: amount)
        }
        return container
      }
      return pod
    }
  }
}
