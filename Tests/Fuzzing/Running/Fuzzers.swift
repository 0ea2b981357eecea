/// All fuzzers by name.
public enum Fuzzers {
  public static let all: [(name: String, make: @Sendable () throws -> any Fuzzer)] = [
    ("json", { JSONFuzzer() }),
    ("yaml", { YAMLFuzzer() }),
    ("patches", { PatchFuzzer() }),
    ("apply", { ApplyFuzzer() }),
    ("selectors", { SelectorFuzzer() }),
    ("quantities", { QuantityFuzzer() }),
    ("imports", { ImportFuzzer() }),
    ("kustomize", { KustomizeFuzzer() }),
    ("http", { try HTTPFuzzer() }),
  ]
}
