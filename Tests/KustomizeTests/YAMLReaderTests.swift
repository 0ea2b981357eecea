import Kubernetes
import Kustomize
import Testing

/// What is read of YAML's many ways to write a value.
@Suite struct YAMLReaderTests {
  static let readings: [(text: String, value: JSONValue)] = [
    ("a: 1\nb: [x, {c: d}, e: f]\n", ["a": 1, "b": ["x", ["c": "d"], ["e": "f"]]]),
    ("a: >\n  one\n  two\n\n  three\n   more\n  four\n", ["a": "one two\nthree\n\n more\nfour\n"]),
    ("a: \"b \\t\n  c  \n  d\"\n", ["a": "b \t c d"]),
    ("a: |-\n  one\n\n  two\n\n\nb: |+\n  x\n\nc: 1\n", ["a": "one\n\ntwo", "b": "x\n\n", "c": 1]),
    ("a: |2\n    two\n  none\n", ["a": "  two\nnone\n"]),
    ("a: one\n  two\n\n  three # no\nb: x#y\n", ["a": "one two\nthree", "b": "x#y"]),
    ("a:\n- b\n-  c: d\n   e: f\n- - g\n  - h\n-\n  i\n", ["a": ["b", ["c": "d", "e": "f"], ["g", "h"], "i"]]),
    ("\"a\\u00e9\\n\\\n  b\": 'it''s'\n", ["aé\nb": "it's"]),
    ("? a\n: b\n? c\n", ["a": "b", "c": nil]),
    (
      "x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\nz: *x\n",
      ["x": ["a": 1, "b": 2], "y": ["a": 1, "b": 3], "z": ["a": 1, "b": 2]]
    ),
    ("- &a b: c\n- *a : d\n", [["b": "c"], ["b": "d"]]),
    ("a: !!str 1\nb: !!int \"2\"\nc: !own d\n", ["a": "1", "b": 2, "c": "d"]),
    (
      "a: yes\nb: 012\nc: 0x1F\nd: 1_000\ne: 1e3\nf: ~\ng:\n",
      ["a": "yes", "b": 10, "c": 31, "d": 1000, "e": 1000, "f": nil, "g": nil]
    ),
    ("{\"a\": {\"b\": [1, 2.5, true, null, \"\\ud83d\\ude00\"]}}", ["a": ["b": [1, 2.5, true, nil, "😀"]]]),
    ("a: http://x:80/y\nb: -c\nd: a:b\n", ["a": "http://x:80/y", "b": "-c", "d": "a:b"]),
    ("\u{FEFF}a: b\r\nc: d\r\n", ["a": "b", "c": "d"]),
  ]

  @Test(arguments: readings.indices) func isReadAsItWasMeant(_ index: Int) throws {
    let (text, value) = Self.readings[index]
    let read = try YAMLReader.documents(in: Array(text.utf8), .init(rules: .version3)).map { try $0.json() }
    #expect(read == [value], "\(text)")
  }

  static let mistakes: [(text: String, line: Int, column: Int)] = [
    ("a: b: c\n", 1, 5), ("a: 1\na: 2\n", 2, 1), ("a: [1, 2\n", 1, 4), ("a: \"b\n", 1, 4), ("a: 1\n  b: 2\n", 2, 4),
    ("a:\n\t- b\n", 2, 2), ("a: *b\n", 1, 4), ("a: @b\n", 1, 4), ("1: a\n", 1, 1), ("a: 1\n&x", 2, 3),
    ("a: \u{01}\n", 1, 4),
    ("a:\n  - b\n c: d\n", 3, 2),
  ]

  @Test(arguments: mistakes.indices) func aMistakeIsToldWithItsPlace(_ index: Int) {
    let (text, line, column) = Self.mistakes[index]
    do throws(YAMLSyntaxError) {
      let read = try YAMLReader.documents(in: Array(text.utf8), .init(rules: .version3))
      Issue.record("\(text) is read as \(read)")
    } catch {
      #expect(error.point.line == line && error.point.column == column, "\(text): \(error.point), \(error.message)")
    }
  }

  @Test func documentsAreTakenApart() throws {
    let text = "# nothing\n---\na: 1\n--- # second\n---\nb: 2\n...\n---\n"
    #expect(
      try YAMLReader.documents(in: Array(text.utf8), .init(rules: .version3)).map { try $0.json() } == [
        ["a": 1], ["b": 2],
      ])
  }
}
