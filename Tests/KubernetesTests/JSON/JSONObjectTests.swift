import Kubernetes
import Testing

@Suite struct JSONObjectTests {
  /// An object with and without its index must behave as an ordered dictionary does.
  @Test func behavesAsAnOrderedDictionary() {
    var random = SplitMix64(state: 3)
    var object = JSONObject()
    var model: [(key: String, value: Int64)] = []
    for step in 0..<4000 {
      let key = "k\(Int.random(in: 0..<90, using: &random))"
      let position = model.firstIndex { $0.key == key }
      if Int.random(in: 0..<3, using: &random) == 0 {
        object[key] = nil
        if let position { model.remove(at: position) }
      } else {
        object[key] = .integer(Int64(step))
        if let position { model[position].value = Int64(step) } else { model.append((key, Int64(step))) }
      }
      #expect(object.keys == model.map(\.key))
      let probe = "k\(Int.random(in: 0..<90, using: &random))"
      #expect(object[probe]?.integerValue == model.first { $0.key == probe }?.value)
    }
    object.removeAll { key, _ in key.hasSuffix("1") }
    model.removeAll { $0.key.hasSuffix("1") }
    #expect(object.keys == model.map(\.key))
    for (key, value) in model { #expect(object[key] == .integer(value)) }
  }

  @Test func equalityIgnoresOrder() {
    let left: JSONObject = ["a": 1, "b": [1, 2], "c": ["x": nil]]
    let right: JSONObject = ["c": ["x": nil], "a": 1, "b": [1, 2]]
    #expect(left == right)
    #expect(left.hashValue == right.hashValue)
    #expect(left != ["a": 1, "b": [2, 1], "c": ["x": nil]])
    #expect(left != ["a": 1, "b": [1, 2]])
    #expect(JSONValue.integer(1) != .double(1))
  }

  @Test func pathsCreateWhatIsMissing() {
    var value: JSONValue = [:]
    value[path: ["a", "b", "c"]] = 1
    #expect(value == ["a": ["b": ["c": 1]]])
    value[path: ["a", "b", "c"]] = nil
    #expect(value == ["a": ["b": [:]]])
    #expect(value[path: ["a", "x", "y"]] == nil)
  }
}
