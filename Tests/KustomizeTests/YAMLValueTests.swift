import Kubernetes
import Kustomize
import Testing

/// Values written as YAML: readers of both of YAML's versions have them back as they were.
@Suite struct YAMLValueTests {
  static let texts = [
    "", " ", "a", "a b", " a", "a ", "-", "- a", "-a", "---", "...", ":", "a: b", "a:b", "a:", "#", "a #b", "a#b", "?",
    "? a", "!a", "&a", "*a", "[", "]", "{a}", "%", "@a", "`", "'", "it's", "\"", "a\"b", "\\", "|", ">", ",",
    "yes", "Yes", "no", "on", "OFF", "y", "n", "true", "True", "false", "null", "NULL", "~", "<<",
    "0", "007", "0o17", "0x1F", "0b11", "1_000", "1e3", "1.", ".5", "-.5", "+1", "1:30", "190:20:30", "2001-01-01",
    "2001-01-01T00:00:00Z", ".inf", "-.INF", ".nan", "250m", "1Gi", "25%", "v1", "1.2.3", "=",
    "a\nb", "a\nb\n", "a\nb\n\n", "\n", "\na", "  a\nb", "a \nb", "a\n b", "a\tb", "a\n\tb", "\ttab", "\r\n", "a\rb",
    "\u{0}", "\u{7}", "\u{1B}[0m", "é", "e\u{301}", "日本語", "😀", "\u{85}", "\u{2028}", "\u{FEFF}a", "\u{A0}",
    "$(POD_IP)", "http://x:80/y?z=1#f", "{\"node\":{\"id\":\"$(A)/$(B)\"}}",
    String(repeating: "long words ", count: 40) + "end", String(repeating: "x", count: 400),
  ]

  private static func read(_ bytes: [UInt8], _ rules: PlainScalar.Rules) throws -> [JSONValue] {
    try YAMLReader.documents(in: bytes, .init(rules: rules)).map { try $0.json() }
  }

  @Test(arguments: texts) func aTextComesBack(_ text: String) throws {
    var value: JSONValue = [
      "value": .string(text), "list": [.string(text), [.string(text)], ["inner": .string(text)]],
    ]
    // No key of an object has lines, and `<<` is none for a reader of YAML.
    if text != "<<", !text.contains(where: \.isNewline) { value["map"] = .object([text: "as a key"]) }
    let bytes = YAMLWriter.documents([value, value])
    for rules in [PlainScalar.Rules.version2, .version3] {
      let written = String(decoding: bytes, as: UTF8.self)
      #expect(try Self.read(bytes, rules) == [value, value], "\(rules): \(written)")
    }
  }

  /// What stands without quotes must be a text to the reader of Kubernetes' clients too.
  @Test(arguments: texts) func noPlainTextMeansSomethingElse(_ text: String) {
    let line = String(decoding: YAMLWriter.documents([["a": .string(text)]]), as: UTF8.self)
    guard line == "a: \(text)\n" else { return }
    #expect(JSONValue(plainYAMLScalar: text) == .string(text))
  }

  @Test func everythingElseComesBackAndMembersStayInTheirOrder() throws {
    let value: JSONValue = [
      "z": 1, "a": -5, "m": [true, false, nil, 1.5, 1e21, -0.25, .integer(.max), .integer(.min)], "empty": [:],
      "none": [], "deep": [[[1], []], [["x": [["y": [:]]]]]], "last": nil,
    ]
    let bytes = YAMLWriter.documents([value])
    #expect(try Self.read(bytes, .version2) == [value])
    let keys = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { $0.first?.isLetter == true }
    #expect(keys.map { $0.prefix { $0 != ":" } } == ["z", "a", "m", "empty", "none", "deep", "last"])
  }

  @Test func objectsLookAsPeopleWriteThem() {
    let value: JSONValue = [
      "kind": "Pod", "spec": ["args": ["--level", "80", ["a": 1, "b": ["c"]]], "text": "one\n two\n", "empty": [:]],
    ]
    #expect(
      String(decoding: YAMLWriter.documents([value, ["kind": "List"]]), as: UTF8.self) == """
        kind: Pod
        spec:
          args:
          - --level
          - "80"
          - a: 1
            b:
            - c
          text: |
            one
             two
          empty: {}
        ---
        kind: List

        """)
  }

  @Test func nothingIsAnEmptyText() { #expect(YAMLWriter.documents([]).isEmpty) }
}
