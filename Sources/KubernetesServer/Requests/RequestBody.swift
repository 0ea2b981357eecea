import Kubernetes
import Yams

/// Reads bodies: JSON, and YAML or protobuf where the client sends it.
enum RequestBody {
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
  static func yaml(_ bytes: [UInt8]) throws(APIError) -> JSONValue {
    let isSpace: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if bytes.first(where: { !isSpace($0) }) == UInt8(ascii: "{") { return try json(bytes) }
    do {
      guard let node = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self)) else { return .null }
      return try value(node)
    } catch let error as APIError {
      throw error
    } catch {
      throw .badRequest("the object provided is not YAML: \(error)")
    }
  }

  private static func value(_ node: Yams.Node) throws(APIError) -> JSONValue {
    // Aliases are resolved before they are seen here, and a few of them unfold without end: anchors are refused.
    guard node.anchor == nil else {
      throw .badRequest("the object provided is not valid: YAML anchors and aliases are not accepted")
    }
    switch node {
    case .scalar(let scalar):
      if scalar.style == .singleQuoted || scalar.style == .doubleQuoted { return .string(scalar.string) }
      if node.null != nil { return .null }
      if let flag = node.bool { return .bool(flag) }
      if let number = node.int { return .integer(Int64(number)) }
      if let number = node.float, number.isFinite { return .double(number) }
      return .string(scalar.string)
    case .sequence(let sequence):
      var elements: [JSONValue] = []
      for element in sequence { elements.append(try value(element)) }
      return .array(elements)
    case .mapping(let mapping):
      var object = JSONObject()
      for (key, member) in mapping {
        guard key.anchor == nil, case .scalar(let name) = key, object[name.string] == nil else {
          throw .badRequest("the object provided is not valid: a key of a mapping is not a string, or stands twice")
        }
        object[name.string] = try value(member)
      }
      return .object(object)
    case .alias: throw .badRequest("the object provided is not valid: YAML aliases are not accepted")
    }
  }
}
