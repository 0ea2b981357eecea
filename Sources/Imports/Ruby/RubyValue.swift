import Definitions
import Kubernetes

/// A literal of the Ruby that exporters write.
indirect enum RubyValue: Equatable {
  case string(String)
  case symbol(String)
  case integer(Int64)
  case double(Double)
  case range(Int64, Int64)
  case regexp(String)
  case bool(Bool)
  case null
  case array([RubyValue])
  case hash([RubyPair])

  /// Symbols and expressions are texts, ranges two numbers.
  var json: JSONValue {
    switch self {
    case .string(let text), .symbol(let text), .regexp(let text): .string(text)
    case .integer(let number): .integer(number)
    case .double(let number): .double(number)
    case .range(let first, let last): [.integer(first), .integer(last)]
    case .bool(let flag): .bool(flag)
    case .null: .null
    case .array(let elements): .array(elements.map(\.json))
    case .hash(let pairs): .object(JSONObject(pairs.map { ($0.key, $0.value.json) }))
    }
  }

  /// A text or a symbol.
  var name: String? {
    switch self {
    case .string(let text), .symbol(let text): text
    default: nil
    }
  }
}

struct RubyPair: Equatable {
  var key: String
  var value: RubyValue
}

/// `role "S3", :path => "/" do … end`
struct RubyCall {
  enum Block {
    case calls([RubyCall])
    /// A literal alone, as policies are written.
    case value(RubyValue)
  }
  var name: String
  var place: SourcePlace
  var arguments: [RubyValue] = []
  var options: [RubyPair] = []
  var block: Block?

  var calls: [RubyCall] { if case .calls(let calls) = block { calls } else { [] } }

  /// The first argument, where it is a text.
  var text: String? { arguments.first?.name }

  /// Options, those within braces too.
  var allOptions: [RubyPair] {
    options + arguments.flatMap { argument in if case .hash(let pairs) = argument { pairs } else { [RubyPair]() } }
  }

  subscript(option: String) -> RubyValue? { options.first { $0.key == option }?.value }
}
