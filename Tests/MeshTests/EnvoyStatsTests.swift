import Mesh
import Testing

@Suite struct EnvoyStatsTests {
  let text = """
    cluster.inbound_health.upstream_rq_5xx: 1
    cluster.inbound_health.upstream_rq_completed: 40
    cluster.news/users.upstream_rq_retry: 3
    cluster.xds.upstream_rq_retry: 0
    http.inbound.downstream_rq_5xx: 7
    http.inbound.downstream_rq_active: 2
    http.inbound.downstream_rq_completed: 140
    http.outbound_users.downstream_rq_5xx: 1
    http.outbound_users.downstream_rq_active: 4
    http.outbound_users.downstream_rq_completed: 90
    server.version: 12
    something else: not a number
    """

  @Test func healthChecksAreNoLoad() {
    let stats = EnvoyStats(parsing: text)
    #expect(stats.inbound.completed == 100)
    #expect(stats.inbound.failed == 6)
    #expect(stats.inbound.active == 2)
    #expect(stats.outbound["users"]?.completed == 90)
    #expect(stats.outbound["users"]?.retries == 3)
    #expect(stats.edge == EnvoyStats.Requests())
  }

  @Test func aRateIsADifference() {
    var later = EnvoyStats(parsing: text)
    later.inbound.completed += 50
    let rate = EnvoyStats.requestsPerSecond(previous: EnvoyStats(parsing: text), current: later, seconds: 2)
    #expect(rate == 25)
  }

  @Test func aCounterThatWentBackHasStartedAgain() {
    let before = EnvoyStats(parsing: text)
    let after = EnvoyStats(parsing: "http.inbound.downstream_rq_completed: 30\n")
    #expect(EnvoyStats.requestsPerSecond(previous: before, current: after, seconds: 3) == 10)
    #expect(EnvoyStats.requestsPerSecond(previous: before, current: after, seconds: 0) == 0)
  }

  @Test func rubbishIsPassedOver() {
    #expect(EnvoyStats(parsing: "") == EnvoyStats())
    #expect(EnvoyStats(parsing: ":\n: 1\na: 1\nhttp.: 1\nhttp.inbound: 9\n..: 2") == EnvoyStats())
  }
}
