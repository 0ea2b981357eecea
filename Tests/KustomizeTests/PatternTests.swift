import Kustomize
import Testing

/// Regular expressions in Go's syntax.
@Suite struct PatternTests {
  static let cases: [(pattern: String, matches: [String], others: [String])] = [
    ("^(?:web)$", ["web"], ["web2", "aweb", ""]),
    ("^(?:web|api)$", ["web", "api"], ["webapi"]),
    ("a.c", ["abc", "xabcx"], ["ac", "a\nc"]),
    ("^a{2,3}$", ["aa", "aaa"], ["a", "aaaa"]),
    ("^[a-c\\d_-]+$", ["ab-1_"], ["d", ""]),
    ("^[^a]$", ["b"], ["a"]),
    ("(?i)^WEB$", ["web", "Web"], ["wep"]),
    ("^(a|b)*c?$", ["", "abab", "ac"], ["acc"]),
    ("\\bfoo\\b", ["a foo b"], ["afoo"]),
    ("^x{,2}$", ["x{,2}"], ["xx"]),
    ("[[:alpha:]]+[.]yaml$", ["a.yaml"], ["1.yaml", "ayaml"]),
    ("^(?:.*)$", ["", "anything"], []),
  ]

  @Test(arguments: cases.indices) func matchesWhatGoMatches(_ index: Int) throws {
    let (pattern, matches, others) = Self.cases[index]
    let regex = try Pattern(pattern)
    for text in matches { #expect(regex.matches(text), "\(pattern) on \(text)") }
    for text in others { #expect(!regex.matches(text), "\(pattern) on \(text)") }
  }

  @Test(arguments: ["(", "a)", "[a", "*", "a{2000}", "\\", "(?x)", "[b-a]", "\\q"]) func aMistakeIsRefused(
    _ pattern: String
  ) {
    #expect(throws: Pattern.SyntaxError.self) { try Pattern(pattern) }
  }
}
