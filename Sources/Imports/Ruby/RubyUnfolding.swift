import Definitions

/// Templates, `context`, variables and required files taken apart, so that calls with literals are left.
///
/// How the tools do it is told in the pages of piculet, miam and roadworker, "Use Template"
/// (https://github.com/codenize-tools/piculet#use-template). What comes out is limited, however often a template
/// includes others.
struct RubyUnfolding {
  private struct Scope {
    var context: [String: RubyValue] = [:]
    var variables: [String: RubyValue] = [:]
  }
  private struct Template {
    var statements: [RubyStatement]
    var variables: [String: RubyValue]
  }

  private let files: [(name: String, statements: [RubyStatement])]
  private var templates: [String: Template] = [:]
  private var done: Set<String> = []
  private var depth = 0
  /// Of calls and values, so that a template of templates ends.
  private var spent = 0
  private static let spentMax = 1 << 20

  private init(_ files: [(name: String, statements: [RubyStatement])]) { self.files = files }

  /// - Parameter sources: files of Ruby, those that the others require among them.
  /// - Throws: `Diagnostic` with the place of what cannot be known without running it.
  static func calls(in sources: [ImportSource]) throws(Diagnostic) -> [RubyCall] {
    var files: [(name: String, statements: [RubyStatement])] = []
    for source in sources { files.append((source.name, try RubyParser.statements(in: source))) }
    var unfolding = RubyUnfolding(files)
    var scope = Scope()
    var found: [RubyCall] = []
    for file in files { found += try unfolding.file(file, &scope) }
    return found
  }

  private mutating func file(
    _ file: (name: String, statements: [RubyStatement]), _ scope: inout Scope
  ) throws(Diagnostic) -> [RubyCall] {
    guard done.insert(file.name).inserted else { return [] }
    // Variables are a file's own; templates are everybody's.
    let own = scope.variables
    defer { scope.variables = own }
    return try calls(file.statements, &scope)
  }

  private mutating func spend(_ amount: Int, at place: SourcePlace) throws(Diagnostic) {
    spent += amount
    guard spent <= Self.spentMax else {
      throw Diagnostic(at: place, "unfolded, the templates are too long", remedy: "give what the tool exports")
    }
  }

  private mutating func calls(_ statements: [RubyStatement], _ scope: inout Scope) throws(Diagnostic) -> [RubyCall] {
    var found: [RubyCall] = []
    for statement in statements {
      switch statement {
      case .variable(let name, let value, let place): scope.variables[name] = try evaluated(value, scope, at: place)
      case .context(let name, let value, let place): scope.context[name] = try evaluated(value, scope, at: place)
      case .call(let call):
        try spend(1, at: call.place)
        switch call.name {
        case "template": try declare(call, scope)
        case "include_template": found += try included(call, scope)
        case "require", "require_relative": found += try required(call, &scope)
        default: found.append(try unfolded(call, scope))
        }
      }
    }
    return found
  }

  // MARK: Calls

  private func refused(_ call: RubyWrittenCall, _ message: String) -> Diagnostic {
    Diagnostic(at: call.place, "\"\(call.name)\" \(message)", remedy: RubyLexer.again)
  }

  private mutating func declare(_ call: RubyWrittenCall, _ scope: Scope) throws(Diagnostic) {
    guard let first = call.arguments.first, let name = try evaluated(first, scope, at: call.place).name,
      case .statements(let statements) = call.block
    else { throw refused(call, "needs a name and a block of calls") }
    templates[name] = Template(statements: statements, variables: scope.variables)
  }

  private mutating func included(_ call: RubyWrittenCall, _ scope: Scope) throws(Diagnostic) -> [RubyCall] {
    let given = try unfolded(call, scope)
    guard let name = given.text, given.block == nil else { throw refused(call, "needs a template's name") }
    guard let template = templates[name] else {
      throw Diagnostic(
        at: call.place, "there is no template \"\(name)\" before this line",
        remedy: Diagnostic.nearest(to: name, in: Array(templates.keys)))
    }
    depth += 1
    defer { depth -= 1 }
    guard depth <= ImportSource.depthMax else {
      throw refused(call, "goes deeper than \(ImportSource.depthMax) levels")
    }
    var inner = Scope(context: scope.context, variables: template.variables)
    for option in given.options { inner.context[option.key] = option.value }
    for case .hash(let pairs) in given.arguments.dropFirst() {
      for pair in pairs { inner.context[pair.key] = pair.value }
    }
    return try calls(template.statements, &inner)
  }

  /// An export in parts (--split) has one file that requires the others.
  private mutating func required(_ call: RubyWrittenCall, _ scope: inout Scope) throws(Diagnostic) -> [RubyCall] {
    let given = try unfolded(call, scope)
    let name = (given.text ?? "").split(separator: "/").last.map(String.init) ?? ""
    guard
      let meant = files.first(where: {
        ("/" + $0.name).hasSuffix("/" + name) || ("/" + $0.name).hasSuffix("/\(name).rb")
      }), !name.isEmpty
    else {
      throw Diagnostic(at: call.place, "\"\(name)\" is required, and is not among the files", remedy: "give it too")
    }
    return try file(meant, &scope)
  }

  private mutating func unfolded(_ call: RubyWrittenCall, _ scope: Scope) throws(Diagnostic) -> RubyCall {
    var result = RubyCall(name: call.name, place: call.place)
    for argument in call.arguments { try add(argument, to: &result.arguments, scope, at: call.place) }
    for option in call.options {
      result.options.append(RubyPair(key: option.key, value: try evaluated(option.value, scope, at: call.place)))
    }
    switch call.block {
    case .value(let value): result.block = .value(try evaluated(value, scope, at: call.place))
    case .statements(let statements):
      var inner = scope
      for (name, value) in Self.context(of: result) { inner.context[name] = value }
      result.block = .calls(try calls(statements, &inner))
    case nil: break
    }
    return result
  }

