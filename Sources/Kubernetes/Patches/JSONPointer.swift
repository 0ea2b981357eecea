/// A place in a JSON value (RFC 6901): `/spec/containers/0/image`, with `~1` for `/` and `~0` for `~`.
public struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
  public var tokens: [String]

  public init(tokens: [String]) { self.tokens = tokens }

  /// Nil where the text is no pointer: it does not start with `/`, or a `~` is followed by neither 0 nor 1.
  public init?(parsing text: String) {
    tokens = []
    if text.isEmpty { return }
    guard text.utf8.first == 0x2F else { return nil }
    for part in text.utf8.dropFirst().split(separator: 0x2F, omittingEmptySubsequences: false) {
      var token: [UInt8] = []
      var isEscaped = false
      for byte in part {
        if isEscaped {
          guard byte == 0x30 || byte == 0x31 else { return nil }
          token.append(byte == 0x30 ? 0x7E : 0x2F)
          isEscaped = false
        } else if byte == 0x7E {
          isEscaped = true
        } else {
          token.append(byte)
        }
      }
      if isEscaped { return nil }
      tokens.append(String(decoding: token, as: UTF8.self))
    }
  }

  /// Reads what JSON patches of Kubernetes' clients have as paths: what stands before the first `/` counts for nothing,
  /// and a `~` that escapes nothing is a `~`.
  init(lenient text: String) {
    // By bytes: to Swift's characters, a "/" before a combining mark is none.
    tokens = text.utf8.split(separator: 0x2F, omittingEmptySubsequences: false).dropFirst().map { part in
      var token: [UInt8] = []
      var rest = part
      while let byte = rest.popFirst() {
        guard byte == 0x7E, let escaped = rest.first, escaped == 0x30 || escaped == 0x31 else {
          token.append(byte)
          continue
        }
        token.append(escaped == 0x30 ? 0x7E : 0x2F)
        rest.removeFirst()
      }
      return String(decoding: token, as: UTF8.self)
    }
  }

  public var description: String {
    tokens.map { token in
      var text = "/"
      for character in token.unicodeScalars {
        switch character {
        case "~": text += "~0"
        case "/": text += "~1"
        default: text.unicodeScalars.append(character)
        }
      }
      return text
    }.joined()
  }

  /// An array index as RFC 6901 writes it: digits without a leading zero.
  static func index(_ token: String) -> Int? {
    guard !token.isEmpty, token.utf8.count <= 9, token.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
      token == "0" || token.utf8.first != 0x30
    else { return nil }
    return Int(token)
  }

  /// An index into an array as JSON patches may have it: counted from the end where it is negative.
  static func index(_ token: String, count: Int) -> Int? {
    guard token.utf8.count <= 9, let index = Int(token) else { return nil }
    let place = index < 0 ? index + count : index
    return (0..<count).contains(place) ? place : nil
  }
}

extension JSONValue {
  /// The value at a pointer; nil where there is none.
  public func value(at pointer: JSONPointer) -> JSONValue? {
    var current = self
    for token in pointer.tokens {
      switch current {
      case .object(let object):
        guard let next = object[token] else { return nil }
        current = next
      case .array(let elements):
        guard let index = JSONPointer.index(token, count: elements.count) else { return nil }
        current = elements[index]
      default: return nil
      }
    }
    return current
  }
}
