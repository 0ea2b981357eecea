/// Random numbers that are the same on every machine: SplitMix64 (Steele, Lea, Flood, 2014).
///
/// Each purpose has a stream of its own, so that one more number drawn for one thing changes nothing of another.
public struct RandomStream: RandomNumberGenerator, Sendable, Hashable {
  private var state: UInt64

  /// - Parameter purpose: what the numbers are for; the same seed and purpose give the same numbers.
  public init(seed: UInt64, purpose: String) {
    // FNV-1a of the purpose, mixed with the seed once so that neighbours have nothing in common.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    state = hash ^ seed &* 0x9E37_79B9_7F4A_7C15
    state = next()
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 0 or more, less than 1.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  public mutating func number(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * unit()
  }

  /// The bias of a range that is small against 2^64 does not matter here.
  public mutating func integer(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
  }

  public mutating func happens(_ probability: Double) -> Bool { unit() < probability }

  /// nil of nothing.
  public mutating func element<Element>(of elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[integer(in: 0...elements.count - 1)]
  }
}
