import Kubernetes

/// The JSON reader and writer, and the object that they build.
///
/// The reader accepts what the judge accepts, and reads the same; what is written is read as it was; texts nested or
/// long without end are refused within a small stack.
public struct JSONFuzzer: Fuzzer {
  private let values = RandomValues()
  private let mutator = TextMutator(
    tokens: [
      "\"", "\\", "\\u", "\\ud83d\\ude80", "\\ud83d", "\\udc00", "\\u0000", "\\/", "\\x", "{", "}", "[", "]", ",", ":",
      "null", "true", "false", "nul", "-", "-0", "0", "00", "01", "1.", ".5", "1e", "1e+", "1E-5", "1e400", "1e-400",
      "9223372036854775807", "9223372036854775808", "-9223372036854775809", "18446744073709551616", "1e22", "1e23",
      "0.1e1", " ", "\t", "\n", "\r", "\u{a0}", "\u{feff}", "\u{2028}", "//", "/*", "NaN", "Infinity", "\"a\":1,",
      "179769313486231570000000000000000000e273", "é", "e\u{301}",
    ],
    bytes: [
      [0x00], [0x1F], [0x7F], [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
      [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82],
      [0xF0, 0x9F, 0x9A], [0xFF], [0xEF, 0xBB, 0xBF],
    ])

  public init() {}

  public func check(_ random: inout SeededRandom) throws {
    switch random.below(16) {
    case 0: try checkDepth(&random)
    case 1: try checkNumber(&random)
    case 2: try checkObject(&random)
    case 3, 4, 5: try checkWriting(&random)
    case 6, 7: try checkOtherSpelling(&random)
    default: try checkSpoilt(&random)
    }
  }

  private func checkWriting(_ random: inout SeededRandom) throws {
    let value = values.value(&random)
    for text in [value.bytes, Array(value.prettyText.utf8)] {
      guard let judged = JSONJudge.value(of: text) else {
        throw Finding("what was written is not JSON: \(Self.shown(text))")
      }
      try require(judged.isSame(as: value), "what was written is another value: \(Self.shown(text))")
      try compare(text)
    }
    let read = try JSONValue(parsing: value.bytes)
    try require(read == value || read.isSame(as: value), "read and written value are not equal: \(value.text)")
    try require(read.bytes == value.bytes, "written again, the text differs: \(value.text) / \(read.text)")
  }

  private func checkOtherSpelling(_ random: inout SeededRandom) throws {
    let value = values.value(&random)
    let text = JSONSpelling.text(of: value, &random)
    try compare(text)
    try require(try JSONValue(parsing: text).isSame(as: value), "read otherwise than meant: \(Self.shown(text))")
  }

  private func checkSpoilt(_ random: inout SeededRandom) throws {
    let value = values.value(&random)
    let text = random.oneIn(2) ? value.bytes : JSONSpelling.text(of: value, &random)
    try compare(mutator.mutated(text, &random))
  }

  /// Reader and judge agree on a text.
  private func compare(_ text: [UInt8]) throws {
    let judged = JSONJudge.value(of: text)
    let read: JSONValue
    do throws(JSONSyntaxError) { read = try JSONValue(parsing: text) } catch {
      try require(judged == nil, "JSON, but refused (\(error)): \(Self.shown(text))")
      return try require(error.line >= 1 && error.column >= 1, "the error has no place: \(error)")
    }
    guard let judged else { throw Finding("accepted, but not JSON: \(Self.shown(text))") }
    try require(read.isSame(as: judged), "read as \(read.text), not \(judged.text): \(Self.shown(text))")
  }

  private func checkNumber(_ random: inout SeededRandom) throws {
    var text = random.oneIn(3) ? "-" : ""
    func digits(_ random: inout SeededRandom, _ count: Int) -> String {
      String((0..<count).map { _ in random.pick(Array("0012345678999")) })
    }
    text += digits(&random, 1 + random.below(22))
    if random.oneIn(2) { text += "." + digits(&random, random.below(24)) }
    if random.oneIn(2) {
      text += random.pick(["e", "E"]) + random.pick(["", "+", "-"]) + digits(&random, random.below(4))
    }
    try compare(Array(text.utf8))
  }

  private func checkDepth(_ random: inout SeededRandom) throws {
    let depth = random.pick([1, 2, 511, 512, 513, 514, 4_000, 200_000])
    let isObject = random.oneIn(2)
    var text = Array(String(repeating: isObject ? "{\"a\":" : "[", count: depth).utf8)
    if random.oneIn(4) {
      // Opened and never closed.
      try require((try? JSONValue(parsing: text)) == nil, "accepted though it does not end, \(depth) levels deep")
      return
    }
    text += Array("0".utf8) + Array(repeating: UInt8(ascii: isObject ? "}" : "]"), count: depth)
    let value = try? JSONValue(parsing: text)
    try require((value != nil) == (depth <= JSONValue.depthLimit), "\(depth) levels: accepted \(value != nil)")
    guard let value else { return }
    try require(value.bytes == text, "\(depth) levels: written otherwise")
    try require(value == (try JSONValue(parsing: value.prettyText)), "\(depth) levels: read otherwise")
    try require(Set([value]).contains(value), "\(depth) levels: not found by its hash")
  }

  /// An object does what a plain list of pairs does.
  private func checkObject(_ random: inout SeededRandom) throws {
    var object = JSONObject()
    var model: [(key: String, value: JSONValue)] = []
    let names = (0..<(random.oneIn(2) ? 6 : 70)).map { "n\($0)" }
    for step in 0..<random.below(200) {
      let name = random.pick(names)
      let place = model.firstIndex { $0.key == name }
      if random.oneIn(3) {
        object[name] = nil
        if let place { model.remove(at: place) }
      } else {
        object[name] = .integer(Int64(step))
        if let place { model[place].value = .integer(Int64(step)) } else { model.append((name, .integer(Int64(step)))) }
      }
      let probe = random.pick(names)
      try require(object[probe] == model.first { $0.key == probe }?.value, "\(probe) is not what was set")
      try require(object.count == model.count, "counts \(object.count) members, not \(model.count)")
    }
    try require(object.keys == model.map(\.key), "members are out of order: \(object.keys)")
    let shuffled = JSONObject(random.shuffled(model).map { ($0.key, $0.value) })
    try require(shuffled == object && shuffled.hashValue == object.hashValue, "order of members counts: \(object.keys)")
  }

  static func shown(_ text: [UInt8]) -> String {
    let shown = String(decoding: text.prefix(2_000), as: UTF8.self)
    return
      "\(JSONValue.string(shown).text) (bytes \(text.prefix(60).map { String($0, radix: 16) }.joined(separator: " ")))"
  }
}
