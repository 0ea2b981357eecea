/// What a quantity's text stands for, worked out with numbers of any length
/// (https://github.com/kubernetes/apimachinery/blob/master/pkg/api/resource/quantity.go): rounded up, away from zero, to
/// billionths. Nil for 10²⁸ units and more.
struct QuantityJudge: Equatable {
  var nano: Int128
  var isBinary = false
  var isExponent = false

  private static let decimal: [String: Int] = [
    "n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18,
  ]
  private static let binary = ["Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60]

  /// Of `sign digits . fraction suffix`, each already known to be one.
  init?(sign: String, whole: String, fraction: String, suffix: String) {
    var digits = Digits(whole + fraction)
    var exponent = 9 - fraction.count
    if let power = Self.decimal[suffix] {
      exponent += power
    } else if let shift = Self.binary[suffix] {
      isBinary = true
      for _ in 0..<shift { digits.multiply(by: 2) }
    } else {
      guard let power = Int(suffix.dropFirst()) else { return nil }
      isExponent = true
      exponent += power
    }
    // Nobody writes more: 400 digits are beyond the cap, and below a billionth.
    for _ in 0..<max(0, min(exponent, 400)) { digits.multiply(by: 10) }
    guard let magnitude = digits.dividedRoundingUp(byPowerOfTen: max(0, min(-exponent, 400))) else { return nil }
    nano = sign == "-" ? -magnitude : magnitude
  }

  /// A natural number, its digits least significant first.
  private struct Digits {
    var digits: [Int]

    private static let limit = (0..<37).reduce(1 as Int128) { limit, _ in limit * 10 }

    init(_ text: String) { digits = text.reversed().compactMap(\.wholeNumberValue) }

    mutating func multiply(by factor: Int) {
      var carry = 0
      for index in digits.indices {
        let product = digits[index] * factor + carry
        digits[index] = product % 10
        carry = product / 10
      }
      while carry > 0 {
        digits.append(carry % 10)
        carry /= 10
      }
    }

    func dividedRoundingUp(byPowerOfTen power: Int) -> Int128? {
      var value: Int128 = 0
      for digit in digits.dropFirst(power).reversed() {
        value = value * 10 + Int128(digit)
        if value >= Self.limit { return nil }
      }
      return digits.prefix(power).contains { $0 > 0 } ? value + 1 : value
    }
  }
}
