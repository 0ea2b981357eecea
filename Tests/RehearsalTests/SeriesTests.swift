import Definitions
import Kubernetes
import Rehearsal
import Testing

@Suite struct SeriesTests {
  private func problems(_ text: String) -> [String] {
    do throws(InvalidDefinition) {
      _ = try Series.read(text, file: "load.csv")
      return []
    } catch { return error.diagnostics.map(\.description) }
  }

  @Test func aCSVHasAColumnForEachSeries() throws {
    let series = try Series.read(
      "\u{FEFF}time,\"gateway, all\",users\r\n0,10,1.5\r\n60, 12 ,2\r\n120,14,0\r\n", file: "load.csv")
    #expect(series.map(\.name) == ["gateway, all", "users"])
    #expect(series[0].clock == .unstated)
    #expect(series[0].samples.map(\.value) == [10, 12, 14])
    #expect(series[1].samples.map(\.seconds) == [0, 60, 120])
    #expect(series[0].value(at: 90) == 13)
    #expect(series[0].value(at: 121) == nil)
    #expect(series[0].stepSeconds == 60)
  }

  @Test(arguments: [
    ("2026-11-24T18:00:00Z", 1_795_543_200.0, Series.Clock.unix), ("2026-11-24 18:00:00", 1_795_543_200, .unix),
    ("1795543200.5", 1_795_543_200.5, .unix), ("18:05", 65_100, .timeOfDay), ("00:00:30", 30, .timeOfDay),
    ("12.5", 12.5, .unstated),
  ])
  func timesAreWrittenInManyWays(text: String, seconds: Double, clock: Series.Clock) throws {
    let series = try Series.read("# measured\n\(text),7\n", file: "load.csv")
    #expect(series == [Series(name: "value", clock: clock, samples: [.init(seconds: seconds, value: 7)])])
  }

  @Test func whatIsWrongHasItsPlaceAndRemedy() {
    #expect(
      problems("seconds,rate\n0,10\n60,\n120,-3\n180,fast\n") == [
        "load.csv:3:4: error: rate: a hole: nothing was measured here; fill it in (0 where nothing came), or cut the file there",
        "load.csv:4:5: error: rate: -3 is below zero; what is counted cannot be: correct the row",
        "load.csv:5:5: error: rate: \"fast\" is not a number; write it as 35.5, without a unit",
      ])
    #expect(problems("0,1\n60,1\n120,1\n300,1\n").first?.hasPrefix("load.csv:4:1: error: a hole: 180 s lie") == true)
    #expect(problems("0,1\n60,1\n60,2\n").first?.hasPrefix("load.csv:3:1: error: 60 is measured twice") == true)
    #expect(problems("0,1\n60,1\n50,2\n").first?.hasPrefix("load.csv:3:1: error: 50 is before") == true)
    #expect(problems("0;1\n").first?.contains("separate the two by a comma") == true)
    #expect(problems("0,1\nnoon,1\n").first?.contains("\"noon\" is not a time") == true)
    #expect(problems("0,1\n18:00,1\n").first?.contains("of another kind") == true)
    #expect(problems("0,1\n1,2,3\n").first?.contains("the row has 3 columns") == true)
    #expect(problems("").first?.hasPrefix("load.csv: error: holds no sample") == true)
    #expect(problems((0..<100).map { "\($0),x\n" }.joined()).count == 20)
  }

  @Test func whatWasNotedAtAnyMomentHasNoHoles() throws {
    let series = try Series.read("0,20\n280,20\n282,450\n327,450\n332,22\n335,22\n", file: "load.csv")
    #expect(series[0].samples.count == 6)
  }

  @Test func prometheusAnswersARangeQuery() throws {
    let text = """
      {"status":"success","data":{"resultType":"matrix","result":[
        {"metric":{"__name__":"rate","service":"gateway"},"values":[[1795543200,"10"],[1795543215.5,"12.5"]]}]}}
      """
    let series = try Series.read(text, file: "load.json")
    #expect(series.map(\.name) == ["rate{service=\"gateway\"}"])
    #expect(
      series[0].samples == [.init(seconds: 1_795_543_200, value: 10), .init(seconds: 1_795_543_215.5, value: 12.5)])
  }

  @Test func whatPrometheusGotWrongHasItsPlace() {
    func text(_ values: String) -> String {
      "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[\n {\"metric\":{},\n\"values\":[\(values)]}]}}"
    }
    #expect(problems(text("[0,\"1\"], [15,\"NaN\"]")).first?.hasPrefix("load.csv:3:20: error: a hole: NaN") == true)
    #expect(problems(text("[0,\"1\"], [15,\"-2\"]")).first?.hasPrefix("load.csv:3:20: error: -2 is below zero") == true)
    #expect(
      problems(text("[0,\"1\"],[15,\"2\"],[30,\"2\"],\n[90,\"2\"]")).first?.hasPrefix(
        "load.csv:4:1: error: a hole between")
        == true)
    #expect(
      problems("{\"status\":\"error\",\"error\":\"no\"}").first?.contains(":1:11: error: Prometheus answered error: no")
        == true)
    #expect(
      problems("{\"data\":{\"resultType\":\"vector\",\"result\":[]}}").first?.contains("a vector is no series") == true)
    #expect(problems("{\"data\":").first?.contains("not JSON") == true)
    #expect(problems("[]").first?.contains("holds no series") == true)
  }

  @Test func aLoadBeginsWhereItIsAskedTo() {
    let series = Series(
      name: "", clock: .unstated,
      samples: [.init(seconds: 0, value: 10), .init(seconds: 60, value: 20), .init(seconds: 120, value: 40)])
    #expect(
      series.loadCurve(from: 30)
        == LoadCurve([
          .init(seconds: 0, requestsPerSecond: 15), .init(seconds: 30, requestsPerSecond: 20),
          .init(seconds: 90, requestsPerSecond: 40),
        ]))
    #expect(series.loadCurve(from: 0).points.count == 3)
  }
}
