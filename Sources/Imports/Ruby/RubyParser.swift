import Definitions

/// Exported Ruby as calls: names, literals and blocks, and the little that templates need. Nothing is run.
struct RubyParser {
  private let tokens: [RubyLexer.Placed]
  private var index = 0
  private var depth = 0

  /// Words that begin what only Ruby itself can tell the end of.
  private static let words: Set<String> = [
    "if", "unless", "case", "while", "until", "for", "def", "class", "module", "begin", "return", "yield", "lambda",
    "proc", "loop", "self", "then", "else", "elsif", "rescue", "ensure", "and", "or", "not", "eval", "instance_eval",
    "context", "alias", "undef", "super", "defined", "redo", "retry", "next", "break", "in", "BEGIN", "END",
  ]

  /// - Throws: `Diagnostic` with the place of what no export has.
  static func statements(in source: ImportSource) throws(Diagnostic) -> [RubyStatement] {
    guard source.text.utf8.count <= ImportSource.bytesMax else {
      throw Diagnostic(
        file: source.name, line: 0, column: 0, "is longer than \(ImportSource.bytesMax >> 20) MiB",
        remedy: "export with --split")
    }
    var lexer = RubyLexer(source)
    var parser = RubyParser(tokens: try lexer.tokens())
    let statements = try parser.statements()
    guard parser.token == .end else { throw parser.unexpected("a call") }
    return statements
  }

  private init(tokens: [RubyLexer.Placed]) { self.tokens = tokens }

  private var token: RubyLexer.Token { tokens[index].token }
  private var place: SourcePlace { tokens[index].place }

  private mutating func advance() { index = min(index + 1, tokens.count - 1) }
  private mutating func skipNewlines() { while token == .newline { advance() } }

  private mutating func take(_ sign: String) -> Bool {
    guard token == .sign(sign) else { return false }
    advance()
    return true
  }

  private func unexpected(_ wanted: String) -> Diagnostic {
    let found =
      switch token {
      case .name(let name), .constant(let name), .context(let name), .contextSetting(let name): "\"\(name)\""
      case .label(let name): "\"\(name):\""
      case .sign(let sign): "\"\(sign)\""
      case .symbol, .string, .pieces, .regexp, .words, .integer, .double: "a value"
      case .newline: "the end of the line"
      case .end: "the end of the file"
      }
    return Diagnostic(at: place, "expected \(wanted), found \(found)", remedy: RubyLexer.again)
  }

  private mutating func enter() throws(Diagnostic) {
    depth += 1
    guard depth <= ImportSource.depthMax else {
      throw Diagnostic(at: place, "nested deeper than \(ImportSource.depthMax) levels", remedy: RubyLexer.again)
    }
  }

  /// Up to `end`, or the end of the file.
  private mutating func statements() throws(Diagnostic) -> [RubyStatement] {
    var found: [RubyStatement] = []
    skipNewlines()
    while let statement = try statement() {
      found.append(statement)
      guard [.newline, .end, .name("end")].contains(token) else { throw unexpected("the end of the line") }
      skipNewlines()
    }
    return found
  }

  private mutating func statement() throws(Diagnostic) -> RubyStatement? {
    let start = place
    switch token {
    case .contextSetting(let name):
      advance()
      return .context(name, try expression(), start)
    case .name(let name), .constant(let name):
      if name == "end" { return nil }
      if tokens[index + 1].token == .sign("=") {
        guard !Self.words.contains(name) else { throw refused(name) }
        advance()
        advance()
        return .variable(name, try expression(), start)
      }
      guard token == .name(name) else { return nil }
      return .call(try call(name))
    default: return nil
    }
  }

  private func refused(_ word: String) -> Diagnostic {
    Diagnostic(at: place, "\"\(word)\" is not what an export has", remedy: RubyLexer.again)
  }

  private mutating func call(_ name: String) throws(Diagnostic) -> RubyWrittenCall {
    guard !Self.words.contains(name), name != "do" else { throw refused(name) }
    var call = RubyWrittenCall(name: name, place: place)
    advance()
    if take("(") {
      try arguments(of: &call, until: ")")
    } else if token != .newline, token != .end, token != .name("do"), token != .name("end") {
      try arguments(of: &call, until: nil)
    }
    if token == .name("do") {
      try enter()
      advance()
      call.block = try block()
      guard token == .name("end") else { throw unexpected("\"end\"") }
      advance()
      depth -= 1
    }
    return call
  }

  private mutating func block() throws(Diagnostic) -> RubyWrittenCall.Block {
    skipNewlines()
    switch token {
    case .name, .end, .contextSetting: return .statements(try statements())
    case .constant where tokens[index + 1].token == .sign("="): return .statements(try statements())
    default: break
    }
    let value = try expression()
    skipNewlines()
    return .value(value)
  }

