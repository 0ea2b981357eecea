import Kubernetes
import Testing

/// RFC 6902, its appendix A among others.
@Suite struct JSONPatchTests {
  private static let applications: [(document: JSONValue, patch: JSONValue, result: JSONValue)] = [
    (["foo": "bar"], [["op": "add", "path": "/baz", "value": "qux"]], ["foo": "bar", "baz": "qux"]),
    (["foo": ["bar", "baz"]], [["op": "add", "path": "/foo/1", "value": "qux"]], ["foo": ["bar", "qux", "baz"]]),
    (["baz": "qux", "foo": "bar"], [["op": "remove", "path": "/baz"]], ["foo": "bar"]),
    (["foo": ["bar", "qux", "baz"]], [["op": "remove", "path": "/foo/1"]], ["foo": ["bar", "baz"]]),
    (["baz": "qux"], [["op": "replace", "path": "/baz", "value": "boo"]], ["baz": "boo"]),
    (
      ["foo": ["bar": "baz", "waldo": "fred"], "qux": ["corge": "grault"]],
      [["op": "move", "from": "/foo/waldo", "path": "/qux/thud"]],
      ["foo": ["bar": "baz"], "qux": ["corge": "grault", "thud": "fred"]]
    ),
    (
      ["foo": ["all", "grass", "cows", "eat"]], [["op": "move", "from": "/foo/1", "path": "/foo/3"]],
      ["foo": ["all", "cows", "eat", "grass"]]
    ),
    (
      ["baz": "qux", "foo": ["a", 2, "c"]],
      [["op": "test", "path": "/baz", "value": "qux"], ["op": "test", "path": "/foo/1", "value": .double(2)]],
      ["baz": "qux", "foo": ["a", 2, "c"]]
    ),
    (
      ["foo": "bar"], [["op": "add", "path": "/child", "value": ["grandchild": [:]]]],
      ["foo": "bar", "child": ["grandchild": [:]]]
    ),
    (["foo": "bar"], [["op": "add", "path": "/baz", "value": "qux", "xyz": 123]], ["foo": "bar", "baz": "qux"]),
    (["/": 9, "~1": 10], [["op": "test", "path": "/~01", "value": 10]], ["/": 9, "~1": 10]),
    (["a/b": 1, "m~n": 2], [["op": "remove", "path": "/a~1b"], ["op": "remove", "path": "/m~0n"]], [:]),
    (
      ["foo": ["bar"]], [["op": "add", "path": "/foo/-", "value": ["abc", "def"]]], ["foo": ["bar", ["abc", "def"]]]
    ),
    (["foo": []], [["op": "add", "path": "/foo/0", "value": 1]], ["foo": [1]]),
    (["foo": 1], [["op": "replace", "path": "", "value": ["bar": 2]]], ["bar": 2]),
    (["foo": nil], [["op": "replace", "path": "/foo", "value": true]], ["foo": true]),
    (
      ["a": ["b": 1]], [["op": "copy", "from": "/a", "path": "/c"], ["op": "replace", "path": "/c/b", "value": 2]],
      ["a": ["b": 1], "c": ["b": 2]]
    ),
    (["a": 1], [["op": "move", "from": "/a", "path": "/a"]], ["a": 1]),
    (["": 1], [["op": "replace", "path": "/", "value": 2]], ["": 2]),
    (["a": [["b": [0]]]], [["op": "add", "path": "/a/0/b/1", "value": 1]], ["a": [["b": [0, 1]]]]),
    (["a": 1], [], ["a": 1]),
  ]

  @Test func applies() throws {
    for (document, patch, result) in Self.applications {
      #expect(try document.applying(jsonPatch: patch) == result, "\(patch.text)")
    }
  }

