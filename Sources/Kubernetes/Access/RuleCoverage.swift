/// Whether rules are within other rules: nobody may grant what he does not hold himself.
///
/// As in Kubernetes, a rule is taken apart into its smallest pieces (one verb, one group, one resource, one name), each of
/// which must be within a single rule that is held (k8s.io/component-helpers/auth/rbac/validation).
package enum RuleCoverage {
  /// The pieces of `wanted` that no rule of `held` covers; pieces for the same resource joined again.
  package static func missing(from held: [PolicyRule], of wanted: [PolicyRule]) -> [PolicyRule] {
    joined(wanted.flatMap(pieces).filter { piece in !held.contains { covers($0, piece) } })
  }

  private static func pieces(_ rule: PolicyRule) -> [PolicyRule] {
    var pieces: [PolicyRule] = []
    for group in rule.apiGroups {
      for resource in rule.resources {
        for verb in rule.verbs {
          let piece = PolicyRule(verbs: [verb], apiGroups: [group], resources: [resource])
          guard !rule.resourceNames.isEmpty else {
            pieces.append(piece)
            continue
          }
          for name in rule.resourceNames {
            var named = piece
            named.resourceNames = [name]
            pieces.append(named)
          }
        }
      }
    }
    for path in rule.nonResourceURLs {
      for verb in rule.verbs { pieces.append(PolicyRule(verbs: [verb], nonResourceURLs: [path])) }
    }
    return pieces
  }

  private static func covers(_ held: PolicyRule, _ piece: PolicyRule) -> Bool {
    func has(_ texts: [String], _ wanted: [String]) -> Bool {
      texts.contains("*") || wanted.allSatisfy(texts.contains)
    }
    guard has(held.verbs, piece.verbs) else { return false }
    if !piece.nonResourceURLs.isEmpty {
      return piece.nonResourceURLs.allSatisfy { path in
        held.nonResourceURLs.contains { PolicyRule.covers(path: $0, path) }
      }
    }
    guard has(held.apiGroups, piece.apiGroups) else { return false }
    let hasResources = piece.resources.allSatisfy { resource in
      held.resources.contains { $0 == "*" || $0 == resource || isWildcard($0, of: resource) }
    }
    guard hasResources else { return false }
    if held.resourceNames.isEmpty { return true }
    return !piece.resourceNames.isEmpty && piece.resourceNames.allSatisfy(held.resourceNames.contains)
  }

  /// `*/scale` for `deployments/scale`.
  private static func isWildcard(_ pattern: String, of resource: String) -> Bool {
    guard pattern.hasPrefix("*/"), let slash = resource.firstIndex(of: "/") else { return false }
    return pattern.dropFirst() == resource[slash...]
  }

  /// One rule for all verbs on the same thing, in the order of first mention.
  private static func joined(_ pieces: [PolicyRule]) -> [PolicyRule] {
    var rules: [PolicyRule] = []
    var places: [PolicyRule: Int] = [:]
    for piece in pieces {
      var thing = piece
      thing.verbs = []
      if let place = places[thing] {
        if !rules[place].verbs.contains(piece.verbs[0]) { rules[place].verbs += piece.verbs }
      } else {
        places[thing] = rules.count
        rules.append(piece)
      }
    }
    return rules
  }
}
