import Foundation
import Kubernetes
import Testing

extension EndToEnd.PushTests {
  /// A request that must be refused.
  struct Refused: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var body: String
    var status: Int
    var field: String?

    init(_ what: String, _ body: String, _ status: Int, _ field: String? = nil) {
      (testDescription, self.body, self.status, self.field) = (what, body, status, field)
    }
  }

  static let later = #""sendAt": "2099-01-01T00:00:00Z""#
  static let soon = "\"sendAt\": \"\(Date(timeIntervalSinceNow: 600).ISO8601Format())\""
  static let refused: [Refused] = [
    .init("an unknown field", #"{"audiense": 1000, "audience": 1000, \#(soon)}"#, 400, "audiense"),
    .init("a wrong unit", #"{"audience": "250k", \#(soon)}"#, 422, "audience"),
    .init("a time in another form", #"{"audience": 1000, "sendAt": "in 10 minutes"}"#, 422, "sendAt"),
    .init("no audience", #"{\#(soon)}"#, 422, "audience"),
    .init("an audience of nobody", #"{"audience": 0, \#(soon)}"#, 422, "audience"),
    .init("half a person", #"{"audience": 10.5, \#(soon)}"#, 422, "audience"),
    .init("no time", #"{"audience": 1000}"#, 422, "sendAt"),
    .init("the past", #"{"audience": 1000, "sendAt": "2020-01-01T00:00:00Z"}"#, 422, "sendAt"),
    .init("the far future", #"{"audience": 1000, \#(later)}"#, 422, "sendAt"),
    .init("a name that is none", #"{"audience": 1000, "id": "Not A Name", \#(soon)}"#, 422, "id"),
    .init("a service that is not there", #"{"audience": 1000, "services": ["gatewy"], \#(soon)}"#, 422, "services[0]"),
    .init("a service that nobody opens", #"{"audience": 1000, "services": ["users"], \#(soon)}"#, 422, "services[0]"),
    .init("a namespace that is not there", #"{"audience": 1000, "namespace": "nowhere", \#(soon)}"#, 422, "namespace"),
    .init("no JSON", "audience=1000", 400),
    .init("a list", "[]", 400),
    .init("nothing", "", 400),
    .init("too much", #"{"audience": 1000, "id": "\#(String(repeating: "a", count: 70_000))"}"#, 413),
    .init("far too much", String(repeating: " ", count: 20 << 20), 413),
  ]

  @Test(arguments: refused) func badInputIsRefusedAndChangesNothing(_ bad: Refused) async throws {
    let pushes = try await PushClient(cluster)
    let before = try await pushes.prescalingState()
    let answer = try await pushes.send("POST", "/v1/pushes", bad.body)
    #expect(answer.status == bad.status, "\(answer)")
    #expect(answer.field == bad.field, "\(answer)")
    #expect(!answer.message.isEmpty, "\(answer)")
    #expect(try await pushes.prescalingState() == before)
  }

  @Test func strangersAreRefusedAndChangeNothing() async throws {
    let pushes = try await PushClient(cluster)
    let before = try await pushes.prescalingState()
    let push = News.push("stranger", rate: 500, in: 5).text
    // Whoever shows nothing is the anonymous user, who may not.
    for (credentials, status) in [(PushClient.Credentials.wrong, 401), (.none, 403)] {
      #expect(try await pushes.send("POST", "/v1/pushes", push, credentials: credentials).status == status)
      #expect(try await pushes.send("GET", "/v1/pushes", credentials: credentials).status == status)
      #expect(try await pushes.send("DELETE", "/v1/pushes/twice", credentials: credentials).status == status)
    }
    #expect(try await pushes.prescalingState() == before)
  }

  @Test func wrongPathsAndMethodsAreRefused() async throws {
    let pushes = try await PushClient(cluster)
    #expect(try await pushes.send("PUT", "/v1/pushes", "{}").status == 405)
    #expect(try await pushes.send("POST", "/v1/pushes/x", "{}").status == 405)
    #expect(try await pushes.send("GET", "/v1/nothing").status == 404)
    #expect(try await pushes.send("GET", "/v1/pushes/unheard-of").status == 404)
    #expect(try await pushes.send("GET", "/v1/pushes?waitfor=ready").status == 400)
    #expect(try await pushes.send("GET", "/v1/pushes/unheard-of?waitFor=sunrise").status == 422)
  }
}
