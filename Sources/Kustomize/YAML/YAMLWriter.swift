/// Writes YAML as go-yaml 2 does (https://github.com/go-yaml/yaml/blob/v2/emitterc.go): keys in its order, lists at the
/// indentation of their key, long lines folded after 80 columns.
///
/// What is written has gone through JSON before, so that numbers are numbers of JSON and comments are gone.
package struct YAMLWriter {
  package internal(set) var bytes: [UInt8] = []
  var column = 0
  var indent = 0
  private let widthMax: Int

  /// - Parameter widthMax: the column after which long texts are folded at a space.
  package init(widthMax: Int = 80) {
    self.widthMax = widthMax
    bytes.reserveCapacity(1 << 12)
  }

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Why a value cannot be written.
  package struct Failure: Error {
    var point: SourcePoint
    var message: String
  }

  /// Writes one document and a line break.
  package mutating func write(_ node: YAMLNode) throws(Failure) {
    try document(node)
  }

  package mutating func separator() { bytes.append(contentsOf: "---\n".utf8) }

  private mutating func document(_ node: YAMLNode) throws(Failure) {
    column = 0
    indent = 0
    switch node.content {
    case .mapping(let map) where !map.entries.isEmpty: try block(map, startsOnThisLine: true)
    case .sequence(let elements) where !elements.isEmpty: try block(elements, startsOnThisLine: true)
    default:
      try inline(node, isKey: false, atStart: true)
      lineBreak()
    }
  }

  mutating func lineBreak() {
    bytes.append(0x0A)
    column = 0
  }

  mutating func put(_ byte: UInt8) {
    bytes.append(byte)
    column += 1
  }

  mutating func startLine() {
    if indent > 0 { bytes.append(contentsOf: repeatElement(0x20, count: indent)) }
    column = indent
  }

  /// - Parameter startsOnThisLine: whether the first member stands behind a dash (or at the start of the text).
  private mutating func block(_ map: YAMLMapping, startsOnThisLine: Bool) throws(Failure) {
    var isFirst = startsOnThisLine
    let order = map.entries.count > 1 ? KeyOrder.sorted(map.entries) : [0]
    for index in order {
      let entry = map.entries[index]
      if !isFirst { startLine() }
      isFirst = false
      let isSimple = ScalarForm.isSimpleKey(entry.key)
      if !isSimple {
        bytes.append(contentsOf: "? ".utf8)
        column += 2
      }
      indent += 2
      text(entry.key, isKey: isSimple, atStart: true)
      indent -= 2
      if !isSimple {
        if column != 0 { lineBreak() }
        startLine()
      }
      put(0x3A)
      try value(entry.value, after: isSimple)
    }
  }

  private mutating func value(_ node: YAMLNode, after isSimple: Bool) throws(Failure) {
    switch node.content {
    case .mapping(let map) where !map.entries.isEmpty:
      indent += 2
      defer { indent -= 2 }
      if isSimple {
        lineBreak()
        startLine()
      } else {
        put(0x20)
      }
      try block(map, startsOnThisLine: true)
    case .sequence(let elements) where !elements.isEmpty:
      if isSimple {
        lineBreak()
        startLine()
        try block(elements, startsOnThisLine: true)
      } else {
        put(0x20)
        indent += 2
        defer { indent -= 2 }
        try block(elements, startsOnThisLine: true)
      }
    default:
      indent += 2
      try inline(node, isKey: false, atStart: false)
      indent -= 2
      if column != 0 { lineBreak() }
    }
  }

  private mutating func block(_ elements: [YAMLNode], startsOnThisLine: Bool) throws(Failure) {
    var isFirst = startsOnThisLine
    for element in elements {
      if !isFirst { startLine() }
      isFirst = false
      put(0x2D)
      indent += 2
      defer { indent -= 2 }
      switch element.content {
      case .mapping(let map) where !map.entries.isEmpty:
        put(0x20)
        try block(map, startsOnThisLine: true)
      case .sequence(let inner) where !inner.isEmpty:
        put(0x20)
        try block(inner, startsOnThisLine: true)
      default:
        try inline(element, isKey: false, atStart: false)
        if column != 0 { lineBreak() }
      }
    }
  }

  /// A scalar or an empty container.
  private mutating func inline(_ node: YAMLNode, isKey: Bool, atStart: Bool) throws(Failure) {
    switch node.content {
    case .scalar(let scalar):
      switch try JSONScalar(scalar, at: node.point) {
      case .null: word("null", atStart: atStart)
      case .bool(let flag): word(flag ? "true" : "false", atStart: atStart)
      case .number(let number): word(number, atStart: atStart)
      case .text(let string): text(string, isKey: isKey, atStart: atStart)
      }
    case .sequence: word("[]", atStart: atStart)
    case .mapping: word("{}", atStart: atStart)
    }
  }

  mutating func word(_ word: String, atStart: Bool) {
    if !atStart { put(0x20) }
    bytes.append(contentsOf: word.utf8)
    column += word.utf8.count
  }

  mutating func text(_ string: String, isKey: Bool, atStart: Bool) {
    if !atStart { put(0x20) }
    var string = string
    string.withUTF8 { content in
      switch ScalarForm.of(content, isKey: isKey) {
      case .plain: plain(content, mayFold: !isKey)
      case .single: single(content, mayFold: !isKey)
      case .double: double(content, mayFold: !isKey)
      case .literal: literal(content)
      }
    }
  }

  private mutating func fold() {
    lineBreak()
    startLine()
  }

  private mutating func plain(_ content: UnsafeBufferPointer<UInt8>, mayFold: Bool) {
    if !mayFold || column + content.count <= widthMax {
      bytes.append(contentsOf: content)
      for byte in content where byte & 0xC0 != 0x80 { column += 1 }
      return
    }
    var afterSpace = false
    for (index, byte) in content.enumerated() {
      if byte == 0x20 {
        if !afterSpace, column > widthMax, index + 1 < content.count, content[index + 1] != 0x20 {
          fold()
        } else {
          put(byte)
        }
        afterSpace = true
      } else {
        character(byte)
        afterSpace = false
      }
    }
  }

  /// A byte of a character; columns count characters.
  private mutating func character(_ byte: UInt8) {
    bytes.append(byte)
    if byte & 0xC0 != 0x80 { column += 1 }
  }

  private mutating func single(_ content: UnsafeBufferPointer<UInt8>, mayFold: Bool) {
    put(0x27)
    var afterSpace = false
    // Only the line separators beyond ASCII come here; a text with a line feed is no single-quoted one.
    var afterBreak = false
    var skip = 0
    for (index, byte) in content.enumerated() {
      if skip > 0 {
        skip -= 1
        continue
      }
      if byte == 0x20 {
        if mayFold, !afterSpace, column > widthMax, index > 0, index < content.count - 1, content[index + 1] != 0x20 {
          fold()
        } else {
          put(byte)
        }
        afterSpace = true
      } else if byte == 0xE2, ScalarForm.isBreak(content, index) {
        bytes.append(contentsOf: content[index..<(index + 3)])
        column = 0
        skip = 2
        afterBreak = true
      } else {
        if afterBreak {
          if indent == 0 { lineBreak() }
          startLine()
        }
        if byte == 0x27 { put(byte) }
        character(byte)
        afterSpace = false
        afterBreak = false
      }
    }
    put(0x27)
  }

  private mutating func literal(_ content: UnsafeBufferPointer<UInt8>) {
    put(0x7C)
    if let first = content.first, first == 0x20 || first == 0x0A { put(0x32) }
    if content.last != 0x0A {
      put(0x2D)
    } else if content.count == 1 || content[content.count - 2] == 0x0A {
      put(0x2B)
    }
    lineBreak()
    var atLineStart = true
    for byte in content {
      if byte == 0x0A {
        lineBreak()
        atLineStart = true
      } else {
        if atLineStart { startLine() }
        character(byte)
        atLineStart = false
      }
    }
  }
}

