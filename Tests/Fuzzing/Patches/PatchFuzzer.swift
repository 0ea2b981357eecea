import Kubernetes

/// JSON, merge and strategic merge patches.
///
/// A patch that applies comes to what a plain model comes to; the difference of two documents turns one into the other;
/// spoilt patches fail or apply, and leave no directive behind.
public struct PatchFuzzer: Fuzzer {
  private let values = RandomValues(depthMax: 4, countMax: 4)
  private let withoutNulls = RandomValues(depthMax: 4, countMax: 4, hasNulls: false)
  private let pods = RandomPods()

  public init() {}

  public func check(_ random: inout SeededRandom) throws {
    switch random.below(8) {
    case 0, 1: try checkJSONPatch(&random)
    case 2: try checkSpoiltJSONPatch(&random)
    case 3: try checkMergePatch(&random)
    case 4, 5: try checkStrategicDifference(&random)
    case 6: try checkSpoiltStrategicPatch(&random)
    default: try checkPointer(&random)
    }
  }

  private func checkJSONPatch(_ random: inout SeededRandom) throws {
    let document = JSONValue.object(values.object(&random))
    var model = JSONPatchCase(document)
    for _ in 0..<(1 + random.below(8)) { model.step(&random) }
    let patch = JSONValue.array(model.operations)
    do {
      let patched = try document.applying(jsonPatch: patch)
      try require(
        patched == model.document, "\(patch.text) on \(document.text) gave \(patched.text), not \(model.document.text)")
    } catch let error as PatchError { throw Finding("\(patch.text) on \(document.text) failed: \(error)") }
  }

  private func checkSpoiltJSONPatch(_ random: inout SeededRandom) throws {
    let document = JSONValue.object(values.object(&random))
    var model = JSONPatchCase(document)
    for _ in 0..<(1 + random.below(4)) { model.step(&random) }
    let spoilt = model.operations.map { operation in random.oneIn(2) ? spoil(operation, &random) : operation }
    guard let patched = try? document.applying(jsonPatch: .array(spoilt)) else { return }
    try require(JSONJudge.value(of: patched.bytes) != nil, "\(spoilt) on \(document.text) left no JSON")
  }

  private func spoil(_ operation: JSONValue, _ random: inout SeededRandom) -> JSONValue {
    var operation = operation
    switch random.below(5) {
    case 0: operation[random.pick(["op", "path", "from", "value"])] = nil
    case 1: operation["op"] = .string(random.pick(["add", "remove", "replace", "move", "copy", "test", "", "Add"]))
    case 2:
      operation["path"] = .string(
        random.pick([
          "", "/", "//", "/a/0", "/a/-", "/a/-1", "/a/01", "/~", "/~2", "a", "/99999999999999999999", "/b/b",
        ]))
    case 3: operation["from"] = .string(random.pick(["", "/", "/a", "/a/0", "/b/c", "~"]))
    default: return values.value(&random)
    }
    return operation
  }

  private func checkMergePatch(_ random: inout SeededRandom) throws {
    let (old, new) = (withoutNulls.value(&random), withoutNulls.value(&random))
    let difference = MergePatches.difference(old, new)
    let merged = old.applying(mergePatch: difference)
    try require(merged == new, "\(difference.text) on \(old.text) gave \(merged.text), not \(new.text)")
    try require(merged.applying(mergePatch: difference) == new, "\(difference.text) twice gave something else")
    let patch = values.value(&random)
    let (patched, judged) = (old.applying(mergePatch: patch), MergePatches.judged(old, patch))
    try require(patched == judged, "\(patch.text) on \(old.text) gave \(patched.text), not \(judged.text)")
  }

  private func checkPointer(_ random: inout SeededRandom) throws {
    let document = JSONValue.object(values.object(&random))
    let place = random.pick(JSONPatchCase.places(in: document))
    let text = JSONPatchCase.pointer(place)
    guard let pointer = JSONPointer(parsing: text) else { throw Finding("\(text) is not read as a pointer") }
    try require(pointer.tokens.elementsEqual(place) && pointer.description == text, "\(text) is read as \(pointer)")
    try require(document.value(at: pointer) == JSONPatchCase.value(document, place), "\(text) leads elsewhere")
  }
}

