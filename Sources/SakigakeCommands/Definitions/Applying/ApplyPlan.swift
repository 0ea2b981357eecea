import Kubernetes

/// Rendered objects in three steps: definitions of kinds, what jobs before a deployment need, and they; the rest; jobs
/// after it.
struct ApplyPlan {
  var before: [JSONValue] = []
  var main: [JSONValue] = []
  var after: [JSONValue] = []

  /// - Parameter services: each one's objects in their order.
  init(_ services: [[JSONValue]]) {
    before = services.joined().filter(FleetApplier.definesAKind)
    for objects in services {
      let objects = objects.filter { !FleetApplier.definesAKind($0) }
      let deployment = objects.firstIndex { $0["kind"] == "Deployment" } ?? objects.endIndex
      let lastJob = objects[..<deployment].lastIndex { $0["kind"] == "Job" }
      let start = lastJob.map { $0 + 1 } ?? objects.startIndex
      before += objects[..<start]
      main += objects[start...].filter { $0["kind"] != "Job" }
      after += objects[start...].filter { $0["kind"] == "Job" }
    }
  }
}