extension YAMLWriter {
  private mutating func double(_ content: UnsafeBufferPointer<UInt8>, mayFold: Bool) {
    put(0x22)
    var afterSpace = false
    var index = 0
    while index < content.count {
      let byte = content[index]
      let width = ScalarForm.width(byte)
      if !ScalarForm.isPrintable(content, index) || ScalarForm.isBreak(content, index) || byte == 0x22 || byte == 0x5C {
        escape(ScalarForm.scalar(content, index, width))
        index += width
        afterSpace = false
      } else if byte == 0x20 {
        if mayFold, !afterSpace, column > widthMax, index > 0, index < content.count - 1 {
          fold()
          if content[index + 1] == 0x20 { put(0x5C) }
        } else {
          put(byte)
        }
        index += 1
        afterSpace = true
      } else {
        for offset in 0..<min(width, content.count - index) { bytes.append(content[index + offset]) }
        column += 1
        index += width
        afterSpace = false
      }
    }
    put(0x22)
  }

  private mutating func escape(_ value: UInt32) {
    put(0x5C)
    let letters: [UInt32: Character] = [
      0: "0", 7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 27: "e", 34: "\"", 92: "\\", 0x85: "N",
      0xA0: "_", 0x2028: "L", 0x2029: "P",
    ]
    if let letter = letters[value]?.asciiValue { return put(letter) }
    let (mark, digits) = value <= 0xFF ? ("x", 2) : value <= 0xFFFF ? ("u", 4) : ("U", 8)
    bytes.append(contentsOf: mark.utf8)
    let hex = String(value, radix: 16, uppercase: true)
    bytes.append(contentsOf: repeatElement(0x30, count: digits - hex.utf8.count))
    bytes.append(contentsOf: hex.utf8)
    column += 1 + digits
  }
}