extension PatchFuzzer {
  private func strategic(_ pod: JSONValue, _ patch: JSONValue) throws(PatchError) -> JSONValue {
    try pod.applying(strategicPatch: patch, apiVersion: "v1", kind: "Pod")
  }

  private func checkStrategicDifference(_ random: inout SeededRandom) throws {
    let (old, new) = (pods.pod(&random), pods.pod(&random))
    let difference = JSONValue.object(
      StrategicDifference.patch(old.objectValue ?? [:], new.objectValue ?? [:], .pod))
    do {
      let patched = try strategic(old, difference)
      try require(patched == new, "\(difference.text)\non \(old.text)\ngave \(patched.text),\nnot \(new.text)")
      let again = try strategic(patched, difference)
      try require(again == new, "\(difference.text)\na second time, on \(new.text)\ngave \(again.text)")
    } catch let error as PatchError { throw Finding("\(difference.text)\non \(old.text)\nfailed: \(error)") }
  }

  private static let directives: [(String, JSONValue)] = [
    ("$patch", "delete"), ("$patch", "replace"), ("$patch", "merge"), ("$patch", "other"), ("$patch", 1),
    ("$retainKeys", ["name"]), ("$retainKeys", []), ("$retainKeys", "name"),
    ("$setElementOrder/containers", [["name": "app"]]), ("$setElementOrder/containers", ["app"]),
    ("$setElementOrder/env", [[:]]), ("$setElementOrder/finalizers", [1, 1]), ("$setElementOrder/labels", []),
    ("$deleteFromPrimitiveList/finalizers", ["x.example/1"]), ("$deleteFromPrimitiveList/containers", [1]),
    ("$deleteFromPrimitiveList/finalizers", "x"), ("$unknown", true), ("name", .null), ("containers", .null),
    ("env", "text"), ("metadata", .null),
  ]

  private func checkSpoiltStrategicPatch(_ random: inout SeededRandom) throws {
    let (old, new) = (pods.pod(&random), pods.pod(&random))
    var patch = JSONValue.object(StrategicDifference.patch(old.objectValue ?? [:], new.objectValue ?? [:], .pod))
    for _ in 0..<(1 + random.below(3)) { patch = spoilt(patch, &random) }
    // What replaces an object is put there as it is, directives and all, as upstream does.
    guard let patched = try? strategic(old, patch), !patch.text.contains(#""$patch":"replace""#) else { return }
    try require(!hasDirective(patched, .pod), "\(patch.text)\non \(old.text)\nleft a directive: \(patched.text)")
  }

  /// Puts a directive or a wrong value somewhere.
  private func spoilt(_ value: JSONValue, _ random: inout SeededRandom) -> JSONValue {
    switch value {
    case .object(var object):
      if object.isEmpty || random.oneIn(3) {
        let (name, value) = random.pick(Self.directives)
        object[name] = value
      } else {
        let name = random.pick(object.keys)
        object[name] = object[name].map { spoilt($0, &random) }
      }
      return .object(object)
    case .array(var elements) where !elements.isEmpty:
      let index = random.below(elements.count)
      elements[index] = spoilt(elements[index], &random)
      return .array(elements)
    default: return random.oneIn(2) ? .null : values.value(&random)
    }
  }

  /// A list that is one value may hold anything: patches put it there as it is.
  private func hasDirective(_ value: JSONValue, _ shape: PodShape) -> Bool {
    switch (shape, value) {
    case (.object, .object(let object)):
      object.contains { $0.key.hasPrefix("$") || hasDirective($0.value, shape[$0.key]) }
    case (.keyed(_, let members), .array(let elements)): elements.contains { hasDirective($0, .object(members)) }
    default: false
    }
  }
}
