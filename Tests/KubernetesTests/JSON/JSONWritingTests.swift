import Kubernetes
import Testing

@Suite struct JSONWritingTests {
  private static let writings: [(JSONValue, String)] = [
    (nil, "null"), (true, "true"), (.integer(.min), "-9223372036854775808"), (.integer(.max), "9223372036854775807"),
    (0, "0"), (1_234_567_890, "1234567890"), (.double(1), "1"), (.double(-2.5), "-2.5"), (.double(0.1), "0.1"),
    (.double(1e21), "1e+21"),
    (.double(.nan), "null"), (.double(.infinity), "null"), (.double(.leastNonzeroMagnitude), "5e-324"), ("", "\"\""),
    ("a\"\\/b", #""a\"\\/b""#), ("\u{0}\u{1f}\n\r\t\u{8}\u{c}", #""\u0000\u001f\n\r\t\b\f""#), ("<a&b>", "\"<a&b>\""),
    ("\u{2028}é😀", "\"\u{2028}é😀\""), ([], "[]"), ([:], "{}"), ([1, [2], [:]], "[1,[2],{}]"),
    (["b": 1, "a": ["c": nil]], #"{"b":1,"a":{"c":null}}"#),
  ]

  @Test func writesCompactly() {
    for (value, text) in Self.writings { #expect(value.text == text) }
  }

  @Test func writesForPeople() {
    let value: JSONValue = ["a": [1, [:], []], "b": ["c": "d"]]
    #expect(
      value.prettyText == """
        {
          "a": [
            1,
            {},
            []
          ],
          "b": {
            "c": "d"
          }
        }
        """)
  }

  @Test func whatWasWrittenIsReadAgain() throws {
    var random = SplitMix64(state: 42)
    for _ in 0..<300 {
      let value = arbitrary(&random, depth: 5)
      #expect(try JSONValue(parsing: value.bytes) == value)
      #expect(try JSONValue(parsing: value.prettyText) == value)
    }
  }

  private func arbitrary(_ random: inout SplitMix64, depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
    case 0: return .null
    case 1: return .bool(.random(using: &random))
    case 2: return .integer(.random(in: .min ... .max, using: &random))
    case 3: return .integer(.random(in: -10...10, using: &random))
    case 4: return .double(.random(in: 0.001..<0.999, using: &random))
    case 5: return .string(text(&random))
    case 6: return .array((0..<Int.random(in: 0..<6, using: &random)).map { _ in arbitrary(&random, depth: depth - 1) })
    default:
      let count = Int.random(in: 0..<40, using: &random)
      return .object(JSONObject((0..<count).map { _ in (text(&random), arbitrary(&random, depth: 0)) }))
    }
  }

  private func text(_ random: inout SplitMix64) -> String {
    let scalars = Array("abcdefghij\"\\\n\u{1}é日😀/\u{7f}".unicodeScalars)
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0..<30, using: &random) {
      if let scalar = scalars.randomElement(using: &random) { text.append(scalar) }
    }
    return String(text)
  }
}
