import Kubernetes

/// The sum of overlapping pushes' loads on one service over time: straight lines between the moments where one bends.
///
/// Summed once by a sweep over all bends, in O(n log n); then any peak is a search and a range maximum, in O(log n).
package struct LoadProfile: Sendable {
  private let moments: [Timestamp]
  /// The sum exactly at each moment, requests per second: where a load jumps, before it falls and after it rises.
  private let values: [Double]
  /// The sum right after each moment, and how it changes from there, per second.
  private let lines: [(value: Double, slope: Double)]
  /// At level k, the greatest of the 2^k values from each on.
  private let maxima: [[Double]]

  /// - Parameter pushes: each with the requests that one of its own at the edge makes on the service.
  package init(_ pushes: [(load: CampaignLoad, weight: Double)]) {
    self = LoadBends(pushes.map(\.load)).profile(weights: pushes.map(\.weight))
  }

  fileprivate init(_ moments: [Timestamp], _ values: [Double], _ lines: [(value: Double, slope: Double)]) {
    self.moments = moments
    self.values = values
    self.lines = lines
    var maxima = [values]
    var width = 1
    while 2 * width <= values.count, let last = maxima.last {
      maxima.append((0...values.count - 2 * width).map { max(last[$0], last[$0 + width]) })
      width *= 2
    }
    self.maxima = maxima
  }

  /// The sum at a moment, requests per second.
  package func load(at moment: Timestamp) -> Double {
    let index = first { $0 > moment } - 1
    guard index >= 0 else { return 0 }
    if moments[index] == moment { return values[index] }
    return max(lines[index].value + lines[index].slope * (moment - moments[index]), 0)
  }

  /// The greatest sum between two moments: exact, because a sum of straight lines is greatest where one bends.
  package func peak(from start: Timestamp, to end: Timestamp) -> Double {
    guard start <= end else { return 0 }
    let ends = max(load(at: start), load(at: end))
    let lower = first { $0 > start }
    let upper = first { $0 >= end }
    guard lower < upper else { return ends }
    let level = Int.bitWidth - 1 - (upper - lower).leadingZeroBitCount
    return max(ends, maxima[level][lower], maxima[level][upper - 1 << level])
  }

  /// The index of the first moment that is past a border; as many as there are where none is.
  private func first(where isPast: (Timestamp) -> Bool) -> Int {
    var lower = 0
    var upper = moments.count
    while lower < upper {
      let middle = (lower + upper) / 2
      if isPast(moments[middle]) { upper = middle } else { lower = middle + 1 }
    }
    return lower
  }
}

/// Where the loads of several pushes bend, in the order of time: sorted once, swept for each service.
struct LoadBends {
  /// What happens to one push's load at one moment, in the order in which it counts there.
  private struct Bend {
    /// Loads that end are gone before the sum is taken and new ones not yet there, except where they jump: a jump's
    /// moment belongs to its upper side.
    enum Turn: Int {
      case fadesOut, appears, vanishes, bends
      var isBeforeSum: Bool { self == .fadesOut || self == .appears }
    }
    var moment: Timestamp
    var turn: Turn
    var push: Int
    var jump = 0.0
    var slope = 0.0
    /// How many more pushes there are after it.
    var count = 0
  }

  private var bends: [Bend] = []
  private var moments: [Timestamp] = []

  init(_ loads: [CampaignLoad]) {
    for (push, load) in loads.enumerated() {
      let corners = load.bends
      let height = load.responses * load.shape.height
      let rise = corners[1] - corners[0]
      let fall = corners[3] - corners[2]
      if rise > 0 {
        bends.append(Bend(moment: corners[0], turn: .bends, push: push, slope: height / rise, count: 1))
        bends.append(Bend(moment: corners[1], turn: .bends, push: push, slope: -height / rise))
      } else {
        bends.append(Bend(moment: corners[0], turn: .appears, push: push, jump: height, count: 1))
      }
      if fall > 0 {
        bends.append(Bend(moment: corners[2], turn: .bends, push: push, slope: -height / fall))
        bends.append(Bend(moment: corners[3], turn: .fadesOut, push: push, slope: height / fall, count: -1))
      } else {
        bends.append(Bend(moment: corners[3], turn: .vanishes, push: push, jump: -height, count: -1))
      }
    }
    bends.sort { ($0.moment, $0.turn.rawValue, $0.push) < ($1.moment, $1.turn.rawValue, $1.push) }
    for bend in bends where bend.moment != moments.last { moments.append(bend.moment) }
  }

  /// - Parameter weights: of each load, in their order; one of 0 does not count.
  func profile(weights: [Double]) -> LoadProfile {
    var sweep = Sweep()
    var values: [Double] = []
    var lines: [(value: Double, slope: Double)] = []
    values.reserveCapacity(moments.count)
    lines.reserveCapacity(moments.count)
    var next = 0
    var before = moments.first ?? Timestamp(nanoseconds: 0)
    for moment in moments {
      sweep.value += sweep.slope * (moment - before)
      before = moment
      while next < bends.count, bends[next].moment == moment, bends[next].turn.isBeforeSum {
        sweep.take(bends[next], weights[bends[next].push])
        next += 1
      }
      values.append(max(sweep.value, 0))
      while next < bends.count, bends[next].moment == moment {
        sweep.take(bends[next], weights[bends[next].push])
        next += 1
      }
      lines.append((sweep.value, sweep.slope))
    }
    return LoadProfile(moments, values, lines)
  }

  private struct Sweep {
    var value = 0.0
    var slope = 0.0
    var pushes = 0

    mutating func take(_ bend: Bend, _ weight: Double) {
      guard weight != 0 else { return }
      value += bend.jump * weight
      slope += bend.slope * weight
      pushes += bend.count
      // Without any push there is no load, whatever rounding has left.
      if pushes == 0 {
        value = 0
        slope = 0
      }
    }
  }
}
