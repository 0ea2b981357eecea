import Kubernetes
import Testing
import Workloads

/// What people are told while they wait for a rollout.
@Suite struct RolloutProgressTests {
  static func deployment(
    wanted: Int = 2, updated: Int = 1, available: Int = 1, replicas: Int = 3, seen: Int = 4,
    condition: JSONValue? = nil
  ) throws -> Deployment {
    var json: JSONValue = [
      "apiVersion": "apps/v1", "kind": "Deployment",
      "metadata": ["name": "articles", "namespace": "news", "uid": "d", "generation": 4],
      "spec": ["replicas": .integer(Int64(wanted)), "selector": [:], "template": [:]],
      "status": [
        "observedGeneration": .integer(Int64(seen)), "replicas": .integer(Int64(replicas)),
        "updatedReplicas": .integer(Int64(updated)), "availableReplicas": .integer(Int64(available)),
      ],
    ]
    if let condition { json[path: ["status", "conditions"]] = [condition] }
    return try Deployment(json: json)
  }

  static func replicaSet(_ uid: String, revision: Int, condition: JSONValue? = nil) throws -> ReplicaSet {
    var json: JSONValue = [
      "apiVersion": "apps/v1", "kind": "ReplicaSet",
      "metadata": [
        "name": .string(uid), "namespace": "news", "uid": .string(uid),
        "annotations": ["deployment.kubernetes.io/revision": .string("\(revision)")],
        "ownerReferences": [["apiVersion": "apps/v1", "kind": "Deployment", "name": "articles", "uid": "d"]],
      ],
      "spec": ["selector": [:], "template": [:]],
    ]
    if let condition { json[path: ["status"]] = ["replicas": 0, "conditions": [condition]] }
    return try ReplicaSet(json: json)
  }

  static func pod(_ name: String, of owner: String, _ status: JSONValue, node: String = "n1") throws -> Pod {
    try Pod(
      json: [
        "apiVersion": "v1", "kind": "Pod",
        "metadata": [
          "name": .string(name), "namespace": "news", "uid": .string(name),
          "ownerReferences": [["apiVersion": "v1", "kind": "X", "name": "x", "uid": .string(owner)]],
        ],
        "spec": ["nodeName": .string(node), "containers": []], "status": status,
      ])
  }

  static func waiting(_ reason: String, _ message: String = "", ended: Int? = nil) -> JSONValue {
    var status: JSONValue = [
      "name": "app", "state": ["waiting": ["reason": .string(reason), "message": .string(message)]],
    ]
    if let ended {
      status[path: ["lastState"]] = ["terminated": ["exitCode": .integer(Int64(ended)), "reason": "Error"]]
    }
    return ["phase": "Pending", "containerStatuses": [status]]
  }

  static let obstacles:
    [(status: JSONValue, node: String, kind: RolloutProgress.Obstacle.Kind, says: String, lasts: Bool)] = [
      (waiting("ImagePullBackOff", "manifest unknown"), "n1", .imagePull, "container app: manifest unknown", true),
      (waiting("ErrImagePull"), "n1", .imagePull, "container app: ErrImagePull", true),
      (
        waiting("CreateContainerConfigError", "secret \"db\" not found"), "n1", .configuration,
        "container app: secret \"db\" not found", true
      ),
      (
        waiting("CrashLoopBackOff", ended: 3), "n1", .crash, "container app ends again and again with exit code 3", true
      ),
      (
        [
          "phase": "Pending",
          "conditions": [
            [
              "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
              "message": "0/3 nodes are available",
            ]
          ],
        ], "", .room, "0/3 nodes are available", false
      ),
    ]

  @Test(arguments: obstacles.indices)
  func aPodSaysWhatIsInTheWay(_ index: Int) throws {
    let example = Self.obstacles[index]
    let progress = RolloutProgress(
      of: try Self.deployment(),
      replicaSets: [try Self.replicaSet("old", revision: 9), try Self.replicaSet("new", revision: 10)],
      pods: [
        try Self.pod("a", of: "new", example.status, node: example.node),
        // Of a revision that goes, and ready ones: nobody waits for them.
        try Self.pod("b", of: "old", Self.waiting("ImagePullBackOff", "old")),
        try Self.pod("c", of: "new", ["phase": "Running", "conditions": [["type": "Ready", "status": "True"]]]),
      ])
    #expect(progress.phase == .waiting)
    #expect(progress.text == "1 of 2 pods are ready")
    #expect(progress.obstacles == [.init(example.kind, example.says, isLasting: example.lasts)])
  }

