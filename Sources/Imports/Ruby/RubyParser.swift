import Definitions

/// Exported Ruby as calls: names, literals and blocks, and nothing that would have to be run.
struct RubyParser {
  private var tokens: [RubyLexer.Placed]
  private var index = 0
  private var depth = 0

  /// Words that begin what only Ruby itself can tell the end of.
  private static let words: Set<String> = [
    "if", "unless", "case", "while", "until", "for", "def", "class", "module", "begin", "return", "yield", "lambda",
    "proc", "loop", "self", "then", "else", "elsif", "rescue", "ensure", "and", "or", "not", "eval", "instance_eval",
    "include_template", "template", "context",
  ]

  /// - Throws: `Diagnostic` with the place of what no export has.
  static func calls(in source: ImportSource) throws(Diagnostic) -> [RubyCall] {
    guard source.text.utf8.count <= ImportSource.bytesMax else {
      throw Diagnostic(
        file: source.name, line: 0, column: 0, "is longer than \(ImportSource.bytesMax >> 20) MiB",
        remedy: "export with --split")
    }
    var lexer = RubyLexer(source)
    var parser = RubyParser(tokens: try lexer.tokens())
    let calls = try parser.calls()
    guard parser.token == .end else { throw parser.unexpected("a call") }
    return calls
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
      case .name(let name): "\"\(name)\""
      case .label(let name): "\"\(name):\""
      case .sign(let sign): "\"\(sign)\""
      case .symbol, .string, .integer, .double: "a value"
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
  private mutating func calls() throws(Diagnostic) -> [RubyCall] {
    var found: [RubyCall] = []
    skipNewlines()
    while case .name(let name) = token, name != "end" {
      found.append(try call(name))
      guard [.newline, .end, .name("end")].contains(token) else { throw unexpected("the end of the line") }
      skipNewlines()
    }
    return found
  }

  private mutating func call(_ name: String) throws(Diagnostic) -> RubyCall {
    guard !Self.words.contains(name), name != "do" else {
      throw Diagnostic(at: place, "\"\(name)\" is not what an export has", remedy: RubyLexer.again)
    }
    var call = RubyCall(name: name, place: place)
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

  private mutating func block() throws(Diagnostic) -> RubyCall.Block {
    skipNewlines()
    switch token {
    case .name, .end: return .calls(try calls())
    default: break
    }
    let value = try value()
    skipNewlines()
    return .value(value)
  }

  /// - Parameter close: nil where a line's end ends them.
  private mutating func arguments(of call: inout RubyCall, until close: String?) throws(Diagnostic) {
    while true {
      if close != nil { skipNewlines() }
      if let close, take(close) { return }
      if let pair = try pair() {
        guard !call.options.contains(where: { $0.key == pair.key }) else {
          throw Diagnostic(at: place, "an option is given twice", remedy: RubyLexer.again)
        }
        call.options.append(pair)
      } else {
        call.arguments.append(try value())
        // `"Name" => "web"` as an argument is an option too.
        if take("=>") {
          skipNewlines()
          let key = call.arguments.removeLast()
          call.options.append(RubyPair(key: try Self.key(key, at: place), value: try value()))
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
  private mutating func pair() throws(Diagnostic) -> RubyPair? {
    guard case .label(let name) = token else { return nil }
    advance()
    skipNewlines()
    return RubyPair(key: name, value: try value())
  }

  private static func key(_ value: RubyValue, at place: SourcePlace) throws(Diagnostic) -> String {
    switch value {
    case .string(let text), .symbol(let text): return text
    default: throw Diagnostic(at: place, "a key must be a text", remedy: RubyLexer.again)
    }
  }

  private mutating func value() throws(Diagnostic) -> RubyValue {
    switch token {
    case .string(let text):
      advance()
      return .string(text)
    case .symbol(let name):
      advance()
      return .symbol(name)
    case .integer(let first):
      advance()
      guard take("..") else { return .integer(first) }
      guard case .integer(let last) = token else { throw unexpected("a number") }
      advance()
      return .range(first, last)
    case .double(let number):
      advance()
      return .double(number)
    case .name("true"), .name("false"), .name("nil"):
      let word = token
      advance()
      return word == .name("nil") ? .null : .bool(word == .name("true"))
    case .sign("["): return try list()
    case .sign("{"): return try hash()
    default: throw unexpected("a value")
    }
  }

  private mutating func list() throws(Diagnostic) -> RubyValue {
    try enter()
    advance()
    var elements: [RubyValue] = []
    while true {
      skipNewlines()
      if take("]") { break }
      elements.append(try value())
      skipNewlines()
      if take(",") { continue }
      guard take("]") else { throw unexpected("\",\" or \"]\"") }
      break
    }
    depth -= 1
    return .array(elements)
  }

  private mutating func hash() throws(Diagnostic) -> RubyValue {
    try enter()
    advance()
    var pairs: [RubyPair] = []
    var keys: Set<String> = []
    while true {
      skipNewlines()
      if take("}") { break }
      let start = place
      let pair: RubyPair
      if let labelled = try self.pair() {
        pair = labelled
      } else {
        let key = try Self.key(try value(), at: start)
        skipNewlines()
        guard take("=>") else { throw unexpected("\"=>\"") }
        skipNewlines()
        pair = RubyPair(key: key, value: try value())
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
