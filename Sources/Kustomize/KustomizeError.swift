/// Why a kustomization cannot be built.
public struct KustomizeError: Error, Sendable, CustomStringConvertible {
  public enum Code: Sendable {
    /// Something in the files is wrong.
    case wrongInput
    /// A file is there and cannot be read.
    case unreadable
  }
  public var code: Code
  public var file: String
  /// Counted from 1; 0 where the whole file is meant.
  public var line: Int
  public var column: Int
  /// What is wrong and why.
  public var message: String
  /// What to do about it.
  public var remedy: String

  public var description: String {
    let place = line > 0 ? "\(file):\(line):\(column): " : file.isEmpty ? "" : "\(file): "
    return "\(place)error: \(message)" + (remedy.isEmpty ? "" : "; \(remedy)")
  }

  init(_ code: Code = .wrongInput, at place: Place, _ message: String, remedy: String = "") {
    self.code = code
    file = place.file
    line = place.point.line
    column = place.point.column
    self.message = message
    self.remedy = remedy
  }

  init(_ code: Code = .wrongInput, file: String, _ message: String, remedy: String = "") {
    self.init(code, at: Place(file: file, point: .unknown), message, remedy: remedy)
  }

  init(_ error: YAMLSyntaxError, file: String) {
    self.init(at: Place(file: file, point: error.point), "not YAML: \(error.message)")
  }
}
