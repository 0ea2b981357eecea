import Kubernetes

/// Label and field selectors: what is written is read as it was, whatever is accepted has one meaning, and matching
/// agrees with a naive reading of the documentation.
public struct SelectorFuzzer: Fuzzer {
  private let mutator = TextMutator(tokens: [
    "=", "==", "!=", "!", ",", "(", ")", " in ", " notin ", " in (", "in", "notin", ">", "<", " ", "\t", "a", "b",
    "a/b",
    "example.com/a", "\\", "\\,", "\\=", "\\\\", "-1", "007", "9223372036854775808", "é", ".", "-", "_",
    "metadata.name",
  ])

  public init() {}

  public func check(_ random: inout SeededRandom) throws {
    switch random.below(4) {
    case 0: try checkLabels(&random)
    case 1: try checkSpoiltLabels(&random)
    case 2: try checkFields(&random)
    default: try checkSpoiltFields(&random)
    }
  }

  private static let keys = ["a", "b", "app.kubernetes.io/name", "x/y-z", "A_1", "in", "notin"]
  private static let values = ["", "a", "b", "1", "2", "10", "v1.2_3-x", "in"]
  private static let operators: [LabelRequirement.Operator] = [
    .in, .notIn, .exists, .doesNotExist, .greaterThan, .lessThan,
  ]

  private func requirement(_ random: inout SeededRandom) -> LabelRequirement {
    let op = random.pick(Self.operators)
    var requirement = LabelRequirement(key: random.pick(Self.keys), op: op)
    switch op {
    case .in, .notIn: requirement.values = Set((0...random.below(3)).map { _ in random.pick(Self.values) }).sorted()
    case .greaterThan, .lessThan: requirement.values = [random.pick(["0", "1", "10", "99"])]
    case .exists, .doesNotExist: break
    }
    return requirement
  }

  private func labels(_ random: inout SeededRandom) -> Labels {
    Labels(random.some(of: Self.keys).map { ($0, random.pick(Self.values)) }) { first, _ in first }
  }

  private func checkLabels(_ random: inout SeededRandom) throws {
    let wanted = (0..<random.below(4)).map { _ in requirement(&random) }
    let text = wanted.text
    do {
      let read = try LabelRequirement.parse(text)
      try require(read == wanted, "\(text) is read as \(read)")
      try require(try LabelRequirement.parse(Self.spaced(text, &random)) == wanted, "\(text) with spaces differs")
    } catch let error as SelectorSyntaxError { throw Finding("\(wanted): \(error)") }
    for _ in 0..<5 {
      let labels = labels(&random)
      let naive = wanted.allSatisfy { Self.naively($0, labels) }
      try require(wanted.matches(labels) == naive, "\(text) and \(labels): not \(naive)")
      var selector = LabelSelector(matchLabels: [:])
      selector.matchExpressions = wanted
      try require(selector.matches(labels) == naive, "\(text) and \(labels), as expressions: not \(naive)")
      try require(
        try LabelSelector(parsing: text).matches(labels) == naive, "\(text) and \(labels), read: not \(naive)")
    }
  }

  /// More space where space may be.
  private static func spaced(_ text: String, _ random: inout SeededRandom) -> String {
    text.map { character in
      guard ",()".contains(character) else { return String(character) }
      return random.pick(["", " ", "  "]) + String(character) + random.pick(["", " ", "\t"])
    }.joined()
  }

  private static func naively(_ requirement: LabelRequirement, _ labels: Labels) -> Bool {
    guard let value = labels[requirement.key] else {
      return requirement.op == .notIn || requirement.op == .doesNotExist
    }
    switch requirement.op {
    case .in: return requirement.values.contains(value)
    case .notIn: return !requirement.values.contains(value)
    case .exists: return true
    case .doesNotExist: return false
    case .greaterThan: return Int(value).map { $0 > Int(requirement.values[0]) ?? 0 } ?? false
    case .lessThan: return Int(value).map { $0 < Int(requirement.values[0]) ?? 0 } ?? false
    }
  }

  private func checkSpoiltLabels(_ random: inout SeededRandom) throws {
    let valid = (0..<random.below(4)).map { _ in requirement(&random) }.text
    let text = String(decoding: mutator.mutated(Array(valid.utf8), &random), as: UTF8.self)
    guard let read = try? LabelRequirement.parse(text) else { return }
    let again = try? LabelRequirement.parse(read.text)
    try require(again == read, "\(text) is read as \(read.text), and that as \(again?.text ?? "nothing")")
    for requirement in read {
      try require(LabelSyntax.isKey(requirement.key), "\(text) is read with the key \(requirement.key)")
    }
    _ = read.matches(labels(&random))
  }
}

extension SelectorFuzzer {
  private static let fields = ["metadata.name", "metadata.namespace", "spec.nodeName", "status.phase"]
  private static let fieldValues = ["", "web", "a,b", "a=b", "a\\b", "a!b", "\\", ",", "=", "ä b"]

  private func fieldRequirement(_ random: inout SeededRandom) -> FieldSelector.Requirement {
    .init(random.pick(Self.fields), isEqual: random.oneIn(2), random.pick(Self.fieldValues))
  }

  private func checkFields(_ random: inout SeededRandom) throws {
    let wanted = FieldSelector((0..<random.below(4)).map { _ in fieldRequirement(&random) })
    do {
      let read = try FieldSelector(parsing: wanted.text)
      try require(read == wanted, "\(wanted.text) is read as \(read.text)")
    } catch let error as SelectorSyntaxError { throw Finding("\(wanted): \(error)") }
    let object = Dictionary(random.some(of: Self.fields).map { ($0, random.pick(Self.fieldValues)) }) { $1 }
    let naive = wanted.requirements.allSatisfy { ((object[$0.field] ?? "") == $0.value) == $0.isEqual }
    try require(wanted.matches { object[$0] } == naive, "\(wanted.text) and \(object): not \(naive)")
  }

  private func checkSpoiltFields(_ random: inout SeededRandom) throws {
    let valid = FieldSelector((0..<random.below(4)).map { _ in fieldRequirement(&random) }).text
    let text = String(decoding: mutator.mutated(Array(valid.utf8), &random), as: UTF8.self)
    guard let read = try? FieldSelector(parsing: text) else { return }
    let again = try? FieldSelector(parsing: read.text)
    try require(again == read, "\(text) is read as \(read.text), and that as \(again?.text ?? "nothing")")
  }
}