  private static let refusals: [(code: PatchError.Code, document: JSONValue, patch: JSONValue)] = [
    (.notApplicable, ["foo": "bar"], [["op": "add", "path": "/baz/bat", "value": "qux"]]),
    (.notApplicable, ["foo": "bar"], [["op": "remove", "path": "/baz"]]),
    (.notApplicable, ["foo": "bar"], [["op": "remove", "path": ""]]),
    (.notApplicable, ["foo": [1]], [["op": "add", "path": "/foo/2", "value": 1]]),
    (.notApplicable, ["foo": [1]], [["op": "remove", "path": "/foo/1"]]),
    (.notApplicable, ["foo": [1]], [["op": "remove", "path": "/foo/-"]]),
    (.notApplicable, ["foo": [1]], [["op": "replace", "path": "/foo/-", "value": 1]]),
    (.notApplicable, ["foo": [1]], [["op": "remove", "path": "/foo/x"]]),
    (.notApplicable, ["foo": [1]], [["op": "add", "path": "/foo/99999999999999999999", "value": 1]]),
    (.notApplicable, ["foo": 1], [["op": "move", "from": "/bar", "path": "/baz"]]),
    (.testFailed, ["foo": "bar"], [["op": "test", "path": "/foo", "value": "baz"]]),
    (.testFailed, ["foo": 10], [["op": "test", "path": "/foo", "value": "10"]]),
    (.notApplicable, ["foo": 1], [["op": "move", "from": "/foo", "path": "/foo/bar"]]),
    (.malformed, [:], ["op": "add", "path": "/a", "value": 1]),
    (.notApplicable, [:], [["path": "/a", "value": 1]]),
    (.notApplicable, [:], [["op": "add", "value": 1]]),
    (.notApplicable, [:], [["op": "merge", "path": "/a", "value": 1]]),
    (.notApplicable, [:], [["op": "move", "path": "/a"]]),
    (.malformed, [:], [1]),
  ]

  @Test func refuses() throws {
    for (code, document, patch) in Self.refusals {
      let error = #expect(throws: PatchError.self, "\(patch.text)") { try document.applying(jsonPatch: patch) }
      #expect(error?.code == code, "\(patch.text)")
    }
  }

  @Test func copiesOfCopiesHaveALimit() {
    var operations: [JSONValue] = []
    for _ in 0..<64 { operations.append(["op": "copy", "from": "/a", "path": "/a/-"]) }
    let error = #expect(throws: PatchError.self) {
      try JSONValue.object(["a": [0]]).applying(jsonPatch: .array(operations))
    }
    #expect(error?.code == .notApplicable)
  }

  @Test func aPatchOfTooManyOperationsIsTooLarge() {
    let operations = [JSONValue](repeating: ["op": "remove", "path": "/a"], count: 10_001)
    let error = #expect(throws: PatchError.self) { try JSONValue.object([:]).applying(jsonPatch: .array(operations)) }
    #expect(error?.code == .tooLarge)
    #expect(error?.message == "The allowed maximum operations in a JSON patch is 10000, got 10001")
  }

  @Test func whatIsNotThereIsNull() throws {
    let cases: [(JSONValue, JSONValue, JSONValue)] = [
      (["a": 1], [["op": "replace", "path": "/b", "value": 2]], ["a": 1, "b": 2]),
      (["a": 1], [["op": "test", "path": "/b", "value": nil]], ["a": 1]),
      (["a": 1], [["op": "add", "path": "/b"]], ["a": 1, "b": nil]),
      (["a": [1, 2]], [["op": "remove", "path": "/a/-1"]], ["a": [1]]),
      (["a~2": 1], [["op": "remove", "path": "/a~2"]], [:]),
    ]
    for (document, patch, result) in cases { #expect(try document.applying(jsonPatch: patch) == result) }
  }

  @Test func aPointerIsWrittenAsItIsRead() throws {
    for text in ["", "/", "/a~1b/~0", "/a//b"] { #expect(JSONPointer(parsing: text)?.description == text) }
  }
}

/// RFC 7386, appendix A.
@Suite struct MergePatchTests {
  private static let cases: [(JSONValue, JSONValue, JSONValue)] = [
    (["a": "b"], ["a": "c"], ["a": "c"]), (["a": "b"], ["b": "c"], ["a": "b", "b": "c"]), (["a": "b"], ["a": nil], [:]),
    (["a": "b", "b": "c"], ["a": nil], ["b": "c"]), (["a": ["b"]], ["a": "c"], ["a": "c"]),
    (["a": "c"], ["a": ["b"]], ["a": ["b"]]),
    (["a": ["b": "c"]], ["a": ["b": "d", "c": nil]], ["a": ["b": "d"]]), (["a": [["b": "c"]]], ["a": [1]], ["a": [1]]),
    (["a", "b"], ["c", "d"], ["c", "d"]), (["a": "b"], ["c"], ["c"]), (["a": "foo"], nil, nil),
    (["a": "foo"], "bar", "bar"),
    (["e": nil], ["a": 1], ["e": nil, "a": 1]), ([1, 2], ["a": "b", "c": nil], ["a": "b"]),
    ([:], ["a": ["bb": ["ccc": nil]]], ["a": ["bb": [:]]]),
  ]

  @Test func applies() {
    for (document, patch, result) in Self.cases {
      #expect(document.applying(mergePatch: patch) == result, "\(document.text) \(patch.text)")
    }
  }
}
