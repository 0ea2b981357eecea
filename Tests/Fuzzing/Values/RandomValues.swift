import Kubernetes

/// Random JSON values, with a liking for edges.
struct RandomValues {
  /// How deep values are nested at most.
  var depthMax = 5
  /// Members or elements of one container, mostly.
  var countMax = 5
  var hasNulls = true
  /// Names and texts of plain letters only.
  var isPlain = false

  func value(_ random: inout SeededRandom, depth: Int = 0) -> JSONValue {
    let kinds = depth >= depthMax ? 5 : 8
    switch random.below(kinds) {
    case 0: return hasNulls ? .null : .bool(true)
    case 1: return .bool(random.oneIn(2))
    case 2: return .integer(integer(&random))
    case 3: return double(&random)
    case 4: return .string(text(&random))
    case 5: return .array(elements(&random, depth: depth))
    default: return .object(object(&random, depth: depth))
    }
  }

  func object(_ random: inout SeededRandom, depth: Int = 0) -> JSONObject {
    var object = JSONObject()
    // Now and then so many that the object keeps an index.
    let count = random.oneIn(40) ? 30 + random.below(20) : random.below(countMax + 1)
    for _ in 0..<count {
      let child = count > 20 ? .integer(integer(&random)) : value(&random, depth: depth + 1)
      object[name(&random, crowded: count > 20)] = child
    }
    return object
  }

  func elements(_ random: inout SeededRandom, depth: Int) -> [JSONValue] {
    (0..<random.below(countMax + 1)).map { _ in value(&random, depth: depth + 1) }
  }

  /// Few names, so that two values share some.
  func name(_ random: inout SeededRandom, crowded: Bool = false) -> String {
    if crowded { return "member-\(random.below(60))" }
    if random.oneIn(12), !isPlain { return text(&random) }
    return random.pick(Self.names)
  }

  private static let names = [
    "a", "b", "c", "name", "spec", "data", "metadata", "creationTimestamp", "terminationMessagePath", "x/y", "m~n", "",
    "0", "1", "-",
  ]

  static let integerEdges: [Int64] = [
    0, 1, -1, 9, 10, -10, 99, 127, 128, 255, 256, 65_535, 1 << 31, -(1 << 31), 1 << 53, (1 << 53) + 1, .max, .min,
    .max - 1, 999_999_999_999_999_999, 1_000_000_000_000_000_000,
  ]
  static let doubleEdges: [Double] = [
    0.1, -0.5, 1e21, 1e22, 1e23, 1.5e300, -2.5e-300, .leastNonzeroMagnitude, .leastNormalMagnitude,
    .greatestFiniteMagnitude, 9_007_199_254_740_992, 0.1 + 0.2, 1e-7, 123456.789, 9.223372036854775807e18, -1e19,
  ]

  func integer(_ random: inout SeededRandom) -> Int64 {
    if random.oneIn(3) { return random.pick(Self.integerEdges) }
    return Int64(bitPattern: random.next()) >> Int64(random.below(64))
  }

  private func double(_ random: inout SeededRandom) -> JSONValue {
    if random.oneIn(2) { return .double(random.pick(Self.doubleEdges)) }
    let value = Double(bitPattern: random.next())
    return .double(value.isFinite ? value : 0.25)
  }

  func text(_ random: inout SeededRandom) -> String {
    var text = ""
    let length = random.oneIn(10) ? random.below(80) : random.below(12)
    for _ in 0..<length { text.unicodeScalars.append(scalar(&random)) }
    return text
  }

  private static let oddScalars: [Unicode.Scalar] = [
    "\"", "\\", "/", "\u{0}", "\u{8}", "\t", "\n", "\u{c}", "\r", "\u{1f}", "\u{7f}", "\u{80}", "\u{e9}", "e",
    "\u{301}",
    "\u{7ff}", "\u{800}", "\u{2028}", "\u{d7ff}", "\u{e000}", "\u{feff}", "\u{fffd}", "\u{ffff}", "\u{10000}",
    "\u{1f680}", "\u{10ffff}", "\u{212b}", "\u{c5}", "~", "$", ",", "=", ":", "#", "-", "[", "{", "&", "*", "!", "|",
    "'", "%", "@", "`", " ",
  ]

  private func scalar(_ random: inout SeededRandom) -> Unicode.Scalar {
    if !isPlain, random.oneIn(4) { return random.pick(Self.oddScalars) }
    return Unicode.Scalar(UInt8(ascii: "a") + UInt8(random.below(26)))
  }
}
