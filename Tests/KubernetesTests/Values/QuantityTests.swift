import Kubernetes
import Testing

/// Cases after the rules of apimachinery's resource.Quantity.
@Suite struct QuantityTests {
  @Test(arguments: [
    ("0", "0"), ("0.0", "0"), ("0Ki", "0"), ("-0", "0"), ("0.5", "500m"), ("1000m", "1"), ("1500m", "1500m"),
    ("1", "1"),
    ("1.0", "1"), ("+1", "1"), ("-1.5", "-1500m"), ("1000", "1k"), ("1024", "1024"), ("1500", "1500"), ("1k", "1k"),
    ("1000k", "1M"),
    ("1M", "1M"), ("1G", "1G"), ("1T", "1T"), ("1P", "1P"), ("1E", "1E"), ("1000P", "1E"), ("0.001k", "1"),
    ("1u", "1u"), ("1000u", "1m"),
    ("100n", "100n"), ("1n", "1n"), ("0.1n", "1n"), ("1.0000000001", "1000000001n"), ("1Ki", "1Ki"), ("1024Ki", "1Mi"),
    ("1Mi", "1Mi"),
    ("1Gi", "1Gi"), ("1.5Gi", "1536Mi"), ("0.5Ki", "512"), ("1Ti", "1Ti"), ("1Pi", "1Pi"), ("1Ei", "1Ei"),
    ("1023Ki", "1023Ki"),
    ("-1Ki", "-1Ki"), ("1e3", "1e3"), ("1E3", "1e3"), ("1e0", "1"), ("1e-3", "1e-3"), ("1.5e3", "1500"),
    ("12e4", "120e3"), (".5", "500m"),
    ("1.", "1"), ("256Mi", "256Mi"), ("250m", "250m"), ("1000000", "1M"),
    ("9223372036854775807", "9223372036854775807"),
  ])
  func canonicalForms(_ text: String, _ canonical: String) throws {
    let quantity = try #require(Quantity(parsing: text))
    #expect(quantity.canonicalized.description == canonical)
    #expect(quantity.description == text)
    let again = try #require(Quantity(parsing: canonical))
    #expect(again == quantity)
    #expect(again.canonicalized.description == canonical)
  }

  @Test(arguments: [
    "", " ", "m", "Ki", ".", "+", "-", "--1", "1 ", " 1", "1mm", "1Kii", "1K", "1g", "1MI", "1e", "1e+", "1e1.5",
    "1.2.3", "1,5", "0x1",
    "one", "1e100", "NaN", "Inf", "٣",
  ])
  func refuses(_ text: String) {
    #expect(Quantity(parsing: text) == nil)
  }

  @Test(
    arguments: [
      ("250m", 250, 1), ("1", 1000, 1), ("1500m", 1500, 2), ("1n", 1, 1), ("-1500m", -1500, -2),
      ("1Ki", 1_024_000, 1024),
      ("0", 0, 0), ("1.0001", 1001, 2), ("1E", .max, 1_000_000_000_000_000_000),
    ] as [(String, Int64, Int64)])
  func valuesAreRoundedUp(_ text: String, _ milli: Int64, _ whole: Int64) throws {
    let quantity = try #require(Quantity(parsing: text))
    #expect(quantity.milliValue == milli)
    #expect(quantity.value == whole)
  }

  @Test func arithmeticAndOrder() throws {
    let half = try #require(Quantity(parsing: "500m"))
    let gibibyte = try #require(Quantity(parsing: "1Gi"))
    #expect((half + half).description == "1")
    #expect((gibibyte + Quantity(bytes: 512 << 20)).description == "1536Mi")
    #expect((half - half) == .zero)
    #expect(half < Quantity(1))
    #expect(Quantity(parsing: "1000m") == Quantity(1))
    #expect(Set([try #require(Quantity(parsing: "1000m")), Quantity(1)]).count == 1)
  }

  @Test func fromJSON() throws {
    #expect(try Quantity(json: 2) == Quantity(2))
    #expect(try Quantity(json: .double(0.5)) == Quantity(milli: 500))
    #expect(try Quantity(json: "1000m").json == "1000m")
    #expect(throws: FieldError.self) { try Quantity(json: true) }
    #expect(throws: FieldError.self) { try Quantity(json: "10 apples") }
  }
}
