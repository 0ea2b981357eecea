import Kubernetes

/// Request bodies in Kubernetes' protobuf, which kubectl's `create` and Go clients send for built-in kinds.
///
/// The envelope is `k8s\0` and a `runtime.Unknown` (https://kubernetes.io/docs/reference/using-api/api-concepts/).
/// Answers stay JSON: those clients take it.
package enum ProtobufBody {
  package static let mediaType = "application/vnd.kubernetes.protobuf"

  /// - Throws: 400 where the bytes are not such a message, 415 where the kind is not known in this form.
  package static func decode(_ bytes: [UInt8]) throws(APIError) -> JSONValue {
    guard bytes.starts(with: [0x6B, 0x38, 0x73, 0x00]) else { throw malformed }
    let envelope = try ProtobufFields(bytes[4...])
    let type = try ProtobufFields(envelope.bytes(1) ?? [])
    let apiVersion = String(decoding: type.bytes(1) ?? [], as: UTF8.self)
    let kind = String(decoding: type.bytes(2) ?? [], as: UTF8.self)
    let table = SchemaTable.builtIn
    let found =
      kind == "DeleteOptions" ? table.meta(kind) : table.definition(apiVersion: apiVersion, kind: kind)
    guard let definition = found, definition.fields.contains(where: { $0.numbers.first ?? 1 > 1 }) else {
      throw APIError(
        code: 415, reason: "UnsupportedMediaType",
        message: "\(kind) in version \"\(apiVersion)\" is not accepted as protobuf; send application/json")
    }
    var object: JSONObject = ["apiVersion": .string(apiVersion), "kind": .string(kind)]
    for member in try message(envelope.bytes(2) ?? [], definition, depth: 0) { object[member.key] = member.value }
    return .object(object)
  }

  static let malformed = APIError.badRequest("the object provided is not Kubernetes protobuf")
  /// Nesting that is followed; deeper messages are refused.
  private static let depthLimit = 32

  private static func message(
    _ bytes: ArraySlice<UInt8>, _ definition: SchemaTable.Definition, depth: Int
  ) throws(APIError) -> JSONObject {
    guard depth < depthLimit else { throw malformed }
    let fields = try ProtobufFields(bytes)
    var object = JSONObject()
    for field in definition.fields {
      guard let number = field.numbers.last else { continue }
      var holder = fields
      for outer in field.numbers.dropLast() { holder = try ProtobufFields(holder.bytes(outer) ?? []) }
      guard let value = try value(holder.values(number), field.type, depth: depth) else { continue }
      if field.keepsEmpty || field.isRequired || !value.isEmptyField { object[field.name] = value }
    }
    return object
  }

  /// The value of a field from all its occurrences; nil where there is none.
  private static func value(
    _ values: [ProtobufFields.Value], _ type: SchemaTable.FieldType, depth: Int
  ) throws(APIError) -> JSONValue? {
    guard let last = values.last else { return nil }
    switch type {
    case .list(let element):
      var elements: [JSONValue] = []
      for one in values { elements.append(try single(one, element, depth: depth) ?? .null) }
      return .array(elements)
    case .map(let element):
      var members = JSONObject()
      for one in values {
        let entry = try ProtobufFields(one.bytes())
        let key = String(decoding: entry.bytes(1) ?? [], as: UTF8.self)
        // A list cannot be a map's value in protobuf: a message of its own holds it.
        let holder =
          if case .list = element { try ProtobufFields(entry.bytes(2) ?? []).values(1) } else { entry.values(2) }
        members[key] = try value(holder, element, depth: depth) ?? empty(element)
      }
      return .object(members)
    default: return try single(last, type, depth: depth)
    }
  }

  /// What an entry of a map stands for whose value is left out.
  private static func empty(_ type: SchemaTable.FieldType) -> JSONValue {
    switch type {
    case .reference: .object([:])
    case .list: .array([])
    default: .string("")
    }
  }

  private static func single(
    _ value: ProtobufFields.Value, _ type: SchemaTable.FieldType, depth: Int
  ) throws(APIError) -> JSONValue? {
    switch type {
    case .string: return .string(String(decoding: try value.bytes(), as: UTF8.self))
    case .bytes: return .string(Base64.encode(Array(try value.bytes())))
    case .int32, .int64: return .integer(try value.integer())
    case .bool: return .bool(try value.integer() != 0)
    case .reference(let target):
      let definition = SchemaTable.builtIn[target]
      guard let scalar = definition.scalar else {
        return .object(try message(try value.bytes(), definition, depth: depth + 1))
      }
      return try self.scalar(scalar, ProtobufFields(try value.bytes()), depth: depth)
    case .number:
      let number = try value.number()
      return Int64(exactly: number).map(JSONValue.integer) ?? .double(number)
    case .any, .list, .map: return nil
    }
  }

  private static func schema(_ value: ProtobufFields.Value, depth: Int) throws(APIError) -> JSONValue {
    let name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps"
    guard let definition = SchemaTable.builtIn.definition(named: name) else { throw malformed }
    return .object(try message(try value.bytes(), definition, depth: depth + 1))
  }

  private static func json(_ fields: ProtobufFields) throws(APIError) -> JSONValue? {
    guard let raw = fields.bytes(1) else { return nil }
    do throws(JSONSyntaxError) { return try JSONValue(parsing: Array(raw)) } catch { throw malformed }
  }

  private static func scalar(
    _ scalar: SchemaTable.Scalar, _ fields: ProtobufFields, depth: Int
  ) throws(APIError) -> JSONValue? {
    switch scalar {
    case .fieldSet, .json: return try json(fields)
    case .quantity: return .string(String(decoding: fields.bytes(1) ?? [], as: UTF8.self))
    case .intOrString:
      let isText = try fields.values(1).last?.integer() == 1
      if isText { return .string(String(decoding: fields.bytes(3) ?? [], as: UTF8.self)) }
      return .integer(try fields.values(2).last?.integer() ?? 0)
    case .time, .microTime:
      let seconds = try fields.values(1).last?.integer() ?? 0
      let nanoseconds = try fields.values(2).last?.integer() ?? 0
      if seconds == 0, nanoseconds == 0 { return nil }
      let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
      guard !overflow, (0..<1_000_000_000).contains(nanoseconds) else { throw malformed }
      let moment = Timestamp(nanoseconds: whole &+ nanoseconds)
      return .string(scalar == .microTime ? moment.rfc3339Micro : moment.rfc3339)
    case .schemaOrBool:
      if let schema = fields.values(2).last { return try self.schema(schema, depth: depth) }
      return .bool(try fields.values(1).last?.integer() ?? 0 != 0)
    case .schemaOrSchemas:
      if let schema = fields.values(1).last { return try self.schema(schema, depth: depth) }
      return .array(try fields.values(2).map { value throws(APIError) in try schema(value, depth: depth) })
    case .schemaOrTexts:
      if let schema = fields.values(1).last { return try self.schema(schema, depth: depth) }
      return .array(
        try fields.values(2).map { value throws(APIError) in
          .string(String(decoding: try value.bytes(), as: UTF8.self))
        })
    }
  }
}

extension JSONValue {
  /// What Go's types leave out of JSON when it is empty.
  fileprivate var isEmptyField: Bool {
    switch self {
    case .null, .bool(false), .integer(0), .string(""): true
    case .array(let elements): elements.isEmpty
    case .object(let members): members.isEmpty
    default: false
    }
  }
}
