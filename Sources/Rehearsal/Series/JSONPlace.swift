/// Where a value stands in a JSON text that was read already: for messages, so speed does not matter.
enum JSONPlace {
  enum Step: Equatable {
    case member(String)
    case element(Int)
  }

  /// The line and column of the value that `path` leads to, or of the last one on the way that is there.
  static func find(_ path: [Step], in text: String) -> (line: Int, column: Int) {
    var walk = Walk(bytes: Array(text.utf8))
    walk.skipSpace()
    for step in path {
      let before = walk.position
      guard walk.enter(step) else {
        walk.position = before
        break
      }
    }
    return walk.place
  }

  private struct Walk {
    let bytes: [UInt8]
    var position = 0

    var place: (line: Int, column: Int) {
      let before = bytes.prefix(position)
      let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
      return (before.count { $0 == 0x0A } + 1, String(decoding: before[lineStart...], as: UTF8.self).count + 1)
    }

    private var byte: UInt8 { position < bytes.count ? bytes[position] : 0 }

    mutating func skipSpace() {
      while [0x20, 0x0A, 0x0D, 0x09].contains(byte) { position += 1 }
    }

    /// Moves from the beginning of a container to the beginning of one of its values.
    mutating func enter(_ step: Step) -> Bool {
      let isObject = byte == UInt8(ascii: "{")
      guard isObject || byte == UInt8(ascii: "[") else { return false }
      position += 1
      var index = 0
      while position < bytes.count {
        skipSpace()
        if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { return false }
        var here = Step.element(index)
        if isObject {
          let start = position
          skipString()
          here = .member(String(decoding: bytes[start + 1..<max(start + 1, position - 1)], as: UTF8.self))
          skipSpace()
          position += 1
          skipSpace()
        }
        if here == step { return true }
        skipValue()
        skipSpace()
        if byte == UInt8(ascii: ",") { position += 1 }
        index += 1
      }
      return false
    }

    private mutating func skipString() {
      position += 1
      while position < bytes.count, byte != UInt8(ascii: "\"") { position += byte == UInt8(ascii: "\\") ? 2 : 1 }
      position += 1
    }

    private mutating func skipValue() {
      var depth = 0
      repeat {
        switch byte {
        case UInt8(ascii: "\""): skipString()
        case UInt8(ascii: "{"), UInt8(ascii: "["):
          depth += 1
          position += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          depth -= 1
          position += 1
        case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x0A, 0x0D, 0x09: position += 1
        default:
          while position < bytes.count, !",:]} \n\r\t".utf8.contains(byte) { position += 1 }
        }
      } while depth > 0 && position < bytes.count
    }
  }
}
