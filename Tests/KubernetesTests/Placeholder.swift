import Testing
import Kubernetes
@Test func quick() { #expect(Quantity(parsing: "250m")?.milliValue == 250) }
