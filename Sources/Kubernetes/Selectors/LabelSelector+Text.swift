/// The text form of label selectors, as in `kubectl get -l` and `?labelSelector=`:
/// `app=web,tier!=db,zone in (a,b),!canary,owner`.
/// Grammar: https://github.com/kubernetes/apimachinery/blob/master/pkg/labels/selector.go
extension LabelRequirement {
  /// Reads a selector; an empty one has no requirements and matches everything.
  /// - Throws: also where a key or value could not be that of a label.
  public static func parse(_ text: String) throws(SelectorSyntaxError) -> [LabelRequirement] {
    var parser = LabelSelectorParser(text)
    return try parser.requirements()
  }

  /// The requirement as selectors write it.
  public var text: String {
    switch op {
    case .in where values.count == 1: "\(key)=\(values[0])"
    case .notIn where values.count == 1: "\(key)!=\(values[0])"
    case .in: "\(key) in (\(values.sorted().joined(separator: ",")))"
    case .notIn: "\(key) notin (\(values.sorted().joined(separator: ",")))"
    case .exists: key
    case .doesNotExist: "!\(key)"
    case .greaterThan: "\(key)>\(values.first ?? "")"
    case .lessThan: "\(key)<\(values.first ?? "")"
    }
  }
}

extension [LabelRequirement] {
  public func matches(_ labels: Labels) -> Bool { allSatisfy { $0.matches(labels) } }

  /// The selector that has all these requirements.
  public var text: String { map(\.text).joined(separator: ",") }
}

extension LabelSelector {
  /// The same selector as text, by key: what `status.selector` of a scale says.
  public var text: String {
    let equalities = matchLabels.map { LabelRequirement(key: $0.key, op: .in, values: [$0.value]) }
    return (equalities + matchExpressions).sorted { ($0.key, $0.op.rawValue) < ($1.key, $1.op.rawValue) }.text
  }

  /// Reads a selector from its text.
  public init(parsing text: String) throws(SelectorSyntaxError) {
    self.init()
    for requirement in try LabelRequirement.parse(text) {
      if requirement.op == .in, requirement.values.count == 1, matchLabels[requirement.key] == nil {
        matchLabels[requirement.key] = requirement.values[0]
      } else {
        matchExpressions.append(requirement)
      }
    }
  }
}
