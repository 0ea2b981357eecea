/// What a scalar is once it has gone through JSON.
enum JSONScalar {
  case null
  case bool(Bool)
  /// As it is written.
  case number(String)
  case text(String)

  init(_ scalar: YAMLScalar, at point: SourcePoint) throws(YAMLWriter.Failure) {
    switch scalar.tag {
    case .string:
      self = .text(
        scalar.isFolded
          ? String(decoding: FoldedText.refolded(Array(scalar.text.utf8)), as: UTF8.self) : scalar.text)
    case .none: self = scalar.isQuoted ? .text(scalar.text) : try Self.resolved(scalar, as: nil, point)
    case .integer, .float, .bool, .null, .timestamp, .merge: self = try Self.resolved(scalar, as: scalar.tag, point)
    }
  }

  private static func resolved(
    _ scalar: YAMLScalar, as wanted: YAMLScalar.Tag?, _ point: SourcePoint
  ) throws(YAMLWriter.Failure) -> JSONScalar {
    let text = scalar.text
    let natural = PlainScalar.tag(of: text, .version3)
    if let wanted, wanted != natural, !(wanted == .float && natural == .integer), wanted != .merge {
      throw YAMLWriter.Failure(point: point, message: "\"\(text)\" stands where \(words(wanted)) was")
    }
    // In quotes it is a text, whatever it was meant to be.
    if wanted != nil, scalar.isQuoted { return .text(text) }
    switch natural {
    case .null: return .null
    case .bool: return .bool(PlainScalar.bool(text))
    case .integer:
      let plain = text.filter { $0 != "_" }
      guard let integer = IntegerText(plain, .version3) else { return .text(text) }
      return .number(integer.decimal)
    case .float:
      guard let value = FloatText.value(text.filter { $0 != "_" }), value.isFinite else {
        throw YAMLWriter.Failure(point: point, message: "\"\(text)\" is a number that JSON does not have")
      }
      return .number(FloatText.throughJSON(value))
    case .timestamp: return .text(Timestamp(text)?.rfc3339 ?? text)
    case .none, .string, .merge: return .text(text)
    }
  }

  private static func words(_ tag: YAMLScalar.Tag) -> String {
    switch tag {
    case .integer: "an integer"
    case .float: "a number"
    case .bool: "true or false"
    case .null: "nothing"
    case .timestamp: "a date"
    case .none, .string, .merge: "a text"
    }
  }
}
