import Kubernetes

/// Random numbers that follow from a seed; neighbouring seeds have nothing in common.
public struct SeededRandom: RandomNumberGenerator {
  private var numbers: SplitMix64

  public init(seed: UInt64) {
    let start = seed &* 0xD134_2543_DE82_EF95 &+ 0x2545_F491_4F6C_DD1D
    numbers = SplitMix64(state: start)
    _ = next()
    // Where it is after two numbers, changed by the second.
    numbers = SplitMix64(state: start &+ 2 &* 0x9E37_79B9_7F4A_7C15 ^ next())
  }

  public mutating func next() -> UInt64 { numbers.next() }

  /// 0 to `bound` − 1.
  public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

  /// True once in `n` times.
  public mutating func oneIn(_ n: Int) -> Bool { below(n) == 0 }

  /// - Precondition: there is an element.
  public mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }

  /// Each element or not, in their order.
  public mutating func some<Choice>(of choices: [Choice]) -> [Choice] { choices.filter { _ in oneIn(2) } }

  public mutating func shuffled<Choice>(_ elements: [Choice]) -> [Choice] {
    var elements = elements
    for index in stride(from: elements.count - 1, to: 0, by: -1) { elements.swapAt(index, below(index + 1)) }
    return elements
  }
}
