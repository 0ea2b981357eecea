import Kubernetes

/// Random numbers that are the same on every machine.
///
/// Each purpose has a stream of its own, so that one more number drawn for one thing changes nothing of another.
public struct RandomStream: RandomNumberGenerator, Sendable, Hashable {
  private var numbers: SplitMix64

  /// - Parameter purpose: what the numbers are for; the same seed and purpose give the same numbers.
  public init(seed: UInt64, purpose: String) {
    // Mixed once, so that neighbouring seeds have nothing in common.
    numbers = SplitMix64(state: FNV1a(purpose.utf8).value ^ seed &* 0x9E37_79B9_7F4A_7C15)
    numbers = SplitMix64(state: numbers.next())
  }

  public mutating func next() -> UInt64 { numbers.next() }

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
