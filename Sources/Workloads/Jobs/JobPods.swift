import Kubernetes

/// The pods of one job, by what has become of them.
struct JobPods {
  /// Keeps a pod that has ended until it is counted.
  static let finalizer = "batch.kubernetes.io/job-tracking"
  static let indexAnnotation = "batch.kubernetes.io/job-completion-index"

  let all: [Pod]
  /// Neither ended nor on their way out.
  let active: [Pod]
  let terminating: [Pod]
  /// Ended, and not counted yet: nor noted to be counted.
  let newlySucceeded: [Pod]
  let newlyFailed: [Pod]

  init(_ job: Job, _ pods: [Pod]) {
    all = pods
    active = pods.filter { !$0.isFinished && !$0.isTerminating }
    terminating = pods.filter { !$0.isFinished && $0.isTerminating }
    let noted = job.status.uncountedTerminatedPods ?? .init()
    let known = Set(noted.succeeded + noted.failed)
    let uncounted = pods.filter { $0.metadata.finalizers.contains(Self.finalizer) && !known.contains($0.metadata.uid) }
    newlySucceeded = uncounted.filter { $0.status.phase == "Succeeded" }
    // A pod that is taken away has failed, unless the job waits to see how it ends.
    let waits = job.spec.podReplacementPolicy == "Failed"
    newlyFailed = uncounted.filter { $0.status.phase == "Failed" || (!waits && $0.isTerminating && !$0.isFinished) }
  }

  static func index(of pod: Pod) -> Int? { pod.metadata.annotations[indexAnnotation].flatMap { Int($0) } }

  static func release(_ pod: Pod) -> Change {
    let rest = pod.metadata.finalizers.filter { $0 != finalizer }
    return .patch(.init(pod), .merge, ["metadata": ["finalizers": .array(rest.map(JSONValue.string))]])
  }

  static func pod(of job: Job, named name: String, index: Int?) -> Pod {
    var pod = Pod()
    pod.metadata = job.spec.template.metadata
    pod.metadata.name = name
    pod.metadata.namespace = job.metadata.namespace
    pod.metadata.ownerReferences = [OwnerReference(to: job)]
    pod.metadata.finalizers.append(finalizer)
    pod.spec = job.spec.template.spec
    guard let index else { return pod }
    pod.metadata.annotations[indexAnnotation] = String(index)
    pod.metadata.labels[indexAnnotation] = String(index)
    if pod.spec.unknown["hostname"] == nil { pod.spec.unknown["hostname"] = .string("\(job.metadata.name)-\(index)") }
    var variable = EnvironmentVariable()
    variable.name = "JOB_COMPLETION_INDEX"
    variable.valueFrom = ["fieldRef": ["fieldPath": .string("metadata.labels['\(indexAnnotation)']")]]
    func told(_ container: Container) -> Container {
      var container = container
      if !container.env.contains(where: { $0.name == variable.name }) { container.env.append(variable) }
      return container
    }
    pod.spec.containers = pod.spec.containers.map(told)
    pod.spec.initContainers = pod.spec.initContainers.map(told)
    return pod
  }
}

/// Indexes that have succeeded, as the status tells them: `0-2,5`.
struct CompletionIndexes: Equatable {
  private(set) var indexes: Set<Int> = []

  init(_ indexes: Set<Int> = []) { self.indexes = indexes }

  init(parsing text: String) {
    for part in text.split(separator: ",") {
      let ends = part.split(separator: "-").compactMap { Int($0) }
      guard let low = ends.first, let high = ends.last, low >= 0, high >= low, high - low < 1_000_000 else { continue }
      indexes.formUnion(low...high)
    }
  }

  var text: String {
    var parts: [String] = []
    let sorted = indexes.sorted()
    var start = 0
    while start < sorted.count {
      var end = start
      while end + 1 < sorted.count, sorted[end + 1] == sorted[end] + 1 { end += 1 }
      switch end - start {
      case 0: parts.append("\(sorted[start])")
      // Two in a row are written one by one.
      case 1: parts += ["\(sorted[start])", "\(sorted[end])"]
      default: parts.append("\(sorted[start])-\(sorted[end])")
      }
      start = end + 1
    }
    return parts.joined(separator: ",")
  }
}
