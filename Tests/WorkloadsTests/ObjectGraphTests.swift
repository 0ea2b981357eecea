import Kubernetes
import Testing
import Workloads

struct ObjectGraphTests {
  private let now = Timestamp(seconds: 1_800_000_000)

  private func metadata(
    _ name: String, owner: String? = nil, finalizers: [String] = [], deleting: Bool = false, blocks: Bool = false
  ) -> ObjectMeta {
    var metadata = ObjectMeta(name: name, namespace: "default")
    metadata.uid = "uid-\(name)"
    metadata.finalizers = finalizers
    if deleting { metadata.deletionTimestamp = now }
    if let owner {
      var reference = OwnerReference()
      reference.uid = "uid-\(owner)"
      reference.name = owner
      reference.blockOwnerDeletion = blocks
      metadata.ownerReferences = [reference]
    }
    return metadata
  }

  private func deleted(_ changes: [Change]) -> [String] {
    changes.compactMap { if case .delete(let target, _, _) = $0 { target.name } else { nil } }.sorted()
  }

  @Test func dependentsGoWithTheirOwner() {
    var graph = ObjectGraph()
    graph.set(metadata("deployment"), resource: .deployments, at: now)
    graph.set(metadata("set", owner: "deployment"), resource: .replicaSets, at: now)
    graph.set(metadata("pod", owner: "set"), resource: .pods, at: now)
    #expect(graph.collect(at: now).isEmpty)
    graph.remove(uid: "uid-deployment")
    #expect(deleted(graph.collect(at: now)) == ["set"])
    #expect(deleted(graph.collect(at: now)).isEmpty, "asked once")
    graph.remove(uid: "uid-set")
    #expect(deleted(graph.collect(at: now)) == ["pod"])
  }

  @Test func anOwnerNotSeenYetIsWaitedFor() {
    var graph = ObjectGraph()
    graph.set(metadata("pod", owner: "set"), resource: .pods, at: now)
    #expect(graph.collect(at: now + 1).isEmpty)
    graph.set(metadata("set"), resource: .replicaSets, at: now + 2)
    #expect(graph.collect(at: now + 10).isEmpty)
    graph.set(metadata("stray", owner: "nobody"), resource: .pods, at: now)
    #expect(deleted(graph.collect(at: now + 10)) == ["stray"])
  }

  @Test func foregroundDeletionWaitsForDependents() {
    var graph = ObjectGraph()
    graph.set(
      metadata("deployment", finalizers: ["foregroundDeletion"], deleting: true), resource: .deployments, at: now)
    graph.set(metadata("set", owner: "deployment", blocks: true), resource: .replicaSets, at: now)
    let changes = graph.collect(at: now)
    #expect(deleted(changes) == ["set"])
    #expect(!changes.contains { if case .patch = $0 { true } else { false } })
    graph.remove(uid: "uid-set")
    let last = graph.collect(at: now)
    #expect(
      last.contains { if case .patch(let target, _, _, _, _) = $0 { target.name == "deployment" } else { false } })
  }

  @Test func orphansAreReleased() {
    var graph = ObjectGraph()
    graph.set(metadata("deployment", finalizers: ["orphan"], deleting: true), resource: .deployments, at: now)
    graph.set(metadata("set", owner: "deployment"), resource: .replicaSets, at: now)
    let changes = graph.collect(at: now)
    #expect(deleted(changes).isEmpty)
    #expect(changes.count == 2)
  }

  @Test func namespacesGoWhenTheyAreEmpty() {
    var graph = ObjectGraph()
    var namespace = Namespace()
    namespace.metadata = ObjectMeta(name: "default")
    namespace.metadata.deletionTimestamp = now
    namespace.spec.finalizers = ["kubernetes"]
    graph.set(metadata("a"), resource: .configMaps, at: now)
    #expect(deleted(graph.terminate(["default": namespace], at: now)) == ["a"])
    graph.remove(uid: "uid-a")
    let changes = graph.terminate(["default": namespace], at: now)
    #expect(changes.contains { if case .update(_, "finalize") = $0 { true } else { false } })
  }
}
