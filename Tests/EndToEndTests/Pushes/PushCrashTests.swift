import Foundation
import Kubernetes
import Testing

extension EndToEnd {
  /// `kill -9` between announcement and push, a start again, and the push: nobody is sent away.
  @Suite(
    .serialized,
    .cluster(News.options) { try await News.deploy(to: $0) })
  struct PushCrashTests {
    let cluster: Cluster

    init() throws { cluster = try Cluster.current() }
  }
}

extension EndToEnd.PushCrashTests {
  @Test func aCrashBetweenAnnouncementAndPushCostsNoRequest() async throws {
    var pushes = try await PushClient(cluster)
    let sendAt = Date(timeIntervalSinceNow: 40)
    // Twenty times what comes before, and little enough for a busy machine with two cores.
    let peak = 120.0
    var push = News.push("crashed", rate: peak, in: 0)
    push["sendAt"] = .string(sendAt.ISO8601Format())
    let announced = try await pushes.announce(push)
    #expect(announced.status == 201, "\(announced)")
    let floors = ["articles": 5, "gateway": 2, "ranking": 2, "users": 3]
    // Once before anything is raised …
    try await cluster.killNow()
    try await cluster.up()
    try await eventually("the floors are raised after the crash", within: .seconds(40)) {
      try await cluster.minima() == floors
    }
    // … and once while it is on its way.
    try await cluster.killNow()
    try await cluster.up()
    #expect(try await cluster.minima() == floors, "what was raised before the crash is still raised after it")
    pushes = try await PushClient(cluster)
    let ready = try await pushes.send("GET", "/v1/pushes/crashed?waitFor=ready&timeoutSeconds=50")
    #expect(ready.status == 200, "\(ready)")
    print("ready \(String(format: "%.1f", sendAt.timeIntervalSinceNow)) s before the push, after two crashes")

    try await eventually("the push is sent", within: .seconds(45)) { sendAt.timeIntervalSinceNow <= 0 }
    let traffic = try await cluster.sakigake(
      "traffic", "--url", "http://127.0.0.1:30080/", "--host", "api.example.com", "--rate",
      "0:6,2:\(peak),22:\(peak),25:6",
      "-o", "json")
    let total = try JSONValue(parsing: String(traffic.lines.last ?? ""))["total"]
    #expect(traffic.status == 0 && total?["failed"] == 0, "\(traffic)")
    #expect(total?["sent"]?.integerValue ?? 0 > 2500)
    print("after two crashes: \(total?.text ?? "")")
    #expect(try await pushes.cancel("crashed").status == 200)
    try await eventually("minReplicas are what was declared") { try await cluster.minima() == News.declared }
  }
}
