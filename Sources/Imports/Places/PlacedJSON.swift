import Definitions
import Kubernetes

/// A JSON value, and where each of its members stands.
struct PlacedJSON {
  var value: JSONValue
  private var places: [[String]: SourcePlace] = [:]
  private let start: SourcePlace

  private static let membersMax = 50_000

  /// - Throws: `InvalidDefinition` with the place of a mistake.
  init(_ source: ImportSource) throws(InvalidDefinition) {
    start = SourcePlace(file: source.name, line: 1, column: 1)
    guard source.text.utf8.count <= ImportSource.bytesMax else {
      throw InvalidDefinition([
        Diagnostic(file: source.name, line: 0, column: 0, "is longer than \(ImportSource.bytesMax >> 20) MiB")
      ])
    }
    let bytes = Array(source.text.utf8)
    do throws(JSONSyntaxError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw InvalidDefinition([
        Diagnostic(file: source.name, line: error.line, column: error.column, "not JSON: \(error.message)")
      ])
    }
    do throws(Diagnostic) { try find(in: bytes) } catch { throw InvalidDefinition([error]) }
  }

  /// Where the name of a member stands, or of the nearest one above it.
  func place(of path: [String]) -> SourcePlace {
    var path = path
    while !path.isEmpty {
      if let place = places[path] { return place }
      path.removeLast()
    }
    return start
  }

  /// Lays another one over this: objects are merged, everything else is replaced, as Chef does with custom JSON of a
  /// stack, a layer and a deployment.
  mutating func merge(_ other: PlacedJSON) {
    value = Self.merged(value, other.value)
    places.merge(other.places) { $1 }
  }

  private static func merged(_ old: JSONValue, _ new: JSONValue) -> JSONValue {
    guard case .object(var members) = old, case .object(let others) = new else { return new }
    for (key, value) in others { members[key] = members[key].map { merged($0, value) } ?? value }
    return .object(members)
  }

  /// Notes the members' places in a text that is known to be JSON.
  private mutating func find(in bytes: [UInt8]) throws(Diagnostic) {
    var path: [(isObject: Bool, name: String, index: Int)] = []
    var expectsName = false
    var (line, lineStart, index) = (1, 0, 0)
    while index < bytes.count {
      switch bytes[index] {
      case 0x0A: (line, lineStart) = (line + 1, index + 1)
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        expectsName = bytes[index] == UInt8(ascii: "{")
        path.append((expectsName, "", 0))
        if path.count > ImportSource.depthMax {
          throw Diagnostic(
            file: start.file, line: line, column: index - lineStart + 1,
            "nested deeper than \(ImportSource.depthMax) levels")
        }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        path.removeLast()
        expectsName = false
      case UInt8(ascii: ","):
        expectsName = path[path.count - 1].isObject
        path[path.count - 1].index += 1
      case UInt8(ascii: "\""):
        let end = Self.endOfString(in: bytes, from: index)
        if expectsName {
          expectsName = false
          path[path.count - 1].name =
            (try? JSONValue(parsing: Array(bytes[index..<end])))?.stringValue ?? ""
          places[path.map { $0.isObject ? $0.name : "\($0.index)" }] = SourcePlace(
            file: start.file, line: line, column: index - lineStart + 1)
          guard places.count <= Self.membersMax else {
            throw Diagnostic(
              file: start.file, line: line, column: index - lineStart + 1, "more than \(Self.membersMax) members")
          }
        }
        index = end - 1
      default: break
      }
      index += 1
    }
  }

  /// After the quotation mark that closes a string.
  private static func endOfString(in bytes: [UInt8], from start: Int) -> Int {
    var index = start + 1
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(index + 1, bytes.count)
  }
}