  @Test func aProbeSaysHowItFailed() throws {
    func event(_ message: String, at time: String) throws -> Event {
      try Event(
        json: [
          "apiVersion": "v1", "kind": "Event", "metadata": ["name": .string(time)], "reason": "Unhealthy",
          "message": .string(message), "lastTimestamp": .string(time),
          "involvedObject": ["kind": "Pod", "name": "a", "uid": "a"],
        ])
    }
    let progress = RolloutProgress(
      of: try Self.deployment(), replicaSets: [try Self.replicaSet("new", revision: 1)],
      pods: [try Self.pod("a", of: "new", ["phase": "Running"])],
      events: [
        try event("Readiness probe failed: 503", at: "2026-11-25T08:00:10Z"),
        try event("Startup probe failed: refused", at: "2026-11-25T08:00:00Z"),
      ])
    #expect(progress.obstacles == [.init(.probe, "Readiness probe failed: 503")])
  }

  @Test func aQuotaIsNamedAsOne() throws {
    let refused: JSONValue = [
      "type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
      "message": "pods \"x\" is forbidden: exceeded quota: sakigake",
    ]
    let progress = RolloutProgress(
      of: try Self.deployment(), replicaSets: [try Self.replicaSet("new", revision: 1, condition: refused)], pods: [])
    #expect(progress.obstacles.map(\.kind) == [.quota])
  }

  @Test func aJobThatGetsNoPodSaysWhy() throws {
    let job = try Job(
      json: [
        "apiVersion": "batch/v1", "kind": "Job", "metadata": ["name": "migrate", "uid": "j"],
        "spec": ["template": [:]],
      ])
    let event = try Event(
      json: [
        "apiVersion": "v1", "kind": "Event", "metadata": ["name": "e"], "reason": "FailedCreate",
        "message": "exceeded quota: sakigake", "involvedObject": ["kind": "Job", "name": "migrate", "uid": "j"],
      ])
    let progress = RolloutProgress(of: job, pods: [], events: [event])
    #expect(progress.obstacles == [.init(.quota, "exceeded quota: sakigake", isLasting: true)])
  }

  @Test func whatIsReadyHasNothingInTheWay() throws {
    let ready = RolloutProgress(
      of: try Self.deployment(updated: 2, available: 2, replicas: 2), replicaSets: [], pods: [])
    #expect(ready == RolloutProgress(.ready, "2 of 2 pods are ready"))
    let fewer = RolloutProgress(
      of: try Self.deployment(updated: 2, available: 2, replicas: 2), minimum: 3, replicaSets: [], pods: [])
    #expect(fewer == RolloutProgress(.waiting, "2 of 3 pods are ready"), "its autoscaler wants more")
    // Pods of the old revision are still there, or the controller has not seen the new one.
    for late in [try Self.deployment(updated: 2, available: 3), try Self.deployment(updated: 2, available: 2, seen: 3)]
    {
      #expect(RolloutProgress(of: late, replicaSets: [], pods: []).phase == .waiting)
    }
  }

  @Test func aDeadlineThatPassedIsAFailure() throws {
    let late: JSONValue = [
      "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": "timed out",
    ]
    let progress = RolloutProgress(of: try Self.deployment(condition: late), replicaSets: [], pods: [])
    #expect(progress.phase == .failed && progress.obstacles == [.init(.deadline, "timed out", isLasting: true)])
  }

  static let jobs: [(conditions: JSONValue, failed: Int, phase: RolloutProgress.Phase, text: String)] = [
    ([], 0, .waiting, "runs"), ([], 2, .waiting, "runs, after 2 failures"),
    ([["type": "Complete", "status": "True"]], 0, .ready, "has succeeded"),
    ([["type": "Failed", "status": "True", "message": "backoff limit"]], 4, .failed, "has failed"),
  ]

  @Test(arguments: jobs.indices)
  func aJob(_ index: Int) throws {
    let (conditions, failed, phase, text) = Self.jobs[index]
    let job = try Job(
      json: [
        "apiVersion": "batch/v1", "kind": "Job", "metadata": ["name": "migrate", "uid": "j"],
        "spec": ["template": [:]], "status": ["conditions": conditions, "failed": .integer(Int64(failed))],
      ])
    let ended: JSONValue = [
      "phase": "Failed", "containerStatuses": [["name": "app", "state": ["terminated": ["exitCode": 7]]]],
    ]
    let progress = RolloutProgress(of: job, pods: [try Self.pod("p", of: "j", ended)])
    #expect(progress.phase == phase && progress.text == text)
    if phase == .failed {
      #expect(progress.obstacles.map(\.message) == ["backoff limit; container app ended with exit code 7"])
    }
  }
}
