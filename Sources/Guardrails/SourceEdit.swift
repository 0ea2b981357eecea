import Definitions

/// Repairs as edits of a text: comments and everything else stay as they are.
public enum SourceEdit {
  /// - Returns: the text with the repairs that could be made, and those; nil where none could.
  ///
  /// Of several repairs in one map only the first is made: the others may be another thing afterwards. Whoever wants all
  /// checks again and calls again.
  public static func applying(_ findings: [Finding], to text: String, file: String) -> (text: String, made: [Finding])?
  {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var edits: [(edit: Edit, finding: Finding)] = []
    var maps: Set<[Int]> = []
    for finding in findings where finding.place.file == file && finding.waiver == nil {
      guard let repair = finding.repair, let edit = Edit(repair, in: lines),
        maps.insert([repair.map.line, repair.map.column]).inserted
      else { continue }
      edits.append((edit, finding))
    }
    guard !edits.isEmpty else { return nil }
    // From the end, so that places before stay what they are.
    for (edit, _) in edits.sorted(by: { ($0.edit.line, $0.edit.column) > ($1.edit.line, $1.edit.column) }) {
      edit.apply(to: &lines)
    }
    let result = lines.joined(separator: "\n")
    guard (try? SourceNode.documents(in: result, file: file)) != nil else { return nil }
    return (result, edits.map(\.finding))
  }
}

/// A change of one line, counted from 0, at a column counted from 0 in Unicode scalars, as libyaml counts them.
private struct Edit {
  var line: Int
  var column: Int
  var length: Int
  /// Nil takes the whole line away.
  var text: String?

  func apply(to lines: inout [String]) {
    guard let text else {
      lines.remove(at: line)
      return
    }
    var letters = Array(lines[line].unicodeScalars)
    letters.replaceSubrange(column..<column + length, with: Array(text.unicodeScalars))
    var edited = String.UnicodeScalarView()
    edited.append(contentsOf: letters)
    lines[line] = String(edited)
  }
}

/// The letters of a line, and what of it is a map's.
private struct Line {
  let index: Int
  let letters: [Unicode.Scalar]

  /// - Parameter number: counted from 1.
  init?(_ number: Int, of lines: [String]) {
    guard lines.indices.contains(number - 1) else { return nil }
    index = number - 1
    letters = Array(lines[index].unicodeScalars)
  }

  func has(_ text: String, at column: Int) -> Bool {
    let wanted = Array(text.unicodeScalars)
    return column >= 0 && !wanted.isEmpty && column + wanted.count <= letters.count
      && Array(letters[column..<column + wanted.count]) == wanted
  }

  /// Where a value that begins at a column ends, which stands there as it is, or in quotes without escapes.
  func end(of written: String, at column: Int) -> Int? {
    if has(written, at: column) { return column + written.unicodeScalars.count }
    for quote in ["\"", "'"] where has(quote + written + quote, at: column) {
      return column + written.unicodeScalars.count + 2
    }
    return nil
  }
}

extension Edit {
  /// Nil where the text is not such that the repair is certain.
  init?(_ repair: Repair, in lines: [String]) {
    guard case .mapping(let members) = repair.map.content, let start = Line(repair.map.line, of: lines) else {
      return nil
    }
    let isFlow = start.has("{", at: repair.map.column - 1)
    let member = members.first { $0.key == repair.key }
    switch (repair.change, member) {
    case (.set(let value), let member?): self.init(setting: member, to: value, in: lines)
    case (.set(let value), nil):
      let text = "\(repair.key): \(value)"
      guard let first = members.first else {
        guard isFlow else { return nil }
        self.init(line: start.index, column: repair.map.column, length: 0, text: " \(text) ")
        return
      }
      // After a name where there is one: that is where people look for it.
      let anchor = first.key == "name" && members.count > 1 ? members[1] : first
      let column = anchor.keyColumn - 1
      let separator = isFlow ? ", " : "\n" + String(repeating: " ", count: column)
      let number = isFlow ? anchor.keyLine : Self.aboveComments(of: anchor.keyLine, at: column, in: lines)
      guard let line = Line(number, of: lines) else { return nil }
      self.init(line: line.index, column: column, length: 0, text: text + separator)
    case (.rename(let name), let member?):
      guard let line = Line(member.keyLine, of: lines), line.has(member.key, at: member.keyColumn - 1) else {
        return nil
      }
      self.init(
        line: line.index, column: member.keyColumn - 1, length: member.key.unicodeScalars.count, text: name)
    case (.remove, let member?): self.init(removing: member, of: members.count, isFlow: isFlow, in: lines)
    case (.rename, nil), (.remove, nil): return nil
    }
  }

  /// The number of the line with which a member begins, the comments above it included.
  private static func aboveComments(of number: Int, at column: Int, in lines: [String]) -> Int {
    var number = number
    guard let own = Line(number, of: lines), own.letters.prefix(column).allSatisfy({ $0 == " " }) else { return number }
    while let above = Line(number - 1, of: lines), above.has("#", at: column),
      above.letters[..<column].allSatisfy({ $0 == " " })
    {
      number -= 1
    }
    return number
  }

  private init?(setting member: SourceNode.Member, to value: String, in lines: [String]) {
    // Only a plain word that stands there as it is: not a quoted or a folded one.
    guard case .scalar(_, let written) = member.value.content, let line = Line(member.value.line, of: lines),
      line.has(written, at: member.value.column - 1), written != value
    else { return nil }
    self.init(
      line: line.index, column: member.value.column - 1, length: written.unicodeScalars.count, text: value)
  }

  private init?(removing member: SourceNode.Member, of count: Int, isFlow: Bool, in lines: [String]) {
    guard case .scalar(_, let written) = member.value.content, member.value.line == member.keyLine,
      let line = Line(member.keyLine, of: lines), let end = line.end(of: written, at: member.value.column - 1)
    else { return nil }
    var (from, to) = (member.keyColumn - 1, end)
    guard isFlow else {
      // A map needs a member, and the first of a list's element shares its line with the dash.
      guard count > 1, line.letters[..<from].allSatisfy({ $0 == " " }) else { return nil }
      self.init(line: line.index, column: 0, length: line.letters.count, text: nil)
      return
    }
    func skipBlanks() { while to < line.letters.count, line.letters[to] == " " { to += 1 } }
    skipBlanks()
    if to < line.letters.count, line.letters[to] == "," {
      to += 1
      skipBlanks()
    } else {
      guard to < line.letters.count, line.letters[to] == "}" else { return nil }
      to = end
      while from > 0, line.letters[from - 1] == " " { from -= 1 }
      if from > 0, line.letters[from - 1] == "," { from -= 1 } else if count > 1 { return nil }
    }
    self.init(line: line.index, column: from, length: to - from, text: "")
  }
}