  /// What the tools themselves tell templates inside of a call, by the call's name.
  private static func context(of call: RubyCall) -> [(String, RubyValue)] {
    let first = call.arguments.first ?? .null
    let second = call.arguments.dropFirst().first ?? .null
    switch call.name {
    case "ec2": return [("vpc", first)]
    case "security_group": return [("security_group_name", first)]
    case "ingress", "egress": return [("direction", .symbol(call.name))]
    case "permission": return [("protocol", first), ("port_range", second)]
    case "user", "group", "role": return [("\(call.name)_name", first)]
    case "managed_policy": return [("policy_name", first)]
    case "hosted_zone": return [("hosted_zone_name", .string(domain(first.name ?? "")))]
    case "rrset", "resource_record_set":
      return [
        ("rrset_name", .string(domain(first.name ?? ""))), ("rrset_type", .string((second.name ?? "").uppercased())),
      ]
    default: return []
    }
  }

  private static func domain(_ name: String) -> String {
    var name = name.lowercased()
    while name.hasSuffix(".") { name.removeLast() }
    return name + "."
  }
}

// MARK: - Values

extension RubyUnfolding {
  private mutating func add(
    _ expression: RubyExpression, to values: inout [RubyValue], _ scope: Scope, at place: SourcePlace
  ) throws(Diagnostic) {
    guard case .splat(let inner, let start) = expression else {
      values.append(try evaluated(expression, scope, at: place))
      return
    }
    guard case .array(let elements) = try evaluated(inner, scope, at: start) else {
      throw Diagnostic(at: start, "\"*\" stands before what is no list", remedy: RubyLexer.again)
    }
    values += elements
  }

  private mutating func evaluated(
    _ expression: RubyExpression, _ scope: Scope, at place: SourcePlace
  ) throws(Diagnostic) -> RubyValue {
    switch expression {
    case .literal(let value): return value
    case .array(let elements):
      var values: [RubyValue] = []
      for element in elements { try add(element, to: &values, scope, at: place) }
      try spend(1 + values.count, at: place)
      return .array(values)
    case .hash(let pairs):
      var values: [RubyPair] = []
      for pair in pairs { values.append(RubyPair(key: pair.key, value: try evaluated(pair.value, scope, at: place))) }
      try spend(1 + values.count, at: place)
      return .hash(values)
    case .range(let first, let last, let start):
      guard case .integer(let from) = try evaluated(first, scope, at: start),
        case .integer(let to) = try evaluated(last, scope, at: start)
      else { throw Diagnostic(at: start, "a range of what are no whole numbers", remedy: RubyLexer.again) }
      return .range(from, to)
    case .pieces(let pieces, let start):
      var text = ""
      for piece in pieces { text += try Self.text(of: try evaluated(piece, scope, at: start), at: start) }
      return try known(.string(text), at: start)
    case .variable(let name, let start):
      guard let value = scope.variables[name] else {
        throw Diagnostic(
          at: start, "\"\(name)\" is no variable that was set to a value before", remedy: RubyLexer.again)
      }
      return try known(value, at: start)
    case .context(let name, let start): return try known(scope.context[name] ?? .null, at: start)
    case .splat(_, let start): throw Diagnostic(at: start, "\"*\" stands outside of a list", remedy: RubyLexer.again)
    case .sum(let left, let right, let start):
      return try known(
        try Self.sum(try evaluated(left, scope, at: start), try evaluated(right, scope, at: start), at: start),
        at: start)
    case .either(let left, let right):
      let value = try evaluated(left, scope, at: place)
      return value == .null || value == .bool(false) ? try evaluated(right, scope, at: place) : value
    }
  }

  private static func sum(
    _ left: RubyValue, _ right: RubyValue, at place: SourcePlace
  ) throws(Diagnostic) -> RubyValue {
    switch (left, right) {
    case (.string(let first), .string(let second)): return .string(first + second)
    case (.array(let first), .array(let second)): return .array(first + second)
    default: throw Diagnostic(at: place, "\"+\" joins two texts or two lists only", remedy: RubyLexer.again)
    }
  }

  private static func text(of value: RubyValue, at place: SourcePlace) throws(Diagnostic) -> String {
    switch value {
    case .string(let text), .symbol(let text): return text
    case .integer(let number): return String(number)
    default: throw Diagnostic(at: place, "what is put into this text is not known, or no text", remedy: RubyLexer.again)
    }
  }

  /// A value that may be one of many times the same: its size counts each time.
  private mutating func known(_ value: RubyValue, at place: SourcePlace) throws(Diagnostic) -> RubyValue {
    try spend(try Self.size(of: value, depth: 0, at: place), at: place)
    return value
  }

  private static func size(of value: RubyValue, depth: Int, at place: SourcePlace) throws(Diagnostic) -> Int {
    guard depth <= ImportSource.depthMax else {
      throw Diagnostic(at: place, "nested deeper than \(ImportSource.depthMax) levels", remedy: RubyLexer.again)
    }
    var size = 1
    switch value {
    case .string(let text): size += text.utf8.count / 8
    case .array(let elements):
      for element in elements { size += try Self.size(of: element, depth: depth + 1, at: place) }
    case .hash(let pairs):
      for pair in pairs { size += try Self.size(of: pair.value, depth: depth + 1, at: place) }
    default: break
    }
    return size
  }
}
