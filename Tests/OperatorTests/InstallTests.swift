import Kubernetes
import KubernetesClient
import Operator
import Testing

@Suite struct InstallTests {
  private let objects = Installation(.init()).objects

  private func object(_ kind: String) throws -> JSONValue {
    try #require(objects.first { $0["kind"]?.stringValue == kind })
  }

  @Test func rightsHaveNoWildcardAndNoSecret() throws {
    for rule in OperatorRule.everywhere + OperatorRule.inOwnNamespace {
      #expect(!rule.verbs.contains("*") && !rule.resources.contains("*") && rule.group != "*")
      #expect(!rule.resources.contains("secrets"))
      #expect(!rule.verbs.contains("deletecollection"))
      #expect(!rule.why.isEmpty)
    }
  }

  @Test func theOperatorHasNoRightOnItsNode() throws {
    let deployment = try Deployment(json: object("Deployment"))
    let spec = deployment.spec.template.spec
    #expect(deployment.spec.replicas == 2)
    #expect(spec.unknown["securityContext"]?["runAsNonRoot"] == true)
    #expect(spec.unknown["securityContext"]?["seccompProfile"]?["type"] == "RuntimeDefault")
    let container = try #require(spec.containers.first)
    let security = container.unknown["securityContext"]
    #expect(security?["readOnlyRootFilesystem"] == true && security?["allowPrivilegeEscalation"] == false)
    #expect(security?["capabilities"]?["drop"] == ["ALL"])
    #expect(container.resources.requests["cpu"] != nil && container.resources.limits["memory"] != nil)
    #expect(container.livenessProbe != nil && container.readinessProbe != nil)
    #expect(spec.topologySpreadConstraints.count == 1 && spec.affinity?.podAntiAffinity != nil)
    #expect(deployment.spec.selector.matches(deployment.spec.template.metadata.labels))
  }

  @Test func placeholdersGiveWayAndAreNotExpendable() throws {
    let classes = objects.filter { $0["kind"] == "PriorityClass" }
    let placeholder = try #require(
      classes.first { $0["metadata"]?["name"]?.stringValue == Installation.placeholderPriorityClass })
    #expect(placeholder["value"] == -10)
    #expect(placeholder["preemptionPolicy"] == "Never")
  }

  @Test func aPlanShowsNoSecret() {
    let secret = Installation(.init()).tokenSecretObject(nil)
    #expect(secret["stringData"] == nil && secret["data"] == nil)
  }
}
