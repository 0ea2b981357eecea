import Foundation
import Kubernetes
import Testing

extension EndToEnd.PushTests {
  /// `kill -9` between announcement and push, a start again, and the push: nobody is sent away.
  @Test func aCrashBetweenAnnouncementAndPushCostsNoRequest() async throws {
    var pushes = try await PushClient(cluster)
    let sendAt = Date(timeIntervalSinceNow: 40)
    let peak = 200.0
    var push = News.push("crashed", rate: peak, in: 0)
    push["sendAt"] = .string(sendAt.ISO8601Format())
    let announced = try await pushes.announce(push)
    #expect(announced.status == 201, "\(announced)")
    let floors = ["articles": 8, "gateway": 2, "ranking": 3, "users": 4]
    // Once before anything is raised …
    try await cluster.killNow()
    try await cluster.up()
    try await eventually("the floors are raised after the crash", within: .seconds(40)) { try await cluster.minima() == floors }
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
      "traffic", "--url", "http://127.0.0.1:30080/", "--host", "api.example.com", "--rate", "0:10,2:\(peak),22:\(peak),25:10",
      "-o", "json")
    let total = try JSONValue(parsing: String(traffic.lines.last ?? ""))["total"]
    #expect(traffic.status == 0 && total?["failed"] == 0, "\(traffic)")
    #expect(total?["sent"]?.integerValue ?? 0 > 4000)
    print("after two crashes: \(total?.text ?? "")")
    #expect(try await pushes.cancel("crashed").status == 200)
    try await eventually("minReplicas are what was declared") { try await cluster.minima() == News.declared }
  }
}
