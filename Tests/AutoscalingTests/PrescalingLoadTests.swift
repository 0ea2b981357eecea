import Autoscaling
import Kubernetes
import Testing

/// The sweep over all bends, held against asking every load at every bend.
struct PrescalingLoadTests {
  private let begin = Timestamp(seconds: 1_800_000_000)

  /// Small numbers out of a seed, the same on every machine.
  private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD
    }
  }

  private typealias Weighted = (load: CampaignLoad, weight: Double)

  private func load(_ pushes: [Weighted], at moment: Timestamp) -> Double {
    pushes.reduce(0) { $0 + $1.load.load(at: moment) * $1.weight }
  }

  private func peak(_ pushes: [Weighted], from start: Timestamp, to end: Timestamp) -> Double {
    guard start <= end else { return 0 }
    let moments = [start, end] + pushes.flatMap { $0.load.bends }.filter { $0 > start && $0 < end }
    return moments.reduce(0) { max($0, load(pushes, at: $1)) }
  }

  /// Whole and half seconds, so that many bends fall together; a third of the rises and falls is a jump.
  private func pushes(_ count: Int, _ random: inout Seeded) -> [Weighted] {
    (0..<count).map { _ in
      func half(_ range: ClosedRange<Int>) -> Double { Double(Int.random(in: range, using: &random)) / 2 }
      func edge() -> Double { Int.random(in: 0..<3, using: &random) == 0 ? 0 : half(1...20) }
      let shape = ResponseShape(riseSeconds: edge(), holdSeconds: half(1...80), fallSeconds: edge())
      return (
        CampaignLoad(
          sendAt: begin + half(0...200), responses: Double(Int.random(in: 1...200_000, using: &random)), shape: shape),
        Double(Int.random(in: 0...4, using: &random)) / 2
      )
    }
  }

  @Test(arguments: [1, 2, 3, 10, 60] as [Int])
  func theSweepIsWhatEveryLoadAtEveryBendGives(_ count: Int) {
    var random = Seeded(state: UInt64(count))
    for _ in 0..<(count > 20 ? 5 : 40) {
      let pushes = pushes(count, &random)
      let profile = LoadProfile(pushes)
      for _ in 0..<40 {
        let start = begin + Double(Int.random(in: -40...700, using: &random)) / 4
        let end = start + Double(Int.random(in: -4...300, using: &random)) / 4
        for (found, expected) in [
          (profile.load(at: start), load(pushes, at: start)),
          (profile.peak(from: start, to: end), peak(pushes, from: start, to: end)),
        ] {
          #expect(abs(found - expected) <= 1e-9 * max(expected, 1), "\(count) pushes: \(found), not \(expected)")
          // Where nothing is to come there is nothing, not what rounding leaves.
          if expected == 0 { #expect(found == 0) }
        }
      }
    }
  }

  @Test func ownPeaksAreTheSame() {
    var random = Seeded(state: 7)
    let pushes = pushes(100, &random)
    let profile = LoadProfile(pushes)
    for (load, _) in pushes {
      let expected = peak(pushes, from: load.sendAt, to: load.end)
      #expect(abs(profile.peak(from: load.sendAt, to: load.end) - expected) <= 1e-9 * expected)
    }
    #expect(LoadProfile([]).peak(from: begin, to: begin + 10) == 0)
    #expect(LoadProfile([]).load(at: begin) == 0)
  }

  @Test func quantilesAreThoseOfTheLastSamples() {
    var random = Seeded(state: 3)
    var reservoir = SampleReservoir(capacity: 20)
    var all: [Double] = []
    for _ in 0..<200 {
      let sample = Double(Int.random(in: 0...15, using: &random))
      reservoir.add(sample)
      all.append(sample)
      let last = all.suffix(20).sorted()
      for share in [0, 0.5, 0.99, 1] {
        let rank = min(max(Int((share * Double(last.count)).rounded(.up)), 1), last.count)
        #expect(reservoir.quantile(share) == last[rank - 1])
      }
    }
    reservoir.add(.nan)
    #expect(reservoir.count == 20)
  }

  /// Twice the pushes may take little more than twice the time; in a debug build too.
  @Test func manyPushesStayCheap() {
    func seconds(_ count: Int) -> Duration {
      var scene = PrescalingScene()
      for index in 0..<count { scene.announce("push-\(index)", in: 20 + Double(index % 40), audience: 1000 + index) }
      var decision = PrescalingDecision(configuration: PrescalingScene.configuration)
      scene.step(&decision)
      let clock = ContinuousClock()
      return (0..<3).map { _ in clock.measure { _ = decision.reconcile(scene.view, at: scene.now) } }.min() ?? .zero
    }
    let few = seconds(50)
    let many = seconds(400)
    #expect(many < few * 24, "50 pushes: \(few), 400 pushes: \(many)")
  }
}
