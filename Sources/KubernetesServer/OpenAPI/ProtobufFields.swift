import Kubernetes

/// The fields of one protobuf message, by number, as they came.
struct ProtobufFields {
  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case delimited(ArraySlice<UInt8>)

    func bytes() throws(APIError) -> ArraySlice<UInt8> {
      guard case .delimited(let bytes) = self else { throw ProtobufBody.malformed }
      return bytes
    }

    func number() throws(APIError) -> Double {
      guard case .fixed64(let bits) = self else { throw ProtobufBody.malformed }
      return Double(bitPattern: bits)
    }

    func integer() throws(APIError) -> Int64 {
      guard case .varint(let number) = self else { throw ProtobufBody.malformed }
      return Int64(bitPattern: number)
    }
  }

  private var fields: [(number: Int, value: Value)] = []

  init(_ bytes: ArraySlice<UInt8>) throws(APIError) {
    var rest = bytes
    while !rest.isEmpty {
      let tag = try Self.varint(&rest)
      guard let number = Int(exactly: tag >> 3), number > 0 else { throw ProtobufBody.malformed }
      switch tag & 7 {
      case 0: fields.append((number, .varint(try Self.varint(&rest))))
      case 1:
        guard rest.count >= 8 else { throw ProtobufBody.malformed }
        let bits = rest.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        fields.append((number, .fixed64(bits)))
        rest = rest.dropFirst(8)
      case 2:
        let count = try Self.varint(&rest)
        guard count <= UInt64(rest.count) else { throw ProtobufBody.malformed }
        fields.append((number, .delimited(rest.prefix(Int(count)))))
        rest = rest.dropFirst(Int(count))
      case 5:
        guard rest.count >= 4 else { throw ProtobufBody.malformed }
        rest = rest.dropFirst(4)
      default: throw ProtobufBody.malformed
      }
    }
  }

  func values(_ number: Int) -> [Value] { fields.filter { $0.number == number }.map(\.value) }

  /// The last occurrence, which is the one that counts.
  func bytes(_ number: Int) -> ArraySlice<UInt8>? {
    for field in fields.reversed() where field.number == number {
      if case .delimited(let bytes) = field.value { return bytes }
    }
    return nil
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) throws(APIError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { throw ProtobufBody.malformed }
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
    }
    throw ProtobufBody.malformed
  }
}
