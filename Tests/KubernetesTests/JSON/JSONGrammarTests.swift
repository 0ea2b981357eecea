import Kubernetes
import Testing

/// What RFC 8259 allows, what it forbids, and where the error is said to be.
@Suite struct JSONGrammarTests {
  private static let readings: [(String, JSONValue)] = [
    ("[]", []), (" { } ", [:]), ("[1,2]", [1, 2]), ("\n[\t1 ,\r\n2 ] ", [1, 2]), ("null", nil), ("true", true),
    ("false", false), ("0", 0), ("-0", 0), ("-1", -1), ("9223372036854775807", .integer(.max)),
    ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .double(9_223_372_036_854_775_808)),
    ("-9223372036854775809", .double(-9_223_372_036_854_775_808)), ("1.0", .double(1)), ("1e3", .double(1000)),
    ("1E+2", .double(100)), ("1e-2", .double(0.01)), ("0.1", .double(0.1)), ("123.456e78", .double(123.456e78)),
    ("-0.0", .double(-0.0)), ("1e-400", .double(0)), ("4.9e-324", .double(.leastNonzeroMagnitude)), ("0e0", .double(0)),
    ("123456789012345678901234567890", .double(1.2345678901234568e29)),
    ("0.1234567890123456789012345", .double(0.1234567890123456789012345)),
    ("1.7976931348623157e308", .double(.greatestFiniteMagnitude)), ("\"\"", ""), ("\"a\"", "a"),
    ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{c}\n\r\t"), ("\"\\u0041\\u00e9\\u20AC\"", "Aé€"),
    ("\"\\uD83D\\uDE00\"", "😀"), ("\"\\u0000\"", "\u{0}"), ("\"\u{7f}\"", "\u{7f}"), ("\"日本語 é\"", "日本語 é"),
    ("\"\u{2028}\u{2029}\"", "\u{2028}\u{2029}"), ("\"\\uDBFF\\uDFFF\"", "\u{10FFFF}"),
    ("\"a long plain string, over 16\"", "a long plain string, over 16"),
    ("\"a long string,\\n with an escape\"", "a long string,\n with an escape"),
    ("{\"a\":1,\"b\":{\"c\":[null]}}", ["a": 1, "b": ["c": [nil]]]),
    ("{\"\":0}", ["": 0]), ("{\"a\\u0000b\":1}", ["a\u{0}b": 1]), ("[[],[[]]]", [[], [[]]]), ("[{},{}]", [[:], [:]]),
  ]

  @Test func reads() throws {
    for (text, value) in Self.readings {
      #expect(try JSONValue(parsing: text) == value, "\(text)")
    }
  }

  @Test(arguments: [
    "", " ", "[", "]", "{", "}", "[1,]", "[,1]", "[1 2]", "[1,,2]", "[1]]", "[1}", "{\"a\":1]", "{\"a\"}", "{\"a\":}",
    "{\"a\":1,}",
    "{,}", "{a:1}", "{'a':1}", "{1:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{\"a\"::1}", "{\"a\":1}x", "[] []", "nul",
    "nulll", "True",
    "NaN", "Infinity", "-Infinity", "-", "+1", "01", "-01", "1.", ".5", "-.5", "1.e1", "1e", "1e+", "1e1.5", "0x10",
    "1_000", "1a",
    "1e400", "-1e400", "\"", "\"a", "\"\\\"", "\"\\", "\"\\x41\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\uD800\"",
    "\"\\uD800\\n\"",
    "\"\\uD800\\uD800\"", "\"\\uDC00\"", "\"\\uD83D\\u0041\"", "\"a\nb\"", "\"a\tb\"", "\"a\u{0}b\"", "\"\u{1f}\"",
    "'a'", "// x\n1",
    "/* */1", "[1]#", "\u{feff}1", "\u{a0}1", "[\u{c}1]", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "[true,fals]",
    "{\"a\":tru}",
  ])
  func refuses(_ text: String) {
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
  }

  @Test(arguments: [
    [0x22, 0x80, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xE2, 0x82, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
    [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x28, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22],
    [0x22, 0x5C, 0xE9, 0x22], [0xFF], [0x5B, 0xE9, 0x5D], [0x22, 0xE9], [0x7B, 0x22, 0xE9, 0x22, 0x3A, 0x31, 0x7D],
    [0x61, 0x00], [0x31, 0x00], [0xFE, 0xFF, 0x00, 0x31],
  ])
  func refusesInvalidBytes(_ bytes: [UInt8]) {
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: bytes) }
  }

  @Test func everyPrefixOfATextIsRefusedWithoutACrash() {
    let text = Array("{\"a\":[1.5e3,\"x\\u00e9\\uD83D\\uDE00é\",true,null],\"b\":{\"c\":-12}}".utf8)
    for length in 0..<text.count {
      #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: Array(text[..<length])) }
    }
  }

  @Test func aStringMayEndAnywhereInAWord() throws {
    for length in 0..<40 {
      let content = String(repeating: "x", count: length)
      #expect(try JSONValue(parsing: "\"\(content)\"") == .string(content))
      #expect(try JSONValue(parsing: "\"\(content)é\"") == .string(content + "é"))
      #expect(try JSONValue(parsing: "\"\(content)\\n\"") == .string(content + "\n"))
      #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: "\"\(content)\u{1}\"") }
    }
  }

  @Test func nestingHasALimit() throws {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(try JSONValue(parsing: nested(JSONValue.depthLimit)).arrayValue?.count == 1)
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: nested(JSONValue.depthLimit + 1)) }
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: String(repeating: "[{\"a\":", count: 100_000)) }
  }

  @Test func errorsSayWhere() {
    #expect(throws: JSONSyntaxError("expected \",\" or \"}\", found \"\"\"", line: 3, column: 3)) {
      try JSONValue(parsing: "{\n  \"a\": 1\n  \"b\": 2\n}")
    }
    #expect(throws: JSONSyntaxError("the member \"a\" is there twice", line: 1, column: 8)) {
      try JSONValue(parsing: "{\"a\":1,\"a\":2}")
    }
    #expect(throws: JSONSyntaxError("the text ends where a value is expected", line: 1, column: 2)) {
      try JSONValue(parsing: "[")
    }
  }

  @Test func aLargeObjectIsReadAndSearchedInLinearTime() throws {
    let count = 50_000
    let members = (0..<count).map { "\"name-\($0)\":\($0)" }.joined(separator: ",")
    let value = try JSONValue(parsing: "{\(members)}")
    #expect(value.objectValue?.count == count)
    var sum: Int64 = 0
    for index in 0..<count { sum += value["name-\(index)"]?.integerValue ?? 0 }
    #expect(sum == Int64(count * (count - 1) / 2))
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: "{\(members),\"name-40000\":1}") }
  }
}
