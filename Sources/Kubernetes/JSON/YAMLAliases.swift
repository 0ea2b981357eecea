/// Texts of YAML whose aliases would unfold without end (a "billion laughs").
///
/// Readers that refuse anchors see an alias only once it has been put in its place, and a mapping's keys have been
/// hashed by then: a few lines can keep them busy for ever. So that is refused before anything is read.
public enum YAMLAliases {
  /// So many aliases make a text larger by less than a factor of twenty.
  private static let aliasesMax = 8

  /// Where the first anchor of a text stands that has more than a few aliases, lines and columns (in bytes) counted from
  /// 1; nil for other texts. What only looks like an alias, in a quoted text, counts too.
  public static func unfoldingAnchor(in text: some Sequence<UInt8>) -> (line: Int, column: Int)? {
    var aliases = 0
    var anchor: (line: Int, column: Int)?
    var place = (line: 1, column: 0)
    var before: UInt8 = 0x20
    var sign: UInt8 = 0
    for byte in text {
      if sign != 0, isName(byte) {
        if sign == UInt8(ascii: "*") { aliases += 1 } else { anchor = anchor ?? place }
      }
      let mayStart = !isName(before)
      sign = mayStart && (byte == UInt8(ascii: "*") || byte == UInt8(ascii: "&")) ? byte : 0
      before = byte
      place = byte == 0x0A ? (place.line + 1, 0) : (place.line, place.column + 1)
    }
    guard aliases > aliasesMax else { return nil }
    return anchor
  }

  /// What a name consists of, to libyaml.
  private static func isName(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D || byte == 0x5F
  }
}
