import Kubernetes
import Testing

@Suite struct JSONDuplicateTests {
  @Test(arguments: [
    (#"{"a":1,"a":2}"#, ["a"], #"{"a":2}"#),
    (#"{"a":{"b":1,"b":2},"c":[{"d":1},{"d":1,"d":3}]}"#, ["a.b", "c[1].d"], #"{"a":{"b":2},"c":[{"d":1},{"d":3}]}"#),
    (#"{"a":{"x":1},"a":{"y":1},"a":1}"#, ["a"], #"{"a":1}"#),
    (#"[[{"a":1,"a":2}]]"#, ["[0][0].a"], #"[[{"a":2}]]"#),
    (#"{"a":1}"#, [], #"{"a":1}"#),
  ])
  func theLastMemberCountsAndTheOthersAreTold(text: String, paths: [String], result: String) throws {
    var duplicates: [String] = []
    let value = try JSONValue(parsing: Array(text.utf8), duplicates: &duplicates)
    #expect(duplicates == paths)
    #expect(value.text == result)
    if !paths.isEmpty { #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) } }
  }

  @Test func largeObjectsAreLookedThrough() throws {
    let members = (0..<100).map { "\"k\($0)\":\($0)" } + ["\"k7\":700"]
    var duplicates: [String] = []
    let text = "{\(members.joined(separator: ","))}"
    let value = try JSONValue(parsing: Array(text.utf8), duplicates: &duplicates)
    #expect(duplicates == ["k7"])
    #expect(value.objectValue?.count == 100)
    #expect(value["k7"] == 700)
  }
}
