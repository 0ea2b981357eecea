import Definitions
import Kubernetes
import KubernetesServer

/// The readers of YAML: of request bodies, and of definitions.
///
/// What is written in any style is read as it was; JSON is read as JSON; unquoted words mean what they mean to
/// Kubernetes; spoilt texts, and those made to unfold or to nest without end, are refused or read in short time.
public struct YAMLFuzzer: Fuzzer {
  /// Seconds that reading one text may take on a busy machine; texts here have up to 64 KiB.
  static let secondsMax = 5.0

  /// What Linux gives a thread. libyaml lets texts nest 1,000 levels deep, and its Swift reader takes a stack frame each.
  public var stackBytes: Int { 8 << 20 }

  private let values = RandomValues(depthMax: 4, countMax: 4)
  private let plain = RandomValues(depthMax: 4, countMax: 4, isPlain: true)
  private let mutator = TextMutator(
    tokens: [
      ":", ": ", "- ", "-", "? ", "\n", "\n\n", "\n  ", "  ", "\t", "#", " #", "&a ", "*a", "*a: 1\n", "<<: *a\n",
      "!!str ",
      "!!int ", "!!binary ", "!<x>", "!", "|", ">", "|2-\n", ">+\n", "'", "\"", "\\", "\\u00", "\\ud800", "{", "}", "[",
      "]",
      ",", "%YAML 1.1\n", "%TAG ! x\n", "---\n", "...\n", "null", "~", "yes", "0x", "0o17", "1:30:00",
      "99999999999:99999999999",
      "99999999999999999999:59", "1_000", ".inf", "-.INF", ".nan", "2001-12-14t21:59:43.10-05:00", "=", "@", "`",
      "\u{feff}",
      "\u{85}", "\u{2028}", "apiVersion: v1\n", "a: b\n",
    ], bytes: [[0x00], [0x07], [0xFF, 0xFE], [0xFE, 0xFF, 0x00], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5], [0x0D]])

  public init() {}

  public func check(_ random: inout SeededRandom) throws {
    let start = FuzzRun.now()
    switch random.below(12) {
    case 0, 1, 2: try checkSpelling(&random)
    case 3: try checkJSON(&random)
    case 4, 5: try checkPlainScalar(&random)
    case 6: try checkBomb(&random)
    default: try checkSpoilt(&random)
    }
    let seconds = FuzzRun.now() - start
    try require(seconds < Self.secondsMax, "took \(seconds) s")
  }

  private func read(_ text: String) throws(APIError) -> JSONValue { try RequestBody.yaml(Array(text.utf8)) }

  private func checkSpelling(_ random: inout SeededRandom) throws {
    let value = values.value(&random)
    // Foundation, which reads for Yams, takes a text's first U+FEFF for a byte order mark.
    guard !value.text.unicodeScalars.contains("\u{feff}") else { return }
    let text = YAMLSpelling.text(of: value, &random)
    do throws(APIError) {
      let read = try read(text)
      if !read.isSame(as: value) { throw APIError.badRequest("read as \(read.text), not \(value.text)") }
    } catch { throw Finding("\(error):\n\(text)") }
  }

  private func checkJSON(_ random: inout SeededRandom) throws {
    let value: JSONValue = .array([plain.value(&random)])
    let text = random.oneIn(2) ? value.text : value.prettyText
    do throws(APIError) {
      let read = try read(text)
      if !read.isSame(as: value) { throw APIError.badRequest("read as \(read.text)") }
    } catch { throw Finding("\(error): \(text)") }
  }

  private static let scalars = [
    "y", "Y", "no", "On", "OFF", "TRUE", "nULL", "~", "0", "-0", "+1", "012", "08", "0o14", "0x1F", "0XfF", "0b11",
    "-0b11",
    "1_000", "_1", "1e3", "1.", ".5", "-.5e-3", "1e400", "-1e400", "10:30", "1:2:3", "99999999999999999999:59",
    "2001-01-01",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
    "18446744073709551616",
    ".inf", "-.Inf", ".NaN", "+.inf", "0x", "0b2", "1.5_0", "1e", "..", ".", "1.2.3", "0x_F", "00", "0_7", "12e03",
    "1-2",
  ]

  private func checkPlainScalar(_ random: inout SeededRandom) throws {
    var text = random.pick(Self.scalars)
    if random.oneIn(2) {
      let alphabet = Array("0123456789abcdefxXoOeE.+-_yYnN~")
      var characters = Array(text)
      for _ in 0...random.below(3) { characters.insert(random.pick(alphabet), at: random.below(characters.count + 1)) }
      text = String(characters)
    }
    // Signs and dashes alone are not scalars.
    guard text.contains(where: { !"+-.~_".contains($0) }) || text == "~" else { return }
    let judged = PlainScalarJudge.value(of: text)
    let found = try? read("key: \(text)\n")["key"]
    let isSame = judged.map { found?.isSame(as: $0) ?? false } ?? (found == nil)
    try require(isSame, "\(text) is read as \(found?.text ?? "nothing"), not \(judged?.text ?? "refused")")
  }

  private func checkSpoilt(_ random: inout SeededRandom) throws {
    let text = YAMLSpelling.text(of: values.value(&random), &random)
    let spoilt = mutator.mutated(Array(text.utf8), &random)
    if let value = try? RequestBody.yaml(spoilt) {
      try require(JSONJudge.value(of: value.bytes) != nil, "read as what is no JSON: \(JSONFuzzer.shown(spoilt))")
    }
    _ = try? SourceNode.documents(in: String(decoding: spoilt, as: UTF8.self), file: "fuzz.yaml")
  }
}

extension YAMLFuzzer {
  private func checkBomb(_ random: inout SeededRandom) throws {
    let count = random.pick([8, 30, 400, 3_000])
    let text = Self.bomb(random.below(9), count)
    let capped = String(decoding: text.utf8.prefix(64 << 10), as: UTF8.self)
    if let value = try? read(capped) {
      let size = value.bytes.count
      try require(
        size <= 4 * capped.utf8.count + 64, "\(capped.utf8.count) bytes unfold to \(size): \(capped.prefix(200))")
    }
    _ = try? SourceNode.documents(in: capped, file: "fuzz.yaml")
  }

  private static func bomb(_ kind: Int, _ count: Int) -> String {
    func repeated(_ text: String) -> String { String(repeating: text, count: count) }
    switch kind {
    case 0: return repeated("[") + repeated("]")
    case 1: return repeated("{a: ") + repeated("}")
    case 2: return (0..<min(count, 300)).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    case 3: return repeated("- ") + "x\n"
    case 4:
      // A billion laughs.
      return "a0: &a0 [x, x]\n" + (1..<max(2, count)).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()
    case 5:
      // The same as keys, which are hashed and compared.
      return "a0: &a0 [x, x]\n" + (1..<max(2, count)).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()
        + "? *a\(max(1, count - 1))\n: 1\n? [*a\(max(1, count - 1))]\n: 2\n"
    case 6: return "a: &a {b: 1}\n" + (0..<count).map { "k\($0):\n  <<: *a\n" }.joined()
    case 7: return repeated("? ") + "x\n"
    default: return "key: \"" + repeated("\\n\\x41 ") + "\n" + repeated("&a ") + repeated("!t ")
    }
  }
}
