import Kubernetes
import Testing
import Traffic

@Suite struct RateCurveTests {
  @Test(arguments: [
    ("0:20,10:20", 200), ("0:20,10:20,12:400,60:400", 19_820), ("0:0,10:100", 500), ("0:100,10:0", 500),
    ("0:10,5:10,5:90,6:90", 140),
    ("0:0,10:0", 0), ("2:10,3:10", 10), ("0:0,5:0,5:7,6:7", 7), ("0:1,1:0", 1),
  ])
  func asManyAreDueAsTheAreaIs(_ text: String, _ count: Int) throws {
    let curve = try RateCurve(parsing: text)
    let moments = Array(curve.schedule)
    #expect(moments.count == count)
    #expect(moments.allSatisfy { $0.isFinite && $0 >= 0 && $0 <= curve.durationSeconds })
    #expect(zip(moments, moments.dropFirst()).allSatisfy { $0 <= $1 })
  }

  /// On random curves: the n-th request is due where the area is n − ½.
  @Test(arguments: 1...200)
  func eachIsDueWhereTheAreaSays(_ seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    var points: [RateCurve.Point] = []
    var seconds = 0.0
    for _ in 0..<Int.random(in: 2...8, using: &random) {
      let isFlat = Bool.random(using: &random)
      let other: Double = [0, 1e-7, 3, 40, 900].randomElement(using: &random) ?? 0
      let rate: Double = isFlat ? points.last?.requestsPerSecond ?? 0 : other
      points.append(.init(seconds: seconds, requestsPerSecond: rate))
      seconds += [0, 0.001, 1, 7.5].randomElement(using: &random) ?? 1
    }
    let curve = try RateCurve(points)
    var last = 0.0
    var count = 0
    for moment in curve.schedule {
      count += 1
      #expect(moment.isFinite && moment >= last, "seed \(seed)")
      #expect(abs(area(of: curve, until: moment) - (Double(count) - 0.5)) < 1e-6, "seed \(seed), request \(count)")
      last = moment
    }
    #expect(abs(area(of: curve, until: .infinity) - Double(count)) <= 0.5 + 1e-6, "seed \(seed)")
  }

  private func area(of curve: RateCurve, until end: Double) -> Double {
    zip(curve.points, curve.points.dropFirst()).reduce(0) { sum, pair in
      let (left, right) = pair
      guard end > left.seconds, right.seconds > left.seconds else { return sum }
      let width = min(end, right.seconds) - left.seconds
      let slope = (right.requestsPerSecond - left.requestsPerSecond) / (right.seconds - left.seconds)
      return sum + width * (left.requestsPerSecond + slope * width / 2)
    }
  }

  @Test func ratesLieOnStraightLines() throws {
    let curve = try RateCurve(parsing: "0:20,10:20,12:400,60:400")
    #expect(curve.durationSeconds == 60)
    #expect([0.0, 9.9, 11, 30, 60, 61].map(curve.rate) == [20, 20, 210, 400, 0, 0])
  }

  @Test(arguments: [
    "", "0:1", "0:1,", "0:1,5", "0:1,5:x", "0:1:2,5:1", "5:1,0:1", "0:-1,5:1", "0:nan,5:1", "0:1,inf:1", "-1:1,5:1",
    "0:1,700000:1",
    "0:2000000,5:1",
  ])
  func noCurve(_ text: String) { #expect(throws: RateCurve.Invalid.self) { try RateCurve(parsing: text) } }
}
