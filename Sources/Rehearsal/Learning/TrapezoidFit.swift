import Autoscaling

/// The search for the trapezoid that fits samples best.
struct TrapezoidFit {
  private let samples: [ResponseFit.Sample]
  /// The load without the push, and the moment at which that was measured, in seconds after the send.
  private let base: (value: Double, seconds: Double)
  private let window: Double
  private let step: Double
  /// Residuals beyond this count in proportion, not squared.
  private var wild = Double.infinity
  private(set) var shape = ResponseShape(riseSeconds: 1, holdSeconds: 1, fallSeconds: 1)
  /// Whether the load was back before the samples end; only then can one see how it changes without the push.
  private(set) var isComplete = false

  init(_ samples: [ResponseFit.Sample], base: (value: Double, seconds: Double), window: Double, step: Double) {
    self.samples = samples
    self.base = base
    self.window = window
    self.step = step
  }

  /// Takes the first shape from where the load crosses shares of its top.
  /// - Returns: false where there is no rise to be seen.
  mutating func start() -> Bool {
    let end = samples.last?.seconds ?? 0
    let rough = smoothed(samples.map { $0.value - base.value })
    guard let top = rough.max(), top > 0 else { return false }
    let tail = Quantiles(samples.suffix(max(samples.count / 8, 2)).map { $0.value - base.value }).median
    isComplete = tail < 0.2 * top
    let slope = isComplete ? tail / (end - base.seconds) : 0
    let excess = smoothed(samples.map { $0.value - base.value - slope * ($0.seconds - base.seconds) })
    let plateau = Quantiles(excess.filter { $0 > 0.6 * top }).median
    let noise = Quantiles(zip(samples.dropFirst(), samples).map { ($0.value - $1.value) / 2 }).robustDeviation
    guard plateau > 3 * noise, plateau > 0.02 * base.value else { return false }
    func seconds(_ index: Int?) -> Double { index.map { samples[$0].seconds } ?? 0 }
    let full = seconds(excess.firstIndex { $0 > 0.9 * plateau })
    let falls = seconds(excess.lastIndex { $0 > 0.9 * plateau })
    let over = seconds(excess.lastIndex { $0 > 0.1 * plateau })
    shape = ResponseShape(
      riseSeconds: max(full - window, 0), holdSeconds: max(falls - full, 0), fallSeconds: max(over - falls - window, 0))
    if shape.durationSeconds <= 0 { shape.holdSeconds = step }
    limitWild()
    return true
  }

  /// Goes from several first shapes to the nearest best one, then once more from there, knowing better by how much
  /// usual samples are off.
  mutating func refine() {
    let first = shape
    var (best, least) = (shape, loss(shape))
    let starts: [(rise: Double, fall: Double)] = [(1, 1), (2, 1), (1, 3), (0.3, 0.3), (4, 4)]
    for scale in starts {
      let rise = max(first.riseSeconds, step) * scale.rise
      let fall = max(first.fallSeconds, step) * scale.fall
      let span = first.durationSeconds
      let hold = max(first.holdSeconds + (first.riseSeconds - rise + first.fallSeconds - fall) / 2, span / 50)
      shape = ResponseShape(riseSeconds: rise, holdSeconds: hold, fallSeconds: fall)
      let reached = descend()
      if reached < least { (best, least) = (shape, reached) }
    }
    shape = best
    limitWild()
    _ = descend()
  }

  private mutating func limitWild() {
    let outcome = outcome()
    wild = max(2 * outcome.deviation, 1e-9 * outcome.height)
  }

  private mutating func descend() -> Double {
    let directions: [(Double, Double, Double)] = [
      (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, -1, 0), (0, -1, 1), (1, -0.5, 0), (0, -0.5, 1), (1, 0, -1), (1, 0, 1),
    ]
    var stride = max(shape.durationSeconds / 8, step)
    let smallest = min(step, shape.durationSeconds) / 200
    var least = loss(shape)
    while stride > smallest {
      var improved = false
      for direction in directions {
        for sign in [stride, -stride] {
          let next = ResponseShape(
            riseSeconds: max(shape.riseSeconds + sign * direction.0, 0),
            holdSeconds: max(shape.holdSeconds + sign * direction.1, 0),
            fallSeconds: max(shape.fallSeconds + sign * direction.2, 0))
          guard next.durationSeconds > 0 else { continue }
          let reached = loss(next)
          if reached < least * (1 - 1e-9) {
            least = reached
            shape = next
            improved = true
          }
        }
      }
      if !improved { stride /= 2 }
    }
    return least
  }

