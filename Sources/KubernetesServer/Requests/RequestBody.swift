import Kubernetes
import Yams

/// Reads bodies: JSON, and YAML or protobuf where the client sends it.
package enum RequestBody {
  /// Bytes that a body may have.
  static let bytesMax = 3 << 20

  static func decode(_ request: APIRequest) throws(APIError) -> JSONValue {
    var duplicates: [String] = []
    return try decode(request, duplicates: &duplicates)
  }

  /// - Parameter duplicates: the paths of members that are there twice, of which the last one was taken.
  static func decode(_ request: APIRequest, duplicates: inout [String]) throws(APIError) -> JSONValue {
    switch mediaType(request.contentType) {
    case ProtobufBody.mediaType: return try ProtobufBody.decode(request.body)
    case "application/yaml": return try yaml(request.body)
    default: return try json(request.body, duplicates: &duplicates)
    }
  }

  static func json(_ bytes: [UInt8], duplicates: inout [String]) throws(APIError) -> JSONValue {
    do throws(JSONSyntaxError) { return try JSONValue(parsing: bytes, duplicates: &duplicates) } catch {
      throw .badRequest("the object provided is not JSON: \(error)")
    }
  }

  static func mediaType(_ contentType: String) -> String {
    String(contentType.prefix { $0 != ";" }.filter { $0 != " " }).lowercased()
  }

  static func json(_ bytes: [UInt8]) throws(APIError) -> JSONValue {
    do throws(JSONSyntaxError) { return try JSONValue(parsing: bytes) } catch {
      throw .badRequest("the object provided is not JSON: \(error)")
    }
  }

  /// JSON where the text starts as an object does, YAML otherwise.
  package static func yaml(_ bytes: [UInt8]) throws(APIError) -> JSONValue {
    let isSpace: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if bytes.first(where: { !isSpace($0) }) == UInt8(ascii: "{") { return try json(bytes) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .badRequest("the object provided is not YAML: it is not UTF-8")
    }
    guard YAMLAliases.unfoldingAnchor(in: bytes) == nil else { throw aliasesAreRefused }
    do {
      guard let node = try Yams.compose(yaml: text) else { return .null }
      return try value(node, depth: 0)
    } catch let error as APIError {
      throw error
    } catch {
      throw .badRequest("the object provided is not YAML: \(error)")
    }
  }

  private static func value(_ node: Yams.Node, depth: Int) throws(APIError) -> JSONValue {
    guard depth <= JSONValue.depthLimit else {
      throw .badRequest("the object provided is nested deeper than \(JSONValue.depthLimit) levels")
    }
    // Aliases are resolved before they are seen here: it is the anchor that tells.
    guard node.anchor == nil else { throw aliasesAreRefused }
    switch node {
    case .scalar(let scalar):
      guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
      guard let value = JSONValue(plainYAMLScalar: scalar.string) else {
        throw .badRequest("the object provided is not valid: JSON has no value for \(scalar.string)")
      }
      return value
    case .sequence(let sequence):
      var elements: [JSONValue] = []
      for element in sequence { elements.append(try value(element, depth: depth + 1)) }
      return .array(elements)
    case .mapping(let mapping):
      var object = JSONObject()
      for (key, member) in mapping {
        guard let name = try name(key), object[name] == nil else {
          throw .badRequest("the object provided is not valid: a key of a mapping is not a string, or stands twice")
        }
        object[name] = try value(member, depth: depth + 1)
      }
      return .object(object)
    case .alias: throw aliasesAreRefused
    }
  }

  /// A mapping's key as JSON has it: `1:` and `yes:` are the members "1" and "true" to Kubernetes.
  private static func name(_ key: Yams.Node) throws(APIError) -> String? {
    switch try value(key, depth: 0) {
    case .string(let name): name
    case let scalar where scalar.isNull || scalar.arrayValue != nil || scalar.objectValue != nil: nil
    case let scalar: scalar.text
    }
  }

  private static let aliasesAreRefused = APIError.badRequest(
    "the object provided is not valid: YAML anchors and aliases are not accepted")
}
