import Mesh
import Testing

/// The order of messages is that of Envoy 1.40, as observed.
@Suite struct DeltaSessionTests {
  let first = resources(
    clusters: ["inbound": 1, "users": 1], endpoints: ["users": 1], listeners: ["in": 1, "out": 1], routes: ["out": 1])

  /// A session whose proxy has all of `first`.
  func settled() throws -> DeltaSession {
    var session = DeltaSession()
    _ = session.update(first)
    for query in [
      DeltaQuery(.cluster), DeltaQuery(.endpoints, subscribe: ["users"]), DeltaQuery(.listener),
      DeltaQuery(.route, subscribe: ["out"]),
    ] {
      for answer in try session.receive(query).answers {
        _ = try session.receive(DeltaQuery(answer.kind, nonce: answer.nonce))
      }
    }
    #expect(session.isSettled)
    return session
  }

  @Test func aColdStart() throws {
    var session = DeltaSession()
    _ = session.update(first)
    let clusters = try #require(try session.receive(DeltaQuery(.cluster)).answers.first)
    #expect(clusters.names == ["inbound", "users"])
    // The ACK of the clusters is held back until their endpoints are there.
    let endpoints = try #require(try session.receive(DeltaQuery(.endpoints, subscribe: ["users"])).answers.first)
    #expect(endpoints.names == ["users"])
    #expect(try session.receive(DeltaQuery(.endpoints, nonce: endpoints.nonce)).answers.isEmpty)
    #expect(try session.receive(DeltaQuery(.cluster, nonce: clusters.nonce)).answers.isEmpty)
    let listeners = try #require(try session.receive(DeltaQuery(.listener)).answers.first)
    #expect(listeners.names == ["in", "out"])
    let routes = try #require(try session.receive(DeltaQuery(.route, subscribe: ["out"])).answers.first)
    #expect(routes.names == ["out"])
  }

  @Test func nothingIsAnsweredBeforeThereIsAnythingToAnswerFrom() throws {
    var session = DeltaSession()
    #expect(try session.receive(DeltaQuery(.cluster, initialVersions: ["inbound": "x"])).answers.isEmpty)
    #expect(session.update(first).map(\.kind) == [.cluster])
  }

  @Test func anEmptyWildcardIsAnswered() throws {
    var session = DeltaSession()
    _ = session.update(resources())
    let answers = try session.receive(DeltaQuery(.cluster)).answers
    #expect(answers.count == 1)
    #expect(answers.first?.resources.isEmpty == true)
  }

  @Test func endpointsAreSentAloneAndOnlyWhenTheyChange() throws {
    var session = try settled()
    #expect(session.update(first).isEmpty)
    var next = first
    next.endpoints = resources(endpoints: ["users": 2]).endpoints
    let answers = session.update(next)
    #expect(answers.map(\.kind) == [.endpoints])
  }

  @Test func aChangedClusterHasItsEndpointsSentAgain() throws {
    var session = try settled()
    var next = first
    next.clusters = resources(clusters: ["inbound": 1, "users": 2]).clusters
    let answers = session.update(next)
    #expect(answers.map(\.kind) == [.cluster, .endpoints])
    #expect(answers.map(\.names) == [["users"], ["users"]])
  }

  @Test func routesWaitForTheClustersTheyMayNeed() throws {
    var session = try settled()
    var next = first
    next.clusters["ranking"] = first.clusters["users"].map { EncodedResource(name: "ranking", bytes: Array($0.bytes)) }
    next.endpoints["ranking"] = EncodedResource(name: "ranking", bytes: [1])
    next.listeners["out2"] = EncodedResource(name: "out2", bytes: [1])
    next.routes = resources(routes: ["out": 2]).routes
    let answers = session.update(next)
    #expect(answers.map(\.kind) == [.cluster])
    let endpoints = try session.receive(DeltaQuery(.endpoints, subscribe: ["ranking"])).answers
    #expect(endpoints.map(\.kind) == [.endpoints])
    let after = try session.receive(DeltaQuery(.cluster, nonce: answers[0].nonce)).answers
    #expect(after.map(\.kind) == [.listener, .route])
  }

  @Test func aClusterGoesAfterTheRoutesToIt() throws {
    var session = try settled()
    let next = resources(clusters: ["inbound": 1], listeners: ["in": 1])
    let answers = session.update(next)
    #expect(answers.map(\.kind) == [.listener])
    #expect(answers[0].removed == ["out"])
    _ = try session.receive(DeltaQuery(.route, unsubscribe: ["out"]))
    let after = try session.receive(DeltaQuery(.listener, nonce: answers[0].nonce)).answers
    #expect(after.map(\.kind) == [.cluster])
    #expect(after[0].removed == ["users"])
    _ = try session.receive(DeltaQuery(.endpoints, unsubscribe: ["users"]))
    _ = try session.receive(DeltaQuery(.cluster, nonce: after[0].nonce))
    #expect(session.isSettled)
  }