  /// Huber's loss with the height that fits best.
  private func loss(_ shape: ResponseShape) -> Double {
    let line = line(for: shape)
    guard line.height > 0 else { return .infinity }
    return samples.reduce(0) { sum, sample in
      let distance = abs(residual(sample, shape, line))
      return sum + (distance <= wild ? distance * distance : wild * (2 * distance - wild))
    }
  }

  /// What stands beside the shape: how high it is, and how fast the load without the push changes, per second.
  private struct Line {
    var height = 0.0
    var slope = 0.0
  }

  /// Least squares, the residuals of the round before deciding what each sample weighs.
  private func line(for shape: ResponseShape) -> Line {
    var line = Line()
    for round in 0..<(wild.isFinite ? 3 : 1) {
      var (ff, ft, tt, fe, te) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for sample in samples {
        let form = profile(shape, at: sample.seconds)
        let (seconds, excess) = (sample.seconds - base.seconds, sample.value - base.value)
        let distance = abs(residual(sample, shape, line))
        let weight = round > 0 && distance > wild ? wild / distance : 1
        ff += weight * form * form
        ft += weight * form * seconds
        tt += weight * seconds * seconds
        fe += weight * form * excess
        te += weight * seconds * excess
      }
      let determinant = ff * tt - ft * ft
      if isComplete, determinant > 1e-9 * ff * tt {
        line = Line(height: (fe * tt - te * ft) / determinant, slope: (te * ff - fe * ft) / determinant)
      } else {
        line = Line(height: ff > 0 ? fe / ff : 0)
      }
    }
    return line
  }

  private func residual(_ sample: ResponseFit.Sample, _ shape: ResponseShape, _ line: Line) -> Double {
    sample.value - base.value - line.slope * (sample.seconds - base.seconds)
      - line.height * profile(shape, at: sample.seconds)
  }

  /// The trapezoid with height 1, as a sample sees it: at its moment, or as the mean of its window.
  private func profile(_ shape: ResponseShape, at seconds: Double) -> Double {
    guard window > 0 else { return shape.density(at: seconds) / shape.height }
    return (shape.share(until: seconds) - shape.share(until: seconds - window)) / (shape.height * window)
  }

  /// Of three neighbours the middle one: a lone spike is gone.
  private func smoothed(_ values: [Double]) -> [Double] {
    values.indices.map { index in
      guard index > 0, index + 1 < values.count else { return values[index] }
      let (a, b, c) = (values[index - 1], values[index], values[index + 1])
      return max(min(a, b), min(max(a, b), c))
    }
  }

  /// How well the shape fits, and with which height.
  func outcome() -> (height: Double, deviation: Double, explained: Double) {
    let line = line(for: shape)
    let residuals = samples.map { residual($0, shape, line) }
    let mean = samples.reduce(0) { $0 + $1.value } / Double(samples.count)
    let variance = samples.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) }
    let left = residuals.reduce(0) { $0 + $1 * $1 }
    return (line.height, Quantiles(residuals).robustDeviation, variance > 0 ? 1 - left / variance : 0)
  }
}

extension ResponseShape {
  /// The share of all answers that came up to a moment, in seconds after the send.
  func share(until seconds: Double) -> Double {
    if seconds <= 0 { return 0 }
    if seconds >= durationSeconds { return 1 }
    if seconds < riseSeconds { return height * seconds * seconds / (2 * riseSeconds) }
    let risen = height * riseSeconds / 2
    if seconds <= plateauEndSeconds { return risen + height * (seconds - riseSeconds) }
    let left = durationSeconds - seconds
    return 1 - height * left * left / (2 * fallSeconds)
  }
}
