import Kubernetes
import Rehearsal
import Testing

@Suite struct PromisesTests {
  private var promises: Promises { Promises(start: Timestamp(nanoseconds: 0)) }

  @Test func whatIsBrokenIsToldOnce() {
    var promises = promises
    promises.placed("default/a-1", besides: nil, at: 1)
    promises.left(millicores: 0, bytes: 0, pods: 0, on: "node-1", at: 1)
    #expect(promises.violations.isEmpty)
    promises.placed("default/a-1", besides: 3, at: 2)
    promises.placed("default/a-1", besides: 3, at: 3)
    promises.left(millicores: -100, bytes: 5, pods: 1, on: "node-1", at: 4)
    promises.wants(11, of: 0, named: "default/a", maximum: 10, at: 5)
    #expect(
      promises.violations == [
        "1970-01-01T00:00:02Z: default/a-1: is on two nodes",
        "1970-01-01T00:00:04Z: node-1: more is promised than there is: -100 m, 5 B, 1 pods",
        "1970-01-01T00:00:05Z: default/a: 11 replicas are above the maximum of 10",
      ])
  }

  @Test func flippingIsToldButNotALoadThatChanges() {
    var (flips, calm) = (promises, promises)
    for turn in 0..<10 {
      flips.wants(5 + turn % 2, of: 0, named: "default/a", maximum: 10, at: Double(turn) * 15)
      calm.wants(5 + turn % 2, of: 0, named: "default/a", maximum: 10, at: Double(turn) * 600)
    }
    #expect(flips.violations.count == 1)
    #expect(calm.violations.isEmpty)
    var climbs = promises
    for turn in 0..<10 { climbs.wants(5 + turn, of: 0, named: "default/a", maximum: 30, at: Double(turn) * 15) }
    #expect(climbs.violations.isEmpty)
  }

  @Test func floorsAreGivenBack() {
    var promises = promises
    promises.ends(minimum: 20, declared: 2, isHeld: true, of: "default/a", at: 10)
    promises.ends(minimum: 2, declared: 2, isHeld: false, of: "default/b", at: 10)
    #expect(promises.violations.isEmpty)
    promises.ends(minimum: 20, declared: 2, isHeld: false, of: "default/a", at: 10)
    #expect(promises.violations.count == 1)
  }

  @Test func fatesFollowFromTheSeed() {
    let faults = DecisionFaults()
    var (one, same) = (RandomStream(seed: 5, purpose: "faults"), RandomStream(seed: 5, purpose: "faults"))
    let fates = (0..<2000).map { _ in faults.fate(&one) }
    #expect(fates == (0..<2000).map { _ in faults.fate(&same) })
    let dropped = fates.count { $0 == .dropped }
    let obeyed = fates.count { $0 == .obeyed }
    #expect((60...140).contains(dropped))
    #expect((1600...1800).contains(obeyed))
  }
}
