import Kubernetes
import Testing

/// What `kubectl` 1.32 was seen to make of unquoted scalars.
@Suite struct YAMLScalarTests {
  @Test(
    arguments: [
      ("y", true), ("n", false), ("yes", true), ("Off", false), ("10:30", "10:30"), ("012", 10), ("08", 8),
      ("0o14", 12),
      ("1_000", 1000), ("1e3", 1000), ("1.", 1), (".5", 0.5), ("-0.5", -0.5), ("2001-01-01", "2001-01-01"),
      ("1e400", "1e400"), ("99999999999999999999", 1e20), ("0x1F", 31), ("-0b11", -3), ("+12", 12), ("~", .null),
      ("1.5_0", 1.5), ("<<", "<<"), ("=", "="), ("nUll", "nUll"), ("-0", 0),
      ("99999999999999999999:59", "99999999999999999999:59"),
    ] as [(String, JSONValue)])
  func plainScalars(_ text: String, _ meaning: JSONValue) {
    #expect(JSONValue(plainYAMLScalar: text)?.text == meaning.text)
  }

  @Test(arguments: [".inf", "-.Inf", ".nan"]) func whatJSONLacksIsRefused(_ text: String) {
    #expect(JSONValue(plainYAMLScalar: text) == nil)
  }

  @Test func aliasesThatUnfoldAreSeenBeforeTheyDo() {
    let bomb = "a: &a [x]\n" + (0..<9).map { "b\($0): *a\n" }.joined()
    #expect(YAMLAliases.unfoldingAnchor(in: bomb.utf8).map { "\($0)" } == "(line: 1, column: 4)")
    #expect(YAMLAliases.unfoldingAnchor(in: "args: [ls, \"*.txt\", a&b]\nscript: rm *old && echo 2*3".utf8) == nil)
  }

  @Test func stringsOfOtherScalarsAreNotEqual() {
    let (one, two): (JSONValue, JSONValue) = ("\u{e9}", "e\u{301}")
    #expect(one != two)
    #expect((["a": one] as JSONValue) != ["a": two])
  }
}
