// Imports: what other tools left behind, read and carried over. OpsWorks' custom JSON and manifests become service
// definitions, exports of piculet, miam and roadworker become Terraform with import blocks.
//
// Texts come in and texts go out: which file is read or written is the command's matter.

public import Definitions

/// A file to read, with the name that messages give it.
public struct ImportSource: Sendable {
  public var name: String
  public var text: String
  /// Where an object that was built was read from.
  public struct Origin: Sendable {
    public var file: String
    /// 0 where it was generated.
    public var line: Int
    /// The file's; nil where it is no manifest.
    public var text: String?

    public init(file: String, line: Int, text: String?) {
      self.file = file
      self.line = line
      self.text = text
    }
  }
  /// Of the one object that the text is, where it was built of others; messages tell places there.
  public var origin: Origin?

  public init(name: String, text: String, origin: Origin? = nil) {
    self.name = name
    self.text = text
    self.origin = origin
  }

  /// How long a file may be, in bytes.
  public static let bytesMax = 1 << 20
  /// How deep its values may be nested.
  static let depthMax = 64
}

/// A file to write, by its path below the output's directory.
public struct ImportedFile: Sendable, Equatable {
  public var path: String
  public var text: String
}

/// A key of a Secret that must be made by hand: its value was in what was read, and is nowhere in what is written.
public struct RequiredSecret: Sendable, Hashable {
  public var secret: String
  public var key: String
  /// The variable in which the application finds it.
  public var variable: String
  /// Where its value stands.
  public var place: SourcePlace
}

/// What an import makes, and what it could not.
public struct ImportResult: Sendable {
  public var files: [ImportedFile] = []
  public var secrets: [RequiredSecret] = []
  /// What was not carried over, each with its place and the reason.
  public var notCarried: [Diagnostic] = []
  /// What was decided where the source did not say, and what the platform does now by itself.
  public var decisions: [String] = []

  /// What a person has to know, in lines; no value of a secret is in it.
  public var report: String {
    var lines: [String] = []
    if !secrets.isEmpty {
      lines.append("Secrets to make, before anything is applied:")
      for secret in secrets {
        let place = "\(secret.place.file):\(secret.place.line):\(secret.place.column)"
        lines.append("  \(secret.secret), key \(secret.key), for \(secret.variable): the value at \(place)")
      }
    }
    if !decisions.isEmpty { lines += ["Decided:"] + decisions.map { "  \($0)" } }
    if !notCarried.isEmpty { lines += ["Not carried over:"] + notCarried.map { "  \($0)" } }
    return lines.joined(separator: "\n")
  }

  mutating func drop(_ place: SourcePlace, _ message: String, _ reason: String) {
    notCarried.append(Diagnostic(.warning, at: place, message, remedy: reason))
  }
}
