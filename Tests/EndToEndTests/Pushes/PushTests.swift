import Foundation
import Kubernetes
import Testing

extension EndToEnd {
  /// Push campaigns on the news fleet, twenty times faster than life, with real Envoys.
  @Suite(
    .serialized,
    .cluster(News.options) { try await News.deploy(to: $0) })
  struct PushTests {
    let cluster: Cluster

    init() throws { cluster = try Cluster.current() }
  }
}

/// The example fleet.
enum News {
  static var options: [String] { ["--platform", Sakigake.newsPlatform, "-e", "local", "--speed", "20"] }
  static let declared = ["articles": 2, "gateway": 2, "ranking": 2, "users": 2]

  static func deploy(to cluster: Cluster) async throws {
    try await Machine.waitUntilFree(port: 30080)
    let applied = try await cluster.sakigake("apply", "-f", Sakigake.news, "-e", "local")
    guard applied.status == 0 else { throw Shell.Failed(description: applied.description) }
    try await waitUntilReady(in: cluster)
  }

  static func waitUntilReady(in cluster: Cluster) async throws {
    for service in declared.keys.sorted() {
      try await cluster.kubectl("rollout", "status", "deployment/\(service)", "--timeout=60s", within: .seconds(65))
    }
  }

  /// People to notify so that `rate` requests a second reach the edge at the peak: a breaking push is opened by 8 %,
  /// within 2 s of rise, 45 s of plateau and 5 s of fall.
  static func audience(rate: Double) -> Int { Int((rate * (1 + 45 + 2.5) / 0.08).rounded()) }

  static func push(_ id: String, rate: Double, in seconds: Double) -> JSONValue {
    [
      "id": .string(id), "kind": "breaking", "audience": .integer(Int64(audience(rate: rate))),
      "sendAt": .string(Date(timeIntervalSinceNow: seconds).ISO8601Format()),
    ]
  }
}

extension EndToEnd.PushTests {
  private func expectDeclared(within limit: Duration = .seconds(15)) async throws {
    try await eventually("minReplicas are what was declared", within: limit) {
      let minima = try await cluster.minima()
      if minima == News.declared { return true }
      throw NotInTime(description: "\(minima)")
    }
  }

  @Test func theSameAnnouncementTwiceChangesNothing() async throws {
    let pushes = try await PushClient(cluster)
    let push = News.push("twice", rate: 100, in: 3600)
    let first = try await pushes.announce(push)
    #expect(first.status == 201 && first.json?["phase"] == "Planned", "\(first)")
    #expect(first.floor("articles") == 4, "\(first)")
    let before = try await pushes.prescalingState()
    let second = try await pushes.announce(push)
    #expect(second.status == 200, "\(second)")
    #expect(second.json?["id"] == "twice" && second.json?["sendAt"] == first.json?["sendAt"], "\(second)")
    #expect(try await pushes.prescalingState() == before)
    var other = push
    other["audience"] = 5
    let conflict = try await pushes.announce(other)
    #expect(conflict.status == 409 && conflict.field == "id", "\(conflict)")
    #expect(try await pushes.prescalingState() == before)

    var nameless = News.push("", rate: 100, in: 3600)
    nameless["id"] = nil
    let made = try await pushes.announce(nameless)
    #expect(made.status == 201, "\(made)")
    #expect(try await pushes.announce(nameless).status == 200)
    #expect(try await cluster.minima() == News.declared, "an hour ahead nothing is raised")
    for answer in [first, made] {
      let id = try #require(answer.json?["id"]?.stringValue)
      #expect(try await pushes.cancel(id).status == 200)
    }
    try await expectDeclared()
  }

