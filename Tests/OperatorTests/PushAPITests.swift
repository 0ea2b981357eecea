import Kubernetes
import KubernetesClient
import Operator
import Testing

@Suite struct PushAPITests {
  @Test func badInputIsRefusedAndChangesNothing() async throws {
    let cases: [(body: String, status: Int, field: String?)] = [
      ("{", 400, nil), ("", 400, nil), ("[]", 400, nil), (#"{"audience":1,"audience":2,"sendAt":"now"}"#, 400, nil),
      (#"{"audiense":5,"sendAt":"now"}"#, 400, "audiense"),
      (#"{"sendAt":"now"}"#, 422, "audience"),
      (#"{"sendAt":"now","audience":0}"#, 422, "audience"),
      (#"{"sendAt":"now","audience":-5}"#, 422, "audience"),
      (#"{"sendAt":"now","audience":"10k"}"#, 422, "audience"),
      (#"{"sendAt":"now","audience":1.5}"#, 422, "audience"),
      (#"{"sendAt":"now","audience":1e300}"#, 422, "audience"),
      (#"{"audience":5}"#, 422, "sendAt"),
      (#"{"sendAt":"10m","audience":5}"#, 422, "sendAt"),
      (#"{"sendAt":1700000000,"audience":5}"#, 422, "sendAt"),
      (#"{"sendAt":"2020-01-01T00:00:00Z","audience":5}"#, 422, "sendAt"),
      (#"{"sendAt":"2199-01-01T00:00:00Z","audience":5}"#, 422, "sendAt"),
      (#"{"sendAt":"now","audience":5,"id":"No Name"}"#, 422, "id"),
      (#"{"sendAt":"now","audience":5,"kind":7}"#, 422, "kind"),
      (#"{"sendAt":"now","audience":5,"services":"gateway"}"#, 422, "services"),
      (#"{"sendAt":"now","audience":5,"services":["gatway"]}"#, 422, "services[0]"),
      (#"{"sendAt":"now","audience":5,"services":["articles"]}"#, 422, "services[0]"),
      (#"{"sendAt":"now","audience":5,"services":["gateway","gateway"]}"#, 422, "services[1]"),
      (#"{"sendAt":"now","audience":5,"namespace":"nowhere"}"#, 422, "namespace"),
    ]
    try await World.run { world in
      let before = try await world.versions()
      for (body, status, field) in cases {
        let answer = try await world.send(.post, "/v1/pushes", body: Array(body.utf8))
        #expect(answer.status == status, "\(body): \(answer.json.text)")
        #expect(answer.json["error"]?["field"]?.stringValue == field, "\(body): \(answer.json.text)")
        #expect(answer.json["error"]?["message"]?.stringValue?.isEmpty == false)
      }
      let large = Array(repeating: UInt8(0x20), count: 65 << 10)
      #expect(try await world.send(.post, "/v1/pushes", body: large).status == 413)
      #expect(try await world.versions() == before)
      let hint = try await world.send(.post, "/v1/pushes", body: Array(#"{"audiense":5}"#.utf8))
      #expect(hint.json["error"]?["message"]?.stringValue?.contains("did you mean \"audience\"") == true)
    }
  }

  @Test func pathsAndMethods() async throws {
    try await World.run { world in
      #expect(await world.api.handle(APIRequest(.get, "/api/v1/pods")) == nil)
      #expect(await world.api.handle(APIRequest(.get, "/v1beta")) == nil)
      #expect(try await world.send(.get, "/v1").status == 404)
      #expect(try await world.send(.get, "/v1/pulls").status == 404)
      #expect(try await world.send(.get, "/v1/pushes/none").status == 404)
      #expect(try await world.send(.get, "/v1/pushes/..").status == 404)
      #expect(try await world.send(.delete, "/v1/pushes/none").status == 404)
      #expect(try await world.send(.get, "/v1/pushes/a/b").status == 404)
      #expect(try await world.send(.get, "/v1/pushes", query: [("waitfor", "ready")]).status == 400)
      let refused = try #require(await world.api.handle(APIRequest(.put, "/v1/pushes")))
      #expect(refused.status == 405 && refused.headers.contains { $0.name == "Allow" && $0.value == "GET, POST" })
      let one = try #require(await world.api.handle(APIRequest(.post, "/v1/pushes/a")))
      #expect(one.status == 405 && one.headers.contains { $0.name == "Allow" && $0.value == "GET, DELETE" })
      #expect(try await world.send(.get, "/v1/pushes").json == ["pushes": []])
    }
  }

  @Test func waitingNeedsSense() async throws {
    try await World.run { world in
      _ = try await world.post(["id": "p", "sendAt": "now", "audience": 100_000])
      for query in [
        [("waitFor", "lunch")], [("waitFor", "ready"), ("timeoutSeconds", "0")],
        [("waitFor", "ready"), ("timeoutSeconds", "601")],
        [("waitFor", "ready"), ("timeoutSeconds", "1m")], [("timeoutSeconds", "5")],
      ] as [[(name: String, value: String)]] {
        #expect(try await world.send(.get, "/v1/pushes/p", query: query).status == 422)
      }
      let late = try await world.send(.get, "/v1/pushes/p", query: [("waitFor", "ready"), ("timeoutSeconds", "1")])
      #expect(late.status == 504)
      #expect(late.json["push"]?["id"] == "p")
    }
  }
}
