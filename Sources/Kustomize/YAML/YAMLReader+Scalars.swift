/// Plain, quoted and block scalars.
extension YAMLReader {
  /// A key of one line, up to its colon.
  mutating func plainKey() throws(YAMLSyntaxError) -> String {
    try checkPlainStart(inFlow: false)
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x3A, Self.isBlankOrBreak(self.byte(at: position + 1)) { break }
      if byte == 0x0A { break }
      position += 1
    }
    var end = position
    while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
    return text(start..<end)
  }

  func checkPlainStart(inFlow: Bool) throws(YAMLSyntaxError) {
    switch bytes[position] {
    case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"),
      UInt8(ascii: "#"), UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"), UInt8(ascii: "|"), UInt8(ascii: ">"),
      UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "`"):
      throw failure("\"\(Character(Unicode.Scalar(bytes[position])))\" cannot begin a value; put the text in quotes")
    case UInt8(ascii: "?"), UInt8(ascii: ":"), UInt8(ascii: "-"):
      let next = byte(at: position + 1)
      if Self.isBlankOrBreak(next) || (inFlow && bytes[position] != UInt8(ascii: "-") && Self.isFlowIndicator(next)) {
        throw failure("\"\(Character(Unicode.Scalar(bytes[position])))\" cannot stand here")
      }
    case 0x09: throw failure("a tab cannot begin a value")
    default: break
    }
  }

  static func isFlowIndicator(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"): true
    default: false
    }
  }

  /// A plain scalar in block style, over as many lines as are indented deeper than `indent`.
  mutating func plain(indent: Int) throws(YAMLSyntaxError) -> String {
    try checkPlainStart(inFlow: false)
    var (range, sawComment) = try plainLine()
    var result: String?
    while !sawComment {
      let (savedPosition, savedLine, savedStart) = (position, line, lineStart)
      var breaks = 0
      while position < bytes.count {
        if bytes[position] == 0x0A {
          breaks += 1
          newline()
        } else if bytes[position] == 0x20 || bytes[position] == 0x09 {
          position += 1
        } else {
          break
        }
      }
      if breaks == 0 || isAtEndOfDocument || column <= indent || bytes[position] == UInt8(ascii: "#") {
        (position, line, lineStart) = (savedPosition, savedLine, savedStart)
        break
      }
      var joined = result ?? text(range)
      (range, sawComment) = try plainLine()
      if breaks == 1 { joined += " " } else { joined += String(repeating: "\n", count: breaks - 1) }
      joined += text(range)
      result = joined
    }
    return result ?? text(range)
  }

  /// The rest of a plain scalar's line, without blanks at its end and comment.
  private mutating func plainLine() throws(YAMLSyntaxError) -> (Range<Int>, sawComment: Bool) {
    let start = position
    var end = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x0A { break }
      if byte == 0x3A, Self.isBlankOrBreak(self.byte(at: position + 1)) {
        throw failure("\": \" cannot stand in a value; put the text in quotes")
      }
      if byte == 0x20 || byte == 0x09 {
        position += 1
        continue
      }
      if byte == UInt8(ascii: "#"), position > start, bytes[position - 1] == 0x20 || bytes[position - 1] == 0x09 {
        skipLine()
        return (start..<end, true)
      }
      position += 1
      end = position
    }
    return (start..<end, false)
  }

  mutating func quoted() throws(YAMLSyntaxError) -> String {
    let quote = bytes[position]
    let opening = point
    position += 1
    // Most have neither escapes nor line breaks.
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == quote {
        if quote == 0x27, self.byte(at: position + 1) == quote { break }
        position += 1
        return text(start..<(position - 1))
      }
      if byte == 0x0A || (byte == 0x5C && quote == 0x22) { break }
      position += 1
    }
    var result = Array(UnsafeBufferPointer(rebasing: bytes[start..<position]))
    // What an escape wrote stays, be it a blank before a line break.
    var kept = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte == quote {
        position += 1
        if quote == 0x27, self.byte(at: position) == quote, position < bytes.count {
          result.append(quote)
          position += 1
          continue
        }
        return String(decoding: result, as: UTF8.self)
      }
      if byte == 0x0A {
        while result.count > kept, let last = result.last, last == 0x20 || last == 0x09 { result.removeLast() }
        foldBreaks(into: &result)
        if isAtEndOfDocument, position < bytes.count {
          throw failure("a document ends within a text in quotes")
        }
      } else if byte == 0x5C, quote == 0x22 {
        try escape(into: &result)
        kept = result.count
      } else {
        result.append(byte)
        position += 1
      }
    }
    throw YAMLSyntaxError("the quotes that open here are not closed", at: opening)
  }

  /// One line break becomes a space, each further one stays.
  private mutating func foldBreaks(into result: inout [UInt8]) {
    var breaks = 0
    while position < bytes.count {
      if bytes[position] == 0x0A {
        breaks += 1
        newline()
      } else if bytes[position] == 0x20 || bytes[position] == 0x09 {
        position += 1
      } else {
        break
      }
    }
    if breaks == 1 { result.append(0x20) } else { result.append(contentsOf: repeatElement(0x0A, count: breaks - 1)) }
  }

  private mutating func escape(into result: inout [UInt8]) throws(YAMLSyntaxError) {
    let letter = byte(at: position + 1)
    position += 2
    switch letter {
    case UInt8(ascii: "0"): result.append(0)
    case UInt8(ascii: "a"): result.append(7)
    case UInt8(ascii: "b"): result.append(8)
    case UInt8(ascii: "t"), 0x09: result.append(9)
    case UInt8(ascii: "n"): result.append(10)
    case UInt8(ascii: "v"): result.append(11)
    case UInt8(ascii: "f"): result.append(12)
    case UInt8(ascii: "r"): result.append(13)
    case UInt8(ascii: "e"): result.append(27)
    case 0x20, 0x22, 0x27, 0x5C, UInt8(ascii: "/"): result.append(letter)
    case UInt8(ascii: "N"): result.append(contentsOf: "\u{85}".utf8)
    case UInt8(ascii: "_"): result.append(contentsOf: "\u{A0}".utf8)
    case UInt8(ascii: "L"): result.append(contentsOf: "\u{2028}".utf8)
    case UInt8(ascii: "P"): result.append(contentsOf: "\u{2029}".utf8)
    case UInt8(ascii: "x"): try codePoint(2, into: &result)
    case UInt8(ascii: "u"): try codePoint(4, into: &result)
    case UInt8(ascii: "U"): try codePoint(8, into: &result)
    case 0x0A:
      // The break is not there, and neither are the blanks that begin the next line.
      position -= 1
      guard position < bytes.count else { break }
      newline()
      while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 || bytes[position] == 0x0A {
        if bytes[position] == 0x0A {
          result.append(0x0A)
          newline()
        } else {
          position += 1
        }
      }
    default:
      position -= 2
      throw failure("there is no escape \"\\\(Character(Unicode.Scalar(letter)))\"")
    }
  }

  private mutating func codePoint(_ digits: Int, into result: inout [UInt8]) throws(YAMLSyntaxError) {
    guard position + digits <= bytes.count, let value = UInt32(text(position..<(position + digits)), radix: 16) else {
      throw failure("expected \(digits) hexadecimal digits")
    }
    var scalar = value
    position += digits
    // JSON writes what is beyond the basic plane as two halves.
    if digits == 4, (0xD800..<0xDC00).contains(value), byte(at: position) == 0x5C, byte(at: position + 1) == 0x75,
      position + 6 <= bytes.count, let low = UInt32(text((position + 2)..<(position + 6)), radix: 16),
      (0xDC00..<0xE000).contains(low)
    {
      scalar = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
      position += 6
    }
    guard let character = Unicode.Scalar(scalar) else { throw failure("there is no character \(scalar)") }
    result.append(contentsOf: String(Character(character)).utf8)
  }

  /// `|` and `>`, with their indicators.
  mutating func blockScalar(indent parent: Int) throws(YAMLSyntaxError) -> YAMLScalar {
    let isLiteral = bytes[position] == UInt8(ascii: "|")
    position += 1
    var keeps = false
    var strips = false
    var given = 0
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "+"): keeps = true
      case UInt8(ascii: "-"): strips = true
      case 0x31...0x39: given = Int(bytes[position] - 0x30)
      default:
        try header()
        let indent = try contentIndent(given: given, parent: parent)
        return try blockContent(indent: indent.columns, first: indent.breaks, isLiteral: isLiteral, keeps, strips)
      }
      position += 1
    }
    return YAMLScalar(text: "", tag: .string, isQuoted: true)
  }

  private mutating func header() throws(YAMLSyntaxError) {
    let before = position
    skipBlanks()
    guard position < bytes.count else { return }
    if bytes[position] == UInt8(ascii: "#"), position > before { skipLine() }
    guard position >= bytes.count || bytes[position] == 0x0A else {
      throw failure("only a comment may stand behind \"|\" or \">\"")
    }
    if position < bytes.count { newline() }
  }

  /// The indentation of the text, and the line breaks before it.
  private mutating func contentIndent(
    given: Int, parent: Int
  ) throws(YAMLSyntaxError) -> (columns: Int, breaks: Int) {
    var indent = given > 0 ? max(parent, 0) + given : 0
    let isGiven = given > 0
    var deepest = 0
    var breaks = 0
    while position < bytes.count {
      while position < bytes.count, bytes[position] == 0x20, !isGiven || column < indent { position += 1 }
      deepest = max(deepest, column)
      if position < bytes.count, bytes[position] == 0x09, !isGiven || column < indent {
        throw failure("a tab stands where spaces should indent")
      }
      guard position < bytes.count, bytes[position] == 0x0A else { break }
      newline()
      breaks += 1
    }
    if !isGiven { indent = max(deepest, parent + 1, 1) }
    return (indent, breaks)
  }

  private mutating func blockContent(
    indent: Int, first breaks: Int, isLiteral: Bool, _ keeps: Bool, _ strips: Bool
  ) throws(YAMLSyntaxError) -> YAMLScalar {
    var result: [UInt8] = []
    var hasLeadingBreak = false
    var trailing = breaks
    var leadingBlank = false
    while position < bytes.count, column == indent {
      let startsBlank = bytes[position] == 0x20 || bytes[position] == 0x09
      if hasLeadingBreak {
        if !isLiteral, !leadingBlank, !startsBlank {
          if trailing == 0 { result.append(0x20) }
        } else {
          result.append(0x0A)
        }
      }
      result.append(contentsOf: repeatElement(0x0A, count: trailing))
      trailing = 0
      leadingBlank = startsBlank
      let start = position
      skipLine()
      result.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<position]))
      hasLeadingBreak = position < bytes.count
      if hasLeadingBreak { newline() }
      while position < bytes.count {
        while position < bytes.count, column < indent, bytes[position] == 0x20 { position += 1 }
        guard position < bytes.count, bytes[position] == 0x0A else { break }
        newline()
        trailing += 1
      }
    }
    if !strips {
      if hasLeadingBreak { result.append(0x0A) }
      if keeps { result.append(contentsOf: repeatElement(0x0A, count: trailing)) }
    }
    var scalar = YAMLScalar(text: String(decoding: result, as: UTF8.self), tag: .string, isQuoted: true)
    scalar.isFolded = !isLiteral && options.rules == .version3
    return scalar
  }
}