  @Test func whatIsRefusedIsNotSentAgainAndItsSiblingsAreOnce() throws {
    var session = try settled()
    var next = first
    next.clusters = resources(clusters: ["inbound": 2, "users": 2]).clusters
    let answer = try #require(session.update(next).first)
    let refused = try session.receive(
      DeltaQuery(.cluster, nonce: answer.nonce, error: "Error adding/updating cluster(s) users: bad thing"))
    #expect(refused.rejection?.culprits == ["users"])
    #expect(refused.rejection?.isNamed == true)
    #expect(refused.answers.first { $0.kind == .cluster }?.names == ["inbound"])
    let good = try #require(refused.answers.first { $0.kind == .cluster })
    #expect(try session.receive(DeltaQuery(.cluster, nonce: good.nonce)).answers.filter { $0.kind == .cluster }.isEmpty)
    #expect(session.accepted(.cluster)["users"] == first.clusters["users"]?.version)
    #expect(session.update(next).filter { $0.kind == .cluster }.isEmpty)
    next.clusters = resources(clusters: ["inbound": 2, "users": 3]).clusters
    #expect(session.update(next).first?.names == ["users"])
  }

  @Test func aRefusalThatNamesNobodyEndsToo() throws {
    var session = try settled()
    var next = first
    next.listeners = resources(listeners: ["in": 2, "out": 2]).listeners
    let answer = try #require(session.update(next).first)
    let outcome = try session.receive(DeltaQuery(.listener, nonce: answer.nonce, error: "no"))
    #expect(outcome.rejection?.culprits == ["in", "out"])
    #expect(outcome.rejection?.isNamed == false)
    #expect(outcome.answers.isEmpty)
    #expect(session.isSettled)
  }

  @Test func aNameThatIsPartOfAnotherIsNotAtFault() throws {
    var session = DeltaSession()
    _ = session.update(resources(clusters: ["users": 1, "users-api": 1]))
    let answer = try #require(try session.receive(DeltaQuery(.cluster)).answers.first)
    let outcome = try session.receive(DeltaQuery(.cluster, nonce: answer.nonce, error: "cluster(s) users-api: bad"))
    #expect(outcome.rejection?.culprits == ["users-api"])
  }

  @Test func whoComesBackIsSentOnlyWhatChanged() throws {
    var session = DeltaSession()
    var next = first
    next.endpoints = resources(endpoints: ["users": 2]).endpoints
    _ = session.update(next)
    let versions = first.clusters.mapValues(\.version)
    let clusters = try session.receive(DeltaQuery(.cluster, initialVersions: versions)).answers
    #expect(clusters.map(\.resources.isEmpty) == [true], "a first wildcard is answered, if only with nothing")
    let endpoints = try session.receive(
      DeltaQuery(.endpoints, subscribe: ["users"], initialVersions: first.endpoints.mapValues(\.version))
    ).answers
    #expect(endpoints.map(\.names) == [["users"]])
  }

  @Test func whoComesBackIsToldWhatIsGone() throws {
    var session = DeltaSession()
    _ = session.update(first)
    var versions = first.clusters.mapValues(\.version)
    versions["ranking"] = "1"
    let answers = try session.receive(DeltaQuery(.cluster, initialVersions: versions)).answers
    #expect(answers.map(\.removed) == [["ranking"]])
  }

  @Test func whoComesBackWarmingGetsRoutesAfterItsClusters() throws {
    var session = DeltaSession()
    _ = session.update(first)
    let listeners = try session.receive(DeltaQuery(.listener, initialVersions: ["in": "old"])).answers
    #expect(listeners.isEmpty)
    let clusters = try session.receive(
      DeltaQuery(.cluster, initialVersions: first.clusters.mapValues(\.version))
    ).answers
    #expect(clusters.map(\.kind) == [.cluster])
    let after = try session.receive(DeltaQuery(.cluster, nonce: clusters[0].nonce)).answers
    #expect(after.map(\.kind) == [.listener])
  }

  @Test func onlyOneAnswerOfAKindIsUnderWay() throws {
    var session = try settled()
    var next = first
    var nonces: [String] = []
    for version in 2...50 {
      next.endpoints = resources(endpoints: ["users": version]).endpoints
      nonces += session.update(next).map(\.nonce)
    }
    #expect(nonces.count == 1)
    let after = try session.receive(DeltaQuery(.endpoints, nonce: nonces[0])).answers
    #expect(after.first?.resources == [try #require(next.endpoints["users"])])
  }

  @Test func anUnknownNameIsSaidToBeGone() throws {
    var session = try settled()
    let answers = try session.receive(DeltaQuery(.endpoints, subscribe: ["nobody"])).answers
    #expect(answers.map(\.removed) == [["nobody"]])
  }

  @Test func unsubscribingUnderAWildcardSendsItAgain() throws {
    var session = try settled()
    _ = try session.receive(DeltaQuery(.cluster, subscribe: ["users"]))
    let sent = try session.receive(DeltaQuery(.cluster, nonce: "5")).answers
    #expect(sent.isEmpty)
    let answers = try session.receive(DeltaQuery(.cluster, unsubscribe: ["users"])).answers
    #expect(answers.first?.names == ["users"])
  }

  @Test func aStreamHasALimit() throws {
    var session = DeltaSession()
    let names = (0...SubscriptionLimitError.namesMax).map { "c\($0)" }
    #expect(throws: SubscriptionLimitError.self) { try session.receive(DeltaQuery(.endpoints, subscribe: names)) }
  }
}
