import Kubernetes
import Testing

@Suite struct SchemaTableTests {
  @Test func theTablesOfAllKindsCanBeRead() throws {
    let table = SchemaTable.builtIn
    #expect(table.mistakes == [])
    for resource in ResourceType.builtIn {
      #expect(table.definition(apiVersion: resource.apiVersion, kind: resource.kind) != nil, "\(resource.kind)")
    }
  }

  @Test func factsOfFieldsAreFound() throws {
    let table = SchemaTable.builtIn
    let service = try #require(table.definition(apiVersion: "v1", kind: "Service"))
    let spec = table[try #require(service.field("spec")?.type.reference)]
    let ports = try #require(spec.field("ports"))
    #expect(ports.mergeKey == "port")
    #expect(ports.mapKeys == ["port", "protocol"])
    #expect(ports.ownership == .map)
    let port = table[try #require(ports.type.reference)]
    #expect(port.field("protocol")?.defaultValue == "TCP")
    #expect(port.field("port")?.isRequired == true)
    #expect(table.meta("ObjectMeta")?.field("finalizers")?.ownership == .set)
  }

  @Test func namesOfTheSameSoundStayApart() throws {
    let table = SchemaTable.builtIn
    let older = try #require(table.definition(apiVersion: "autoscaling/v1", kind: "HorizontalPodAutoscaler"))
    let newer = try #require(table.definition(apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler"))
    let olderSpec = table[try #require(older.field("spec")?.type.reference)]
    let newerSpec = table[try #require(newer.field("spec")?.type.reference)]
    #expect(olderSpec.field("targetCPUUtilizationPercentage") != nil)
    #expect(newerSpec.field("metrics") != nil && newerSpec.field("targetCPUUtilizationPercentage") == nil)
  }

  @Test func anInheritedFieldHasItsPlaceInProtobuf() throws {
    let name = "io.k8s.api.core.v1.EphemeralContainer"
    let container = try #require(SchemaTable.builtIn.definition(named: name))
    #expect(container.field("image")?.numbers == [1, 2])
    #expect(container.field("targetContainerName")?.numbers == [2])
  }

  @Test func aTableTellsItsMistakes() {
    let table = SchemaTable(parsing: [
      """
      @ example.v1 example/v1
      A kind | A thing.
      - b! [B] merge=name map=name #2? | Its parts.
      - c Nothing
      A | Again.
      - d string wrong=1
      """
    ])
    #expect(
      Set(table.mistakes) == [
        "example.v1.A stands twice", "example.v1.A.d: wrong=1", "example.v1: nothing is called B",
        "example.v1: nothing is called Nothing", "example.v1: nothing is called ObjectMeta",
      ])
  }
}