  /// - Parameter close: nil where a line's end ends them.
  private mutating func arguments(of call: inout RubyWrittenCall, until close: String?) throws(Diagnostic) {
    while true {
      if close != nil { skipNewlines() }
      if let close, take(close) { return }
      if let pair = try pair() {
        guard !call.options.contains(where: { $0.key == pair.key }) else {
          throw Diagnostic(at: place, "an option is given twice", remedy: RubyLexer.again)
        }
        call.options.append(pair)
      } else {
        let start = place
        call.arguments.append(try expression())
        // `"Name" => "web"` as an argument is an option too.
        if take("=>") {
          skipNewlines()
          let key = try Self.key(call.arguments.removeLast(), at: start)
          guard !call.options.contains(where: { $0.key == key }) else {
            throw Diagnostic(at: start, "an option is given twice", remedy: RubyLexer.again)
          }
          call.options.append((key, try expression()))
        }
      }
      if close != nil { skipNewlines() }
      if take(",") {
        skipNewlines()
        continue
      }
      guard let close else { return }
      guard take(close) else { throw unexpected("\",\" or \"\(close)\"") }
      return
    }
  }

  /// `path: "/"`; nil where something else comes.
  private mutating func pair() throws(Diagnostic) -> (key: String, value: RubyExpression)? {
    guard case .label(let name) = token else { return nil }
    advance()
    skipNewlines()
    return (name, try expression())
  }

  private static func key(_ value: RubyExpression, at place: SourcePlace) throws(Diagnostic) -> String {
    guard case .literal(let literal) = value, let name = literal.name else {
      throw Diagnostic(at: place, "a key must be a text", remedy: RubyLexer.again)
    }
    return name
  }
}

// MARK: - Values

extension RubyParser {
  /// `a + b || c`, the sum first.
  private mutating func expression() throws(Diagnostic) -> RubyExpression {
    var left = try sum()
    while take("||") {
      skipNewlines()
      left = .either(left, try sum())
    }
    return left
  }

  private mutating func sum() throws(Diagnostic) -> RubyExpression {
    var left = try range()
    while token == .sign("+") {
      let start = place
      advance()
      skipNewlines()
      left = .sum(left, try range(), start)
    }
    return left
  }

  private mutating func range() throws(Diagnostic) -> RubyExpression {
    let first = try value()
    let start = place
    guard take("..") else { return first }
    return .range(first, try value(), start)
  }

  private mutating func value() throws(Diagnostic) -> RubyExpression {
    let start = place
    switch token {
    case .sign("["): return try list()
    case .sign("{"): return try hash()
    case .sign("*"):
      advance()
      return .splat(try value(), start)
    case .sign("("):
      try enter()
      advance()
      skipNewlines()
      let inner = try expression()
      skipNewlines()
      guard take(")") else { throw unexpected("\")\"") }
      depth -= 1
      return inner
    case .context(let name):
      advance()
      return .context(name, start)
    case .constant(let name):
      advance()
      return .variable(name, start)
    case .pieces(let pieces):
      advance()
      return .pieces(
        pieces.map { piece in
          switch piece {
          case .text(let text): .literal(.string(text))
          case .context(let name): .context(name, start)
          case .variable(let name): .variable(name, start)
          }
        }, start)
    default: return try word()
    }
  }

  /// A scalar, or a variable.
  private mutating func word() throws(Diagnostic) -> RubyExpression {
    let start = place
    let found: RubyExpression
    switch token {
    case .string(let text): found = .literal(.string(text))
    case .symbol(let name): found = .literal(.symbol(name))
    case .regexp(let text): found = .literal(.regexp(text))
    case .words(let words): found = .literal(.array(words.map(RubyValue.string)))
    case .integer(let number): found = .literal(.integer(number))
    case .double(let number): found = .literal(.double(number))
    case .name("true"): found = .literal(.bool(true))
    case .name("false"): found = .literal(.bool(false))
    case .name("nil"): found = .literal(.null)
    case .name(let name) where !Self.words.contains(name) && name != "do" && name != "end":
      found = .variable(name, start)
    default: throw unexpected("a value")
    }
    advance()
    return found
  }

  private mutating func list() throws(Diagnostic) -> RubyExpression {
    try enter()
    advance()
    var elements: [RubyExpression] = []
    while true {
      skipNewlines()
      if take("]") { break }
      elements.append(try expression())
      skipNewlines()
      if take(",") { continue }
      guard take("]") else { throw unexpected("\",\" or \"]\"") }
      break
    }
    depth -= 1
    return .array(elements)
  }

  private mutating func hash() throws(Diagnostic) -> RubyExpression {
    try enter()
    advance()
    var pairs: [(key: String, value: RubyExpression)] = []
    var keys: Set<String> = []
    while true {
      skipNewlines()
      if take("}") { break }
      let start = place
      let pair: (key: String, value: RubyExpression)
      if let labelled = try self.pair() {
        pair = labelled
      } else {
        let key = try Self.key(try value(), at: start)
        skipNewlines()
        guard take("=>") else { throw unexpected("\"=>\"") }
        skipNewlines()
        pair = (key, try expression())
      }
      guard keys.insert(pair.key).inserted else {
        throw Diagnostic(at: start, "a key is given twice", remedy: RubyLexer.again)
      }
      pairs.append(pair)
      skipNewlines()
      if take(",") { continue }
      guard take("}") else { throw unexpected("\",\" or \"}\"") }
      break
    }
    depth -= 1
    return .hash(pairs)
  }
}
