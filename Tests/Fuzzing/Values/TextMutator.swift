/// Spoils texts: what a careless or hostile client sends.
struct TextMutator {
  /// Pieces that mean something in the language at hand.
  var tokens: [[UInt8]]
  /// How long a text may grow, in bytes.
  var bytesMax = 16_384

  init(tokens: [String], bytes: [[UInt8]] = []) { self.tokens = tokens.map { Array($0.utf8) } + bytes }

  func mutated(_ text: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var text = text
    for _ in 0..<(1 + random.below(random.oneIn(4) ? 8 : 2)) { mutate(&text, &random) }
    return Array(text.prefix(bytesMax))
  }

  private func mutate(_ text: inout [UInt8], _ random: inout SeededRandom) {
    let place = random.below(text.count + 1)
    switch random.below(9) {
    case 0: text.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
    case 1, 2: text.insert(contentsOf: random.pick(tokens), at: place)
    case 3: text.removeSubrange(range(in: text, &random))
    case 4: text.insert(contentsOf: text[range(in: text, &random)], at: place)
    case 5: if place < text.count { text[place] ^= 1 << UInt8(random.below(8)) }
    case 6: text.removeLast(min(text.count, random.below(8)))
    case 7: if place < text.count { text[place] = UInt8(truncatingIfNeeded: random.next()) }
    default: text.replaceSubrange(range(in: text, &random), with: random.pick(tokens))
    }
  }

  /// Mostly short.
  private func range(in text: [UInt8], _ random: inout SeededRandom) -> Range<Int> {
    let start = random.below(text.count + 1)
    return start..<min(text.count, start + random.below(random.oneIn(5) ? 200 : 6))
  }
}
