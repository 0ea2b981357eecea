import Autoscaling

/// One push's response, fitted to what was recorded: a trapezoid over the load that was there without it.
///
/// The load without the push is the median before the send, and a straight line from there to the median of the end
/// where the response is over by then. Rise, hold and fall are searched for; the height that fits best follows from
/// them. Residuals count by Huber's loss, so that a few wild samples do not decide.
public struct ResponseFit: Sendable {
  /// Requests that the push brought, at the edge.
  public private(set) var responses: Double
  public private(set) var shape: ResponseShape
  /// The load without the push when it was sent, requests per second.
  public private(set) var baseLoad: Double
  /// Samples while recipients answered.
  public private(set) var samples: Int
  /// The distance of samples.
  public private(set) var stepSeconds: Double
  /// Of the samples' distances from the fit, robust; a share of the response's height.
  public private(set) var residual: Double
  /// The share of the samples' variance that the fit explains, at most 1.
  public private(set) var explained: Double
  /// With 95 % confidence the requests are within so much of `responses`; from the residuals alone.
  public private(set) var responsesMargin: Double
  public private(set) var confidence = Confidence()

  /// Requests per second at the top.
  public var height: Double { responses * shape.height }

  /// Why nothing can be fitted.
  public struct Unfit: Error, Sendable, Hashable, CustomStringConvertible {
    public var description: String
  }

  /// - Parameter until: the moment, by the series' clock, at which something else begins, such as the next push.
  public init(_ recording: CampaignRecording, until: Double = .infinity) throws(Unfit) {
    let sent = recording.sentAtSeconds
    let all = recording.load.samples.filter { $0.seconds < until }
      .map { Sample(seconds: $0.seconds - sent, value: $0.value) }
    guard let first = all.first, let last = all.last, first.seconds <= 0, last.seconds > 0 else {
      throw Unfit(description: "the push was sent outside of the recorded time")
    }
    let after = all.filter { $0.seconds > 0 }
    guard after.count >= Self.samplesMin else {
      throw Unfit(description: "only \(after.count) samples after the send; at least \(Self.samplesMin) are needed")
    }
    let before = all.filter { $0.seconds <= 0 && $0.seconds > -Self.baseSecondsMax }
    stepSeconds = recording.load.stepSeconds ?? 1
    baseLoad = Quantiles(before.map(\.value)).median
    var fit = TrapezoidFit(
      after, base: (baseLoad, Quantiles(before.map(\.seconds)).median), window: recording.windowSeconds,
      step: stepSeconds)
    guard fit.start() else { throw Unfit(description: "the load does not rise after the send") }
    fit.refine()
    let outcome = fit.outcome()
    shape = fit.shape
    responses = outcome.height / shape.height
    let over = fit.shape.durationSeconds + recording.windowSeconds
    samples = after.count { $0.seconds <= over }
    residual = outcome.deviation / outcome.height
    explained = outcome.explained
    // The sum of so many samples, each off by the deviation, times their distance.
    responsesMargin = 1.96 * outcome.deviation * stepSeconds * Double(max(samples, 1)).squareRoot()
    judge(before: before.count, isComplete: fit.isComplete, window: recording.windowSeconds)
  }

  static let samplesMin = 4
  static let baseSecondsMax = 1800.0

  private mutating func judge(before: Int, isComplete: Bool, window: Double) {
    if before < 3 {
      confidence.lower(to: .medium, "\(before) samples before the send: the load without the push is a guess")
    }
    if !isComplete { confidence.lower(to: .low, "the recording ends before the response does") }
    if samples < 10 {
      confidence.lower(to: samples < 6 ? .low : .medium, "only \(samples) samples while recipients answered")
    }
    if max(stepSeconds, window) > shape.riseSeconds {
      confidence.lower(to: .medium, "samples are too far apart to tell a rise shorter than \(stepSeconds) s")
    }
    if explained < 0.95 {
      let share = (explained * 100).rounded()
      confidence.lower(to: explained < 0.8 ? .low : .medium, "the shape explains \(share) % of what was recorded")
    }
  }

  struct Sample {
    /// After the send.
    var seconds: Double
    var value: Double
  }
}
