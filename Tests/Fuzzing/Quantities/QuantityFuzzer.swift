import Kubernetes

/// Quantities: their value, order and canonical form, against arithmetic of any length.
public struct QuantityFuzzer: Fuzzer {
  private let mutator = TextMutator(tokens: [
    "Ki", "Mi", "Gi", "Ei", "k", "m", "n", "u", "E", "e", "e3", "E-3", "e+5", ".", "-", "+", "0", "00", "999", " ", "_",
    "i",
    "1", "9223372036854775807", "9223372036854775808", "0000000000000000000000000000000001",
  ])

  public init() {}

  public func check(_ random: inout SeededRandom) throws {
    guard let (left, leftText) = try checkValue(&random), let (right, rightText) = try checkValue(&random) else {
      return
    }
    try require((left < right) == (left.nano < right.nano), "\(leftText) and \(rightText) are out of order")
    try require((left == right) == (left.nano == right.nano), "\(leftText) and \(rightText)")
    try require(left != right || left.hashValue == right.hashValue, "\(leftText) and \(rightText) hash differently")
    let sum = left + right
    try require(sum - right == left && sum.nano == left.nano + right.nano, "\(leftText) + \(rightText) is \(sum)")
    try checkSpoilt(leftText, &random)
  }

  private static let suffixes = [
    "", "", "m", "n", "u", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "e0", "e3", "E3", "e-3",
    "E+6",
    "e-9", "e18", "e19", "e-20", "e25",
  ]

  private func checkValue(_ random: inout SeededRandom) throws -> (Quantity, String)? {
    func digits(_ count: Int, _ random: inout SeededRandom) -> String {
      String((0..<count).map { _ in random.pick(Array("00123456789")) })
    }
    let sign = random.pick(["", "", "", "-", "+"])
    let whole = digits(random.oneIn(8) ? random.below(36) : 1 + random.below(5), &random)
    let fraction = random.oneIn(2) ? "" : digits(random.oneIn(8) ? random.below(36) : random.below(4), &random)
    let suffix = random.pick(Self.suffixes)
    let number = whole + (fraction.isEmpty && !random.oneIn(8) ? "" : "." + fraction)
    let text = sign + (number == "" || number == "." ? "0" : number) + suffix
    let isEmpty = number == "" || number == "."
    let judged = QuantityJudge(sign: sign, whole: isEmpty ? "0" : whole, fraction: fraction, suffix: suffix)
    let read = Quantity(parsing: text)
    guard let judged, let quantity = read else {
      try require(judged == nil && read == nil, "\(text) is \(read == nil ? "refused" : "accepted")")
      return nil
    }
    // Of more than 38 digits, only the first are multiplied by a power of two.
    let isLong = (whole + fraction).drop { $0 == "0" }.count > 38
    let difference = judged.nano - quantity.nano
    try require(
      difference == 0 || isLong && difference.magnitude == 1,
      "\(text) is \(quantity.nano) billionths, not \(judged.nano)")
    if difference == 0 { try checkCanonicalForm(quantity, judged, text) }
    return (quantity, text)
  }

  private func checkCanonicalForm(_ quantity: Quantity, _ judged: QuantityJudge, _ text: String) throws {
    let canonical = quantity.canonicalized
    let written = canonical.description
    guard let read = Quantity(parsing: written) else { throw Finding("\(text) is written as \(written): refused") }
    try require(read.nano == judged.nano, "\(text) is written as \(written), another value")
    // A binary amount may be written without a suffix, and is a decimal one then.
    let isStable = judged.isBinary || read.canonicalized.description == written
    try require(isStable, "\(text) is written as \(written), and that otherwise")
    try require(!written.contains("."), "\(text) is written as \(written), with a fraction")
    let mantissa = written.drop { $0 == "-" }.prefix { $0.isNumber }
    let isWithoutSuffix = !written.hasSuffix("E") && !judged.isExponent && !judged.isBinary
    try require(
      !isWithoutSuffix || mantissa == "0" || !mantissa.hasSuffix("000"),
      "\(text) is written as \(written), which a larger suffix would shorten")
    try require((try? Quantity(json: canonical.json))?.nano == judged.nano, "\(text) does not survive JSON")
  }

  private func checkSpoilt(_ text: String, _ random: inout SeededRandom) throws {
    let spoilt = String(decoding: mutator.mutated(Array(text.utf8), &random), as: UTF8.self)
    guard let quantity = Quantity(parsing: spoilt) else { return }
    let written = quantity.canonicalized.description
    try require(Quantity(parsing: written) != nil, "\(spoilt) is written as \(written), which is refused")
    try require(spoilt.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "\(spoilt) is accepted")
  }
}
