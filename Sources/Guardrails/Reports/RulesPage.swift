extension Rule {
  /// `docs/guardrails.md`'s tables, a row a rule.
  public static var table: String {
    var lines = ["| Rule | | What is kept | Why | What to do |", "|---|---|---|---|---|"]
    for rule in all.sorted(by: { $0.id < $1.id }) {
      let severity = (rule.severity?.rawValue ?? "off") + (rule.isFixable ? ", fixable" : "")
      let cells = ["`\(rule.id)`", severity, rule.subject, rule.reason, rule.remedy]
      lines.append("| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
