/// Random numbers that follow from a state, the same everywhere (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
/// Generators, 2014). For tests and simulations: whoever sees a few of them knows the rest.
package struct SplitMix64: RandomNumberGenerator, Sendable, Hashable {
  @usableFromInline var state: UInt64

  @inlinable package init(state: UInt64) { self.state = state }

  @inlinable package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// Its last step: each bit of a number has a say in each bit of the result.
  @inlinable @inline(__always) package static func mixed(_ number: UInt64) -> UInt64 {
    var number = number
    number = (number ^ (number >> 30)) &* 0xBF58_476D_1CE4_E5B9
    number = (number ^ (number >> 27)) &* 0x94D0_49BB_1331_11EB
    return number ^ (number >> 31)
  }
}
