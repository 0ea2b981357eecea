/// Texts in folded blocks.
enum FoldedText {
  /// A folded text as it is once kustomize has written it and read it again, which it does with every object in the
  /// end, and where JSON is made of it: go-yaml 3 writes one line break too many before a line that begins with a
  /// blank, and before a text's end that is kept (`yaml_emitter_write_folded_scalar` of its emitterc.go).
  static func refolded(_ text: [UInt8]) -> [UInt8] {
    guard let first = text.first(where: { $0 != 0x0A }), first != 0x20, first != 0x09, mayBeBlock(text) else {
      return text
    }
    var result: [UInt8] = []
    result.reserveCapacity(text.count + 8)
    var startsBlank = true
    var index = 0
    while index < text.count {
      guard text[index] == 0x0A else {
        if index == 0 || text[index - 1] == 0x0A { startsBlank = text[index] == 0x20 || text[index] == 0x09 }
        result.append(text[index])
        index += 1
        continue
      }
      let run = text[index...].prefix { $0 == 0x0A }
      let next = index + run.count
      result.append(contentsOf: run)
      if index > 0, !startsBlank {
        let isKeptEnd = next == text.count && run.count > 1
        let isBeforeBlank = next < text.count && (text[next] == 0x20 || text[next] == 0x09)
        if isKeptEnd || isBeforeBlank { result.append(0x0A) }
      }
      index = next
    }
    return result
  }

  /// Whether go-yaml writes a text as a block at all: not where a blank ends a line, nor with what it takes for
  /// unprintable, which all is beyond the basic plane.
  private static func mayBeBlock(_ text: [UInt8]) -> Bool {
    text.withUnsafeBufferPointer { content in
      var index = 0
      while index < content.count {
        let byte = content[index]
        let next = index + ScalarForm.width(byte)
        if byte == 0x20, next >= content.count || content[next] == 0x0A { return false }
        if byte != 0x09, !ScalarForm.isPrintable(content, index) { return false }
        index = next
      }
      return true
    }
  }
}
