import Definitions

/// Fixes as edits of a text: comments and everything else stay as they are.
public enum SourceEdit {
  /// - Returns: the text with the fixes that could be made, and those; nil where none could.
  ///
  /// Of several fixes in one map only the first is made: the others may be another thing afterwards. Whoever wants all
  /// checks again and calls again.
  public static func applying(_ findings: [Finding], to text: String, file: String) -> (text: String, made: [Finding])?
  {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var edits: [(edit: Edit, finding: Finding)] = []
    var maps: Set<[Int]> = []
    for finding in findings where finding.place.file == file && finding.waiver == nil {
      guard let fix = finding.fix, let root = root(of: finding, in: text, file: file) else { continue }
      let found = root.walked(fix.path)
      guard found.depth == fix.path.steps.count, let edit = edit(fix, found.node, lines),
        maps.insert([found.node.line, found.node.column]).inserted
      else { continue }
      edits.append((edit, finding))
    }
    guard !edits.isEmpty else { return nil }
    // From the end, so that places before stay what they are.
    for (edit, _) in edits.sorted(by: { ($0.edit.line, $0.edit.column) > ($1.edit.line, $1.edit.column) }) {
      var letters = Array(lines[edit.line].unicodeScalars)
      letters.replaceSubrange(edit.column..<edit.column + edit.length, with: Array(edit.text.unicodeScalars))
      var line = String.UnicodeScalarView()
      line.append(contentsOf: letters)
      lines[edit.line] = String(line)
    }
    let result = lines.joined(separator: "\n")
    guard (try? SourceNode.documents(in: result, file: file)) != nil else { return nil }
    return (result, edits.map(\.finding))
  }

  /// In a line counted from 0, at a column counted from 0 in Unicode scalars, as libyaml counts them.
  private struct Edit {
    var line: Int
    var column: Int
    var length: Int
    var text: String
  }

  /// The object that a finding is about.
  private static func root(of finding: Finding, in text: String, file: String) -> SourceNode? {
    guard let objects = try? CheckedObject.manifests(in: text, file: file) else { return nil }
    // By where it begins and what it is: two of one name are told apart by the place of the finding.
    let same = objects.filter { $0.title == finding.object }
    let before = same.filter { $0.place(of: ObjectPath(), section: []).line <= finding.place.line }
    guard case .manifest(let node, _)? = (before.last ?? same.first)?.origin else { return nil }
    return node
  }

  private static func edit(_ fix: Fix, _ map: SourceNode, _ lines: [String]) -> Edit? {
    guard case .mapping(let members) = map.content, lines.indices.contains(map.line - 1) else { return nil }
    if let member = members.first(where: { $0.key == fix.key }) {
      guard case .scalar(_, let written) = member.value.content, lines.indices.contains(member.value.line - 1) else {
        return nil
      }
      let letters = Array(lines[member.value.line - 1].unicodeScalars)
      let start = member.value.column - 1
      let end = start + written.unicodeScalars.count
      // Only a plain word that stands there as it is: not a quoted or a folded one.
      guard start >= 0, end <= letters.count, !written.isEmpty,
        Array(written.unicodeScalars) == Array(letters[start..<end])
      else { return nil }
      return Edit(line: member.value.line - 1, column: start, length: end - start, text: fix.value)
    }
    return insertion(fix, map, members, lines)
  }

  private static func insertion(
    _ fix: Fix, _ map: SourceNode, _ members: [SourceNode.Member], _ lines: [String]
  ) -> Edit? {
    let letters = Array(lines[map.line - 1].unicodeScalars)
    let isFlow = map.column - 1 < letters.count && letters[map.column - 1] == "{"
    guard let first = members.first else {
      return isFlow ? Edit(line: map.line - 1, column: map.column, length: 0, text: " \(fix.key): \(fix.value) ") : nil
    }
    // After a name where there is one: that is where people look for it.
    let anchor = first.key == "name" && members.count > 1 ? members[1] : first
    let start = anchor.keyColumn - 1
    guard start >= 0, lines.indices.contains(anchor.keyLine - 1) else { return nil }
    let separator = isFlow ? ", " : "\n" + String(repeating: " ", count: start)
    return Edit(
      line: anchor.keyLine - 1, column: start, length: 0, text: "\(fix.key): \(fix.value)\(separator)")
  }
}
