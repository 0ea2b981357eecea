import Kubernetes
import Testing

/// Hashes, random numbers and ranks, whose values must never change: names and digests follow from them.
@Suite struct NumberTests {
  /// Vectors of the FNV's own test suite (Noll, test_fnv.c).
  @Test(arguments: [
    ("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("b", "af63df4c8601f1a5"), ("foobar", "85944171f73967e8"),
  ])
  func fnv(_ text: String, _ digits: String) {
    #expect(FNV1a(text.utf8).digits == digits)
    var hash = FNV1a()
    for byte in text.utf8 { hash.add(byte) }
    #expect(hash.digits == digits)
  }

  @Test func digitsKeepTheirZeros() {
    #expect(FNV1a(from: 0xAB).digits == "00000000000000ab")
    #expect((27 as UInt64 * 27 + 2).letters(4, of: "bcdfghjklmnpqrstvwxz2456789") == "dbcb")
  }

  /// The first numbers of the generator's reference (Vigna, splitmix64.c) from state 1234567.
  @Test func splitMix() {
    var random = SplitMix64(state: 1_234_567)
    let first = (0..<3).map { _ in random.next() }
    #expect(first == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }

  @Test(arguments: [
    (0.0, 10), (0.2, 10), (0.21, 20), (0.5, 30), (0.8, 40), (0.81, 50), (1, 50), (7, 50), (-1, 10),
  ] as [(Double, Int)])
  func nearestRank(_ share: Double, _ value: Int) {
    #expect([10, 20, 30, 40, 50].nearestRank(share) == value)
    #expect([Int]().nearestRank(share) == nil)
  }
}
