import Autoscaling
import Kubernetes
import Rehearsal
import Testing

/// What is learned from series that were made from known figures, with noise, must be those figures.
@Suite struct LearningTests {
  private struct Noise {
    private var numbers: SplitMix64
    init(state: UInt64) { numbers = SplitMix64(state: state) }
    /// -1 to 1.
    mutating func next() -> Double { Double(numbers.next() >> 11) / Double(1 << 52) - 1 }
  }

  private func recording(
    _ kind: PrescalingDecision.Configuration.Kind, audience: Int, base: Double = 200, slope: Double = 0, step: Double,
    noise: Double, seed: UInt64, wild: Int = 0, name: String = "breaking"
  ) -> CampaignRecording {
    var random = Noise(state: seed)
    let (before, after) = (20 * step, kind.shape.durationSeconds * 1.5 + 10 * step)
    var samples = stride(from: 0, to: before + after, by: step).map { second in
      let load = Double(audience) * kind.openRate * kind.shape.density(at: second - before) + base + slope * second
      return Series.Sample(seconds: second, value: max(load * (1 + noise * random.next()), 0))
    }
    for _ in 0..<wild {
      let index = Int((random.next() + 1) / 2 * Double(samples.count - 1))
      samples[index].value *= 5
    }
    return CampaignRecording(
      kind: name, audience: audience, sentAtSeconds: before,
      load: Series(name: "load", clock: .unstated, samples: samples))
  }

  private func kind(_ rate: Double, _ rise: Double, _ hold: Double, _ fall: Double)
    -> PrescalingDecision.Configuration.Kind
  {
    .init(openRate: rate, shape: .init(riseSeconds: rise, holdSeconds: hold, fallSeconds: fall))
  }

  @Test(arguments: [
    (0.08, 5.0, 40.0, 20.0, 1.0, 0.0), (0.08, 5, 40, 20, 1, 0.1), (0.3, 60, 900, 1800, 15, 0.1),
    (0.12, 10, 0, 120, 1, 0.05), (0.2, 30, 300, 10, 5, 0.15),
  ])
  func aResponseIsLearnedBack(
    rate: Double, rise: Double, hold: Double, fall: Double, step: Double, noise: Double
  ) throws {
    let truth = kind(rate, rise, hold, fall)
    for seed in 1...3 as ClosedRange<UInt64> {
      let fit = try ResponseFit(recording(truth, audience: 250_000, base: 5, step: step, noise: noise, seed: seed))
      #expect(abs(fit.responses / 250_000 / rate - 1) < 0.03)
      let near = max(2 * step, 0.08 * truth.shape.durationSeconds)
      #expect(abs(fit.shape.riseSeconds - rise) < near)
      #expect(abs(fit.shape.holdSeconds - hold) < 2 * near)
      #expect(abs(fit.shape.fallSeconds - fall) < 2 * near)
      #expect(abs(fit.height / (250_000 * rate * truth.shape.height) - 1) < 0.05)
      #expect(fit.explained > 0.9)
      #expect(fit.confidence.grade >= (noise > 0.1 ? .medium : .high), "\(fit.confidence)")
      #expect(fit.residual <= noise + 1e-3)
    }
  }

  @Test func withoutNoiseItIsExact() throws {
    let fit = try ResponseFit(recording(kind(0.08, 5, 40, 20), audience: 100_000, step: 1, noise: 0, seed: 1))
    #expect(abs(fit.responses / 8000 - 1) < 0.002)
    #expect(abs(fit.shape.riseSeconds - 5) < 0.1)
    #expect(abs(fit.shape.holdSeconds - 40) < 0.1)
    #expect(abs(fit.shape.fallSeconds - 20) < 0.1)
    #expect(abs(fit.baseLoad - 200) < 0.001)
  }

  @Test func wildSamplesAndADayThatRisesDoNotDecide() throws {
    let truth = kind(0.08, 5, 40, 20)
    for seed in 1...3 as ClosedRange<UInt64> {
      let fit = try ResponseFit(
        recording(truth, audience: 100_000, slope: 0.3, step: 1, noise: 0.05, seed: seed, wild: 4))
      #expect(abs(fit.responses / 8000 - 1) < 0.06)
    }
  }

  @Test func valuesThatAreMeansOfAWindowAreUnderstood() throws {
    let truth = kind(0.08, 10, 60, 30)
    let fine = recording(truth, audience: 100_000, step: 1, noise: 0, seed: 1)
    var coarse = fine
    coarse.windowSeconds = 60
    coarse.load.samples = stride(from: 60, to: fine.load.samples.count, by: 15).map { index in
      let mean = fine.load.samples[index - 60..<index].reduce(0) { $0 + $1.value } / 60
      return Series.Sample(seconds: Double(index), value: mean)
    }
    coarse.load.samples.insert(.init(seconds: 0, value: 200), at: 0)
    let fit = try ResponseFit(coarse)
    #expect(abs(fit.responses / 8000 - 1) < 0.05)
    #expect(abs(fit.shape.durationSeconds - 100) < 15)
  }

