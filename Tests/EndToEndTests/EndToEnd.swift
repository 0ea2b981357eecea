import Testing

/// The real program against real clients: `sakigake`, kubectl, curl, Envoy. One thing at a time, since every suite
/// uses the whole machine.
@Suite(.serialized) struct EndToEnd {}

extension Tag {
  /// Takes minutes.
  @Tag static var demo: Self
}
