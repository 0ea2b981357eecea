import Kubernetes

/// The OpenAPI v2 document in protobuf, the only form that kubectl before 1.27 asks for.
///
/// Field numbers from gnostic's `OpenAPIv2.proto` (https://github.com/google/gnostic). What those clients do not read
/// (responses, bounds, examples) is left out.
enum SwaggerProtobuf {
  static let mediaType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"

  /// Older clients ask for it with an `@`, which Go refuses in the answer's own media type.
  static func isAccepted(_ accept: String) -> Bool {
    accept.contains(mediaType) || accept.contains("application/com.github.proto-openapi.spec.v2@v1.0+protobuf")
  }

  static func encode(_ swagger: JSONValue) -> [UInt8] {
    message { document in
      document.text(1, swagger["swagger"])
      document.nested(2) { info in
        info.text(1, swagger[path: ["info", "title"]])
        info.text(2, swagger[path: ["info", "version"]])
      }
      document.nested(8) { paths in
        for path in swagger["paths"]?.objectValue ?? [:] {
          paths.named(2, path.key) { item in pathItem(path.value, &item) }
        }
      }
      document.nested(9) { definitions in schemas(swagger["definitions"], &definitions) }
    }
  }

  private static let operations = [("get", 2), ("put", 3), ("post", 4), ("delete", 5), ("patch", 8)]

  private static func pathItem(_ item: JSONValue, _ output: inout ProtobufWriter) {
    for (method, number) in operations {
      guard let operation = item[method] else { continue }
      output.nested(number) { output in
        output.text(3, operation["description"])
        output.text(5, operation["operationId"])
        output.texts(6, operation["produces"])
        output.texts(7, operation["consumes"])
        for parameter in operation["parameters"]?.arrayValue ?? [] {
          // ParametersItem.parameter, Parameter.non_body_parameter, NonBodyParameter.query_parameter_sub_schema
          output.nested(8) { $0.nested(1) { $0.nested(2) { $0.nested(3) { query(parameter, &$0) } } } }
        }
        extensions(13, operation, &output)
      }
    }
  }

  private static func query(_ parameter: JSONValue, _ output: inout ProtobufWriter) {
    output.text(2, parameter["in"])
    output.text(3, parameter["description"])
    output.text(4, parameter["name"])
    output.text(6, parameter["type"])
  }

  private static func schemas(_ members: JSONValue?, _ output: inout ProtobufWriter) {
    for member in members?.objectValue ?? [:] { output.named(1, member.key) { schema(member.value, &$0) } }
  }

  private static func schema(_ value: JSONValue, _ output: inout ProtobufWriter) {
    output.text(1, value["$ref"])
    output.text(2, value["format"])
    output.text(4, value["description"])
    output.texts(19, value["required"])
    for choice in value["enum"]?.arrayValue ?? [] { output.nested(20) { any(choice, &$0) } }
    if let others = value["additionalProperties"], others.objectValue != nil {
      output.nested(21) { $0.nested(1) { schema(others, &$0) } }
    }
    if let type = value["type"] { output.nested(22) { $0.text(1, type) } }
    if let items = value["items"] { output.nested(23) { $0.nested(1) { schema(items, &$0) } } }
    if value["properties"] != nil { output.nested(25) { schemas(value["properties"], &$0) } }
    extensions(31, value, &output)
  }

  private static func extensions(_ number: Int, _ value: JSONValue, _ output: inout ProtobufWriter) {
    for member in value.objectValue ?? [:] where member.key.hasPrefix("x-") {
      output.named(number, member.key) { any(member.value, &$0) }
    }
  }

  /// `Any.yaml`: JSON is YAML, too.
  private static func any(_ value: JSONValue, _ output: inout ProtobufWriter) { output.text(2, .string(value.text)) }

  private static func message(_ write: (inout ProtobufWriter) -> Void) -> [UInt8] {
    var writer = ProtobufWriter()
    write(&writer)
    return writer.bytes
  }
}

/// Length-delimited protobuf fields: all that these documents need.
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  mutating func text(_ number: Int, _ value: JSONValue?) {
    guard let text = value?.stringValue, !text.isEmpty else { return }
    field(number, Array(text.utf8))
  }

  mutating func texts(_ number: Int, _ values: JSONValue?) {
    for value in values?.arrayValue ?? [] { field(number, Array((value.stringValue ?? "").utf8)) }
  }

  mutating func nested(_ number: Int, _ write: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    write(&inner)
    field(number, inner.bytes)
  }

  /// An entry of a map, as gnostic writes one: name, then value.
  mutating func named(_ number: Int, _ name: String, _ write: (inout ProtobufWriter) -> Void) {
    nested(number) { entry in
      entry.field(1, Array(name.utf8))
      entry.nested(2, write)
    }
  }

  private mutating func field(_ number: Int, _ content: [UInt8]) {
    varint(UInt64(number) << 3 | 2)
    varint(UInt64(content.count))
    bytes.append(contentsOf: content)
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
