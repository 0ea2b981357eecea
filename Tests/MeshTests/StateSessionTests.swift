import Mesh
import Testing

@Suite struct StateSessionTests {
  let first = resources(
    clusters: ["inbound": 1, "users": 1], endpoints: ["users": 1], listeners: ["in": 1, "out": 1], routes: ["out": 1])

  func settled() throws -> (session: StateSession, nonces: [ResourceKind: String]) {
    var session = StateSession()
    _ = session.update(first)
    var nonces: [ResourceKind: String] = [:]
    let queries = [
      StateQuery(.cluster), StateQuery(.endpoints, names: ["users"]), StateQuery(.listener),
      StateQuery(.route, names: ["out"]),
    ]
    for query in queries {
      for answer in try session.receive(query).answers {
        var acknowledgement = query
        acknowledgement.nonce = answer.nonce
        nonces[query.kind] = answer.nonce
        #expect(try session.receive(acknowledgement).accepted?.kind == query.kind)
      }
    }
    #expect(session.isSettled)
    return (session, nonces)
  }

  @Test func everyAnswerIsTheWholeOfItsKind() throws {
    var (session, _) = try settled()
    var next = first
    next.clusters = resources(clusters: ["inbound": 2, "users": 1]).clusters
    #expect(session.update(next).map(\.names) == [["inbound", "users"]])
    #expect(session.update(next).isEmpty)
  }

  @Test func askingAgainWithTheSameNonceIsAnswered() throws {
    var (session, nonces) = try settled()
    let again = StateQuery(.endpoints, names: ["users"], nonce: try #require(nonces[.endpoints]))
    let answers = try session.receive(again).answers
    #expect(answers.map(\.names) == [["users"]])
    #expect(try session.receive(StateQuery(.endpoints, names: ["users"], nonce: answers[0].nonce)).answers.isEmpty)
  }

  @Test func aStaleNonceIsIgnored() throws {
    var (session, _) = try settled()
    let outcome = try session.receive(StateQuery(.cluster, nonce: "0", error: "no"))
    #expect(outcome == DiscoveryOutcome())
  }

  @Test func aRefusedDefinitionIsReplacedByTheOneLastAccepted() throws {
    var (session, _) = try settled()
    var next = first
    next.clusters = resources(clusters: ["inbound": 2, "users": 2]).clusters
    let answer = try #require(session.update(next).first)
    let outcome = try session.receive(StateQuery(.cluster, nonce: answer.nonce, error: "cluster users: bad"))
    #expect(outcome.rejection?.culprits == ["users"])
    let good = try #require(outcome.answers.first)
    #expect(good.resources == [next.clusters["inbound"], first.clusters["users"]].compactMap { $0 })
    #expect(try session.receive(StateQuery(.cluster, nonce: good.nonce)).answers.isEmpty)
    #expect(session.isSettled)
  }

  @Test func aRefusalOfAllThatIsNewEndsIt() throws {
    var (session, _) = try settled()
    var next = first
    next.clusters = resources(clusters: ["inbound": 2, "users": 2]).clusters
    let answer = try #require(session.update(next).first)
    let outcome = try session.receive(StateQuery(.cluster, nonce: answer.nonce, error: "no"))
    #expect(outcome.answers.isEmpty)
    #expect(session.isSettled)
  }

  @Test func aClusterStaysUntilNothingPointsToIt() throws {
    var (session, nonces) = try settled()
    let next = resources(clusters: ["inbound": 1], listeners: ["in": 1])
    let answers = session.update(next)
    #expect(answers.map(\.kind) == [.listener])
    #expect(answers[0].names == ["in"])
    _ = try session.receive(StateQuery(.route, names: [], nonce: try #require(nonces[.route])))
    let after = try session.receive(StateQuery(.listener, nonce: answers[0].nonce)).answers
    #expect(after.map(\.names) == [["inbound"]])
  }

  @Test func aNarrowedSubscriptionIsNoQuestion() throws {
    var (session, nonces) = try settled()
    let outcome = try session.receive(StateQuery(.endpoints, names: [], nonce: try #require(nonces[.endpoints])))
    #expect(outcome.answers.isEmpty)
  }
}