  /// Two at once need what the sum of them needs; each goes in its time, and what was declared is there again.
  @Test func overlappingPushesAddUpAndGiveBack() async throws {
    let pushes = try await PushClient(cluster)
    let first = try await pushes.announce(News.push("first", rate: 100, in: 4))
    #expect(first.status == 201 && first.floor("articles") == 4 && first.floor("ranking") == 2, "\(first)")
    #expect(try await cluster.minima() == ["articles": 4, "gateway": 2, "ranking": 2, "users": 2])
    let second = try await pushes.announce(News.push("second", rate: 100, in: 4))
    // 200 a second: 200 ÷ 28 articles, 100 ÷ 35 rankings, 200 ÷ 56 users.
    #expect(second.status == 201 && second.floor("articles") == 8, "\(second)")
    try await eventually("the floors of both stand") {
      try await cluster.minima() == ["articles": 8, "gateway": 2, "ranking": 3, "users": 4]
    }
    let ready = try await pushes.send("GET", "/v1/pushes/second?waitFor=ready&timeoutSeconds=50")
    #expect(ready.status == 200, "\(ready)")
    #expect(["Ready", "Active"].contains(ready.json?["phase"]?.stringValue ?? ""), "\(ready)")
    for (service, needed) in ["articles": 8, "ranking": 3, "users": 4] {
      let deployment = try await cluster.json("get", "deployment", service)
      #expect(deployment[path: ["status", "readyReplicas"]]?.integerValue ?? 0 >= needed, "\(service)")
    }
    for id in ["first", "second"] {
      try await eventually("\(id) is over", within: .seconds(110)) {
        try await pushes.show(id).json?["phase"] == "Released"
      }
    }
    try await expectDeclared()
  }

  @Test func cancellingGivesBackAtOnce() async throws {
    let pushes = try await PushClient(cluster)
    #expect(try await pushes.announce(News.push("doubtful", rate: 100, in: 5)).status == 201)
    #expect(try await cluster.minima()["articles"] == 4)
    let cancelled = try await pushes.cancel("doubtful")
    #expect(cancelled.status == 200 && cancelled.json?["phase"] == "Cancelled", "\(cancelled)")
    try await expectDeclared(within: .seconds(5))
    #expect(try await pushes.cancel("doubtful").status == 200)
    let waited = try await pushes.send("GET", "/v1/pushes/doubtful?waitFor=ready")
    #expect(waited.status == 409, "\(waited)")
    #expect(try await pushes.cancel("never-heard-of").status == 404)
  }

  @Test func aSurpriseIsAnsweredWithATimeAndAPace() async throws {
    let pushes = try await PushClient(cluster)
    let surprise: JSONValue = [
      "id": "surprise", "kind": "breaking", "sendAt": "now", "audience": .integer(Int64(News.audience(rate: 150))),
    ]
    let answer = try await pushes.announce(surprise)
    #expect(answer.status == 201 && answer.json?["phase"] == "Preparing", "\(answer)")
    let readyAt = try #require(answer.json?["readyAt"]?.stringValue.flatMap(Timestamp.init(parsing:)), "\(answer)")
    #expect((0...60).contains(readyAt - .init(nanoseconds: Int64(Date().timeIntervalSince1970 * 1e9))), "\(answer)")
    let rate = try #require(answer.json?["sendRate"]?.doubleValue, "\(answer)")
    let pace = try #require(answer.json?["pacePerSecond"]?.doubleValue, "\(answer)")
    // Two ranking pods of 50 × 70 % serve what 140 at the edge make; two articles serve 56 of 150.
    #expect(rate > 0 && rate < 150 && abs(pace - rate / 0.08) < 2, "\(answer)")
    #expect(answer.json?["message"]?.stringValue?.isEmpty == false)
    let started = ContinuousClock.now
    let ready = try await pushes.send("GET", "/v1/pushes/surprise?waitFor=ready&timeoutSeconds=50")
    #expect(ready.status == 200 && ready.json?["pacePerSecond"] == nil, "\(ready)")
    print(
      "a surprise push: promised ready at \(readyAt.rfc3339), \(ContinuousClock.now - started) after the answer it was")
    // Said again, `now` means the same push.
    #expect(try await pushes.announce(surprise).status == 200)
    #expect(try await pushes.cancel("surprise").status == 200)
    try await expectDeclared()
  }
}