  @Test func aKindIsTheMedianOfItsCampaigns() throws {
    let rates = [0.07, 0.08, 0.09, 0.4, 0.08]
    let campaigns = rates.enumerated().map {
      recording(kind($1, 5, 40, 20), audience: 100_000, step: 1, noise: 0.05, seed: UInt64($0 + 1))
    }
    let lessons = Lessons(campaigns: campaigns)
    let lesson = try #require(lessons.kinds.first)
    #expect(abs(lesson.learned.openRate - 0.08) < 0.003)
    #expect(lesson.openRates.upperBound > 0.38)
    #expect(lesson.confidence.grade == .high)
    #expect(Lessons(campaigns: campaigns, quantile: 0.8).kinds[0].learned.openRate > 0.085)
    #expect(Lessons(campaigns: [campaigns[0]]).kinds[0].confidence.grade == .medium)
  }

  @Test func whatTeachesNothingSaysWhy() {
    var flat = recording(kind(0.08, 5, 40, 20), audience: 1, step: 1, noise: 0.05, seed: 1)
    flat.kind = "digest"
    var outside = recording(kind(0.08, 5, 40, 20), audience: 100_000, step: 1, noise: 0, seed: 1)
    outside.sentAtSeconds = 1e6
    let lessons = Lessons(campaigns: [flat, outside])
    #expect(lessons.kinds.isEmpty)
    #expect(
      lessons.problems == [
        "campaign 1 (digest): the load does not rise after the send",
        "campaign 2 (breaking): the push was sent outside of the recorded time",
      ])
  }

  @Test func twoPushesOfOneRecordingAreToldApart() throws {
    let one = kind(0.08, 5, 40, 20)
    let samples = (0..<600).map { second in
      let load = 8000 * (one.shape.density(at: Double(second - 60)) + one.shape.density(at: Double(second - 300)))
      return Series.Sample(seconds: Double(second), value: 50 + load)
    }
    let load = Series(name: "load", clock: .unstated, samples: samples)
    let campaigns = [300.0, 60].map {
      CampaignRecording(kind: "breaking", audience: 100_000, sentAtSeconds: $0, load: load)
    }
    let fits = try #require(Lessons(campaigns: campaigns).kinds.first).campaigns
    #expect(fits.allSatisfy { abs($0.fit.responses / 8000 - 1) < 0.01 })
  }

  private func capacity(
    of perPod: Double, load: (Int) -> Double, noise: Double, waste: Double = 0
  ) -> CapacityRecording {
    var random = Noise(state: 7)
    func series(_ value: (Int) -> Double) -> Series {
      Series(
        name: "", clock: .unstated,
        samples: (0..<200).map { Series.Sample(seconds: Double($0 * 15), value: value($0)) })
    }
    func pods(_ index: Int) -> Double { Double(2 + index / 50) }
    let requests = series { load($0) * pods($0) * (1 + noise * random.next()) }
    let failed = series { index in
      let over = max(requests.samples[index].value - perPod * pods(index), 0)
      return over > 0 ? over * (1 + waste) : 0
    }
    return CapacityRecording(service: "articles", requests: requests, failed: failed, readyPods: series(pods))
  }

  @Test func whatAPodServesIsLearnedBack() throws {
    let fit = try CapacityFit(capacity(of: 40, load: { 10 + Double($0 % 50) }, noise: 0.05))
    #expect(abs(fit.requestsPerSecond - 40) < 1)
    #expect(abs((fit.servedWhenOverloaded ?? 0) - 40) < 1)
    #expect(fit.confidence.grade == .high, "\(fit.confidence)")
    let wasteful = try CapacityFit(capacity(of: 40, load: { 10 + Double($0 % 50) }, noise: 0.05, waste: 0.8))
    #expect(abs(wasteful.requestsPerSecond - 40) < 1)
  }

  @Test func withoutOverloadTheCapacityIsAtLeastWhatWasServed() throws {
    let fit = try CapacityFit(capacity(of: 40, load: { 10 + Double($0 % 20) }, noise: 0))
    #expect(fit.requestsPerSecond == 29)
    #expect(fit.confidence.grade == .low)
  }

  @Test func stagesAreQuantilesWithoutAccidents() throws {
    var random = Noise(state: 3)
    let seconds = (0..<500).map { _ in 20 + 5 * random.next() } + [4000]
    let stage = try #require(Lessons(campaigns: [], lead: [.node: seconds]).stages.first)
    #expect(abs(stage.p50 - 20) < 0.6)
    #expect(abs(stage.p99 - 24.9) < 0.2)
    #expect(stage.accidents == 1)
    #expect(stage.confidence.grade == .high)
    #expect(Lessons(campaigns: [], lead: [.start: [3, 4]]).stages[0].confidence.grade == .low)
    #expect(Lessons(campaigns: [], lead: [.start: [4000]]).problems.count == 1)
  }
}
