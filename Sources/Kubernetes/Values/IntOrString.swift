/// A count, a name or a percentage: `8080`, `"http"`, `"25%"`.
public enum IntOrString: Sendable, Hashable, JSONConvertible {
  case int(Int)
  case string(String)

  public init(json: JSONValue) throws(FieldError) {
    if let value = json.integerValue {
      self = .int(Int(value))
    } else if case .string(let value) = json {
      self = .string(value)
    } else {
      throw FieldError("expected an integer or a string, found \(json.typeName)")
    }
  }

  public var json: JSONValue {
    switch self {
    case .int(let value): .integer(Int64(value))
    case .string(let value): .string(value)
    }
  }

  /// The count that this stands for among `total`; nil where it is neither a count nor a percentage.
  public func resolved(of total: Int, roundingUp: Bool) -> Int? {
    switch self {
    case .int(let value): return value
    case .string(let text):
      guard text.hasSuffix("%"), let percent = Int(text.dropLast()), percent >= 0 else { return nil }
      let (product, overflow) = percent.multipliedReportingOverflow(by: total)
      guard !overflow else { return nil }
      return roundingUp ? (product + 99) / 100 : product / 100
    }
  }
}
