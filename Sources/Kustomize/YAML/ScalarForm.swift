/// How a text is written: plain, in quotes, or as a block
/// (`yaml_emitter_analyze_scalar` and `yaml_emitter_select_scalar_style` of
/// https://github.com/go-yaml/yaml/blob/v2/emitterc.go, `stringv` of its encode.go).
enum ScalarForm {
  case plain, single, double, literal

  static func of(_ content: UnsafeBufferPointer<UInt8>, isKey: Bool) -> ScalarForm {
    guard !content.isEmpty else { return .double }
    let shape = Shape(content)
    if shape.hasLineFeed, !isKey {
      return shape.allowsBlock ? .literal : .double
    }
    if shape.hasBreak, isKey { return .double }
    if shape.allowsPlain {
      guard mayMeanMore(content[0], content.count) else { return .plain }
      let text = String(decoding: content, as: UTF8.self)
      let isText = PlainScalar.tag(of: text, .version2) == .string && !PlainScalar.isBase60(text)
      // `<<` merges where it is a key; go-yaml looks it up only behind certain first letters, and `<` is none.
      return isText || text == "<<" ? .plain : .double
    }
    return shape.allowsSingle ? quoted(content) : .double
  }

  /// What cannot stand plain: in single quotes, unless it would mean something else without them.
  private static func quoted(_ content: UnsafeBufferPointer<UInt8>) -> ScalarForm {
    guard mayMeanMore(content[0], content.count) else { return .single }
    let text = String(decoding: content, as: UTF8.self)
    return PlainScalar.tag(of: text, .version2) == .string && !PlainScalar.isBase60(text) ? .single : .double
  }

  /// Whether a text that begins so could be a number, a truth value, a date or nothing.
  private static func mayMeanMore(_ first: UInt8, _ count: Int) -> Bool {
    switch first {
    case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x7E: true
    case UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"),
      UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "o"), UInt8(ascii: "O"):
      count <= 5
    default: false
    }
  }

  /// Whether a key stands before its colon as it is; others need a question mark.
  static func isSimpleKey(_ key: String) -> Bool {
    var key = key
    guard key.utf8.count <= 128 else { return false }
    return key.withUTF8 { content in
      var index = 0
      while index < content.count {
        if isBreak(content, index) { return false }
        index += 1
      }
      return true
    }
  }

  private struct Shape {
    var hasLineFeed = false
    var hasBreak = false
    var allowsPlain = true
    var allowsSingle = true
    var allowsBlock = true

    init(_ content: UnsafeBufferPointer<UInt8>) {
      if content.count >= 3, content[0] == content[1], content[1] == content[2],
        content[0] == 0x2D || content[0] == 0x2E
      {
        allowsPlain = false
      }
      var afterBlank = true
      var afterSpace = false
      var afterBreak = false
      var index = 0
      while index < content.count {
        let byte = content[index]
        let width = ScalarForm.width(byte)
        let next = index + width
        let beforeBlank = next >= content.count || content[next] == 0x20 || content[next] == 0x09
        if index == 0 {
          switch byte {
          case UInt8(ascii: "#"), UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
            UInt8(ascii: "}"), UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"), UInt8(ascii: "|"),
            UInt8(ascii: ">"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "%"), UInt8(ascii: "@"),
            UInt8(ascii: "`"):
            allowsPlain = false
          case UInt8(ascii: "?"), UInt8(ascii: ":"), UInt8(ascii: "-"): if beforeBlank { allowsPlain = false }
          default: break
          }
        } else if (byte == UInt8(ascii: ":") && beforeBlank) || (byte == UInt8(ascii: "#") && afterBlank) {
          allowsPlain = false
        }
        let isBreak = ScalarForm.isBreak(content, index)
        if byte < 0x20 || byte > 0x7E, !ScalarForm.isPrintable(content, index) {
          (allowsPlain, allowsSingle, allowsBlock) = (false, false, false)
        }
        if byte == 0x20 {
          if index == 0 || next >= content.count { allowsPlain = false }
          if next >= content.count { allowsBlock = false }
          if afterBreak { (allowsPlain, allowsSingle) = (false, false) }
          (afterSpace, afterBreak) = (true, false)
        } else if isBreak {
          hasBreak = true
          if byte == 0x0A { hasLineFeed = true }
          allowsPlain = false
          if afterSpace { (allowsSingle, allowsBlock) = (false, false) }
          (afterSpace, afterBreak) = (false, true)
        } else {
          (afterSpace, afterBreak) = (false, false)
        }
        afterBlank = byte == 0x20 || byte == 0x09 || isBreak || byte == 0
        index = next
      }
    }
  }

  static func width(_ byte: UInt8) -> Int { byte < 0x80 ? 1 : byte & 0xE0 == 0xC0 ? 2 : byte & 0xF0 == 0xE0 ? 3 : 4 }

  static func scalar(_ content: UnsafeBufferPointer<UInt8>, _ index: Int, _ width: Int) -> UInt32 {
    var value = UInt32(content[index]) & (width == 1 ? 0x7F : width == 2 ? 0x1F : width == 3 ? 0x0F : 0x07)
    for offset in 1..<max(width, 1) where index + offset < content.count {
      value = value << 6 | UInt32(content[index + offset]) & 0x3F
    }
    return value
  }

  static func isBreak(_ content: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
    switch content[index] {
    case 0x0A, 0x0D: true
    case 0xC2: index + 1 < content.count && content[index + 1] == 0x85
    case 0xE2:
      index + 2 < content.count && content[index + 1] == 0x80
        && (content[index + 2] == 0xA8 || content[index + 2] == 0xA9)
    default: false
    }
  }

  /// What version 2 takes for printable: no tab, and nothing beyond the basic plane.
  static func isPrintable(_ content: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
    let byte = content[index]
    func at(_ offset: Int) -> UInt8 { index + offset < content.count ? content[index + offset] : 0 }
    switch byte {
    case 0x0A, 0x20...0x7E: return true
    case 0xC2: return at(1) >= 0xA0
    case 0xC3...0xEC: return true
    case 0xED: return at(1) < 0xA0
    case 0xEE: return true
    case 0xEF: return !(at(1) == 0xBB && at(2) == 0xBF) && !(at(1) == 0xBF && (at(2) == 0xBE || at(2) == 0xBF))
    default: return false
    }
  }
}
