public import Autoscaling

/// What recordings teach about one kind of push: the medians of its campaigns, which a strange one among them cannot
/// move far.
public struct KindLesson: Sendable {
  public var kind: String
  /// In the order in which they were recorded, those that could be fitted.
  public var campaigns: [(recording: CampaignRecording, fit: ResponseFit)]
  /// What the platform is to plan with.
  public var learned: PrescalingDecision.Configuration.Kind
  public var confidence = Confidence()

  /// - Parameter quantile: of the open rates, 0 to 1: 0.5 for the usual campaign, more to be careful.
  init(_ kind: String, _ campaigns: [(recording: CampaignRecording, fit: ResponseFit)], quantile: Double) {
    self.kind = kind
    self.campaigns = campaigns
    let rates = Quantiles(campaigns.map { $0.fit.responses / Double($0.recording.audience) })
    func median(_ span: KeyPath<ResponseShape, Double>) -> Double {
      Quantiles(campaigns.map { $0.fit.shape[keyPath: span] }).median
    }
    let rate = quantile == 0.5 ? rates.median : rates.quantile(quantile)
    learned = PrescalingDecision.Configuration.Kind(
      openRate: min(rate, 1),
      shape: ResponseShape(
        riseSeconds: median(\.riseSeconds), holdSeconds: median(\.holdSeconds), fallSeconds: median(\.fallSeconds)))
    if rate > 1 {
      confidence.lower(to: .low, "more requests than people: a person opens several pages, or others came")
    }
    if campaigns.count < 3 {
      confidence.lower(to: .medium, campaigns.count == 1 ? "one campaign only" : "two campaigns only")
    }
    let spread = rates.robustDeviation / max(rate, 1e-12)
    if spread > 0.25 {
      confidence.lower(to: .medium, "open rates differ by \((spread * 100).rounded()) % of the usual")
    }
    let fits = campaigns.map(\.fit.confidence.grade).sorted()
    if let usual = fits.dropFirst(fits.count / 2).first, usual < .high {
      confidence.lower(to: usual, "most campaigns fit with \(usual.rawValue) confidence")
    }
  }

  /// The least and the greatest of the campaigns' open rates.
  public var openRates: ClosedRange<Double> {
    let rates = campaigns.map { $0.fit.responses / Double($0.recording.audience) }
    return (rates.min() ?? 0)...(rates.max() ?? 0)
  }
}

/// How long a stage takes: what was measured, as quantiles.
public struct StageLesson: Sendable {
  public var stage: LeadStage
  public var samples: Int
  /// Longer than the prescaler takes for a start.
  public var accidents: Int
  public var p50: Double
  public var p90: Double
  /// What the platform is to plan with.
  public var p99: Double
  public var confidence = Confidence()

  init?(_ stage: LeadStage, _ seconds: [Double]) {
    let usable = seconds.filter { $0 <= LeadTime.sampleSecondsMax }
    guard !usable.isEmpty else { return nil }
    let quantiles = Quantiles(usable)
    self.stage = stage
    samples = usable.count
    accidents = seconds.count - usable.count
    p50 = quantiles.median
    p90 = quantiles.quantile(0.9)
    p99 = quantiles.quantile(LeadTime.quantile)
    if samples < 100 {
      confidence.lower(
        to: samples < LeadTime.samplesMin ? .low : .medium, "\(samples) samples: the 99th percentile is the longest")
    }
    if accidents > 0 {
      confidence.lower(to: .high, "\(accidents) of more than \(Int(LeadTime.sampleSecondsMax)) s left out")
    }
  }
}

/// Everything that was learned from recordings, and what could not be.
public struct Lessons: Sendable {
  /// By name.
  public private(set) var kinds: [KindLesson] = []
  /// By service.
  public private(set) var capacities: [(service: String, fit: CapacityFit)] = []
  /// In the order of `LeadStage`.
  public private(set) var stages: [StageLesson] = []
  /// Recordings that teach nothing, and why.
  public private(set) var problems: [String] = []

  /// - Parameters:
  ///   - lead: seconds that each stage took.
  ///   - quantile: of a kind's open rates, 0 to 1.
  ///   - successRateMin: the objective that capacity is measured at, 0 to 1.
  public init(
    campaigns: [CampaignRecording], capacities: [CapacityRecording] = [], lead: [LeadStage: [Double]] = [:],
    quantile: Double = 0.5, successRateMin: Double = 0.999
  ) {
    var fits: [String: [(recording: CampaignRecording, fit: ResponseFit)]] = [:]
    for (index, campaign) in campaigns.enumerated() {
      let next = campaigns.filter { $0.load == campaign.load && $0.sentAtSeconds > campaign.sentAtSeconds }
        .map(\.sentAtSeconds).min()
      do throws(ResponseFit.Unfit) {
        fits[campaign.kind, default: []].append((campaign, try ResponseFit(campaign, until: next ?? .infinity)))
      } catch { problems.append("campaign \(index + 1) (\(campaign.kind)): \(error)") }
    }
    kinds = fits.sorted { $0.key < $1.key }.map { KindLesson($0.key, $0.value, quantile: quantile) }
    for recording in capacities.sorted(by: { $0.service < $1.service }) {
      do throws(ResponseFit.Unfit) {
        self.capacities.append((recording.service, try CapacityFit(recording, successRateMin: successRateMin)))
      } catch { problems.append("capacity of \(recording.service): \(error)") }
    }
    for stage in LeadStage.allCases {
      guard let seconds = lead[stage] else { continue }
      if let lesson = StageLesson(stage, seconds) {
        stages.append(lesson)
      } else {
        problems.append("lead \(stage.rawValue): no sample of at most \(Int(LeadTime.sampleSecondsMax)) s")
      }
    }
  }
}
