import Definitions

/// A line of Ruby as it is written, before templates are unfolded.
enum RubyStatement {
  case call(RubyWrittenCall)
  /// `office = ["10.0.0.1/32"]`, also with a constant's name.
  case variable(String, RubyExpression, SourcePlace)
  /// `context.ttl = 300`
  case context(String, RubyExpression, SourcePlace)
}

/// What stands where a value is expected.
indirect enum RubyExpression {
  case literal(RubyValue)
  case array([RubyExpression])
  case hash([(key: String, value: RubyExpression)])
  case range(RubyExpression, RubyExpression, SourcePlace)
  /// A text with values put into it.
  case pieces([RubyExpression], SourcePlace)
  case variable(String, SourcePlace)
  case context(String, SourcePlace)
  /// `*office`
  case splat(RubyExpression, SourcePlace)
  case sum(RubyExpression, RubyExpression, SourcePlace)
  /// `context.ttl || 300`
  case either(RubyExpression, RubyExpression)
}

struct RubyWrittenCall {
  enum Block {
    case statements([RubyStatement])
    case value(RubyExpression)
  }
  var name: String
  var place: SourcePlace
  var arguments: [RubyExpression] = []
  var options: [(key: String, value: RubyExpression)] = []
  var block: Block?
}
