import Definitions
import Kubernetes

/// What miam exports of IAM.
struct MiamAccount {
  enum Kind: String { case user, group, role, profile = "instance_profile", policy = "managed_policy" }
  struct Entry {
    var kind: Kind
    var name: String
    var place: SourcePlace
    var path = "/"
    var groups: [String] = []
    var profiles: [String] = []
    var policies: [(name: String, document: JSONValue)] = []
    var attached: [String] = []
    /// Of a managed policy, or who may assume a role.
    var document: JSONValue?
    var session: Int64?
    var hasLogin = false
  }
  private(set) var entries: [Entry] = []
  /// Of expressions that leave names to others.
  private(set) var exclusions: [String] = []

  private mutating func add(_ entry: Entry) throws(Diagnostic) {
    guard !entries.contains(where: { $0.kind == entry.kind && $0.name == entry.name }) else {
      throw Diagnostic(
        at: entry.place, "\(entry.kind.rawValue) \(entry.name) is there twice", remedy: "give each file once")
    }
    entries.append(entry)
  }
}

// MARK: - Ruby

extension MiamAccount {
  mutating func read(_ calls: [RubyCall]) throws(Diagnostic) {
    for call in calls {
      if call.name == "exclude", case .regexp(let text) = call.arguments.first {
        exclusions.append(text)
        continue
      }
      guard let kind = Kind(rawValue: call.name), let name = call.text else { throw call.unexpected("miam") }
      guard call["renamed_from"] == nil else { throw call.refused("renamed_from") }
      var entry = Entry(kind: kind, name: name, place: call.place)
      if let path = call["path"]?.name { entry.path = path }
      if case .value(let document) = call.block { entry.document = document.json }
      for inner in call.calls { try Self.read(inner, into: &entry) }
      try add(entry)
    }
  }

  private static func read(_ call: RubyCall, into entry: inout Entry) throws(Diagnostic) {
    let texts = try call.texts()
    switch (call.name, call.block) {
    case ("groups", nil): entry.groups += texts
    case ("instance_profiles", nil): entry.profiles += texts
    case ("attached_managed_policies", nil): entry.attached += texts
    case ("login_profile", nil): entry.hasLogin = true
    case ("max_session_duration", nil):
      guard case .integer(let seconds) = call.arguments.first else { throw call.unexpected("miam") }
      entry.session = seconds
    case ("policy", .value(let document)):
      guard let name = call.text, !entry.policies.contains(where: { $0.name == name }) else {
        throw call.unexpected("miam")
      }
      entry.policies.append((name, document.json))
    case ("assume_role_policy_document", .value(let document)): entry.document = document.json
    default: throw call.unexpected("miam")
    }
  }
}

extension RubyCall {
  func unexpected(_ tool: String) -> Diagnostic {
    Diagnostic(at: place, "\"\(name)\" is not what \(tool) exports here", remedy: RubyLexer.again)
  }

  func refused(_ option: String) -> Diagnostic {
    Diagnostic(at: place, "\"\(option)\" is not what an export has", remedy: RubyLexer.again)
  }

  /// The arguments that are texts, those in lists too; numbers are a call's own matter.
  func texts() throws(Diagnostic) -> [String] {
    var found: [String] = []
    func add(_ argument: RubyValue, _ isNested: Bool) throws(Diagnostic) {
      switch argument {
      case .string(let text): found.append(text)
      case .integer, .bool, .symbol, .hash: return
      case .array(let elements) where !isNested: for element in elements { try add(element, true) }
      default: throw Diagnostic(at: place, "\"\(name)\" takes texts", remedy: RubyLexer.again)
      }
    }
    for argument in arguments { try add(argument, false) }
    return found
  }
}

// MARK: - JSON

extension MiamAccount {
  private static let sections: [(name: String, kind: Kind)] = [
    ("users", .user), ("groups", .group), ("roles", .role), ("instance_profiles", .profile), ("policies", .policy),
  ]

  mutating func read(_ json: PlacedJSON) throws(Diagnostic) {
    for section in json.value.objectValue?.keys ?? [] where !Self.sections.contains(where: { $0.name == section }) {
      throw Diagnostic(
        at: json.place(of: [section]), "\"\(section)\" is not what miam exports", remedy: RubyLexer.again)
    }
    for (section, kind) in Self.sections {
      for (name, value) in json.value[section]?.objectValue ?? [:] {
        func texts(_ key: String) -> [String] { value[key]?.arrayValue?.compactMap(\.stringValue) ?? [] }
        var entry = Entry(kind: kind, name: name, place: json.place(of: [section, name]))
        entry.path = value["path"]?.stringValue ?? "/"
        entry.groups = texts("groups")
        entry.profiles = texts("instance_profiles")
        entry.attached = texts("attached_managed_policies")
        entry.policies = (value["policies"]?.objectValue ?? [:]).map { ($0.key, $0.value) }
        entry.document = value["assume_role_policy_document"] ?? value["document"]
        entry.session = value["max_session_duration"]?.integerValue
        entry.hasLogin = value["login_profile"]?.nonNull != nil
        try add(entry)
      }
    }
  }
}
