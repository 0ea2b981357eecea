import Kubernetes
import KubernetesServer
import Testing

@Suite struct DiscoveryTests {
  private let custom = ResourceType(
    group: "example.com", version: "v1", plural: "widgets", kind: "Widget", shortNames: ["wd"],
    subresources: ["status", "scale"])

  private func document(_ path: String, accept: String = "application/json") throws -> (APIResponse, JSONValue) {
    let response = try #require(
      Discovery.document(path: path, accept: accept, resources: ResourceType.builtIn, customResources: [custom]))
    guard case .bytes(let bytes) = response.body else { throw Unexpected() }
    return (response, response.contentType.hasPrefix("text/") ? .null : try JSONValue(parsing: bytes))
  }

  private struct Unexpected: Error {}

  @Test func probesAreAnsweredInPlainText() throws {
    for path in ["/healthz", "/livez", "/readyz"] {
      let (response, _) = try document(path)
      #expect(response.status == 200)
      #expect(response.contentType.hasPrefix("text/plain"))
    }
  }

  @Test func versionIsWhatKubectlCompares() throws {
    let (_, version) = try document("/version")
    #expect(version["gitVersion"] == "v1.32.4+sakigake")
    #expect(version["minor"] == "32")
  }

  @Test func legacyGroupsNameTheirVersions() throws {
    let (_, core) = try document("/api")
    #expect(core["versions"] == ["v1"])
    let (_, groups) = try document("/apis")
    let names = groups["groups"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
    for expected in ["apps", "autoscaling", "policy", "metrics.k8s.io", "authorization.k8s.io", "example.com"] {
      #expect(names.contains(expected))
    }
    #expect(!names.contains(""))
    let (_, apps) = try document("/apis/apps")
    #expect(apps["preferredVersion"]?["groupVersion"] == "apps/v1")
  }

  @Test func subresourcesSpeakOfTheirOwnKinds() throws {
    let (_, apps) = try document("/apis/apps/v1")
    let scale = apps["resources"]?.arrayValue?.first { $0["name"] == "deployments/scale" }
    #expect(scale?["kind"] == "Scale")
    #expect(scale?["group"] == "autoscaling")
    #expect(scale?["version"] == "v1")
    let (_, core) = try document("/api/v1")
    let resources = core["resources"]?.arrayValue ?? []
    let eviction = resources.first { $0["name"] == "pods/eviction" }
    #expect(eviction?["kind"] == "Eviction")
    #expect(eviction?["group"] == "policy")
    #expect(eviction?["verbs"] == ["create"])
    #expect(resources.first { $0["name"] == "pods/log" }?["verbs"] == ["get"])
    let pods = resources.first { $0["name"] == "pods" }
    #expect(pods?["shortNames"] == ["po"])
    #expect(pods?["singularName"] == "pod")
    #expect(pods?["categories"] == ["all"])
  }

  @Test func onlyWhatIsStoredCanBeWatched() throws {
    let (_, metrics) = try document("/apis/metrics.k8s.io/v1beta1")
    for resource in metrics["resources"]?.arrayValue ?? [] { #expect(resource["verbs"] == ["get", "list"]) }
    let (_, apps) = try document("/apis/apps/v1")
    let verbs = apps["resources"]?.arrayValue?.first { $0["name"] == "deployments" }?["verbs"]?.arrayValue ?? []
    #expect(verbs.contains("watch"))
  }

  @Test(arguments: ["v2", "v2beta1"])
  func aggregatedDiscoveryIsGivenWhereItIsAskedFor(version: String) throws {
    let type = "application/json;g=apidiscovery.k8s.io;v=\(version);as=APIGroupDiscoveryList"
    let (response, list) = try document("/apis", accept: "\(type),application/json")
    #expect(response.contentType == type)
    #expect(list["apiVersion"] == .string("apidiscovery.k8s.io/\(version)"))
    let apps = list["items"]?.arrayValue?.first { $0["metadata"]?["name"] == "apps" }
    let deployments = apps?["versions"]?.arrayValue?.first?["resources"]?.arrayValue?.first {
      $0["resource"] == "deployments"
    }
    #expect(deployments?["scope"] == "Namespaced")
    #expect(deployments?["responseKind"]?["kind"] == "Deployment")
    let scale = deployments?["subresources"]?.arrayValue?.first { $0["subresource"] == "scale" }
    #expect(scale?["responseKind"] == ["group": "autoscaling", "version": "v1", "kind": "Scale"])
  }

  @Test func plainJSONIsGivenWhereItIsAskedForFirst() throws {
    let (response, list) = try document("/apis", accept: "application/json")
    #expect(response.contentType == "application/json")
    #expect(list["kind"] == "APIGroupList")
  }

  @Test func stableVersionsArePreferred() throws {
    let versions = ["v1alpha1", "v1", "v2beta1", "v1beta2"].map {
      ResourceType(group: "example.com", version: $0, plural: "widgets", kind: "Widget")
    }
    let response = try #require(
      Discovery.document(path: "/apis/example.com", accept: "", resources: [], customResources: versions))
    guard case .bytes(let bytes) = response.body else { throw Unexpected() }
    let names = try JSONValue(parsing: bytes)["versions"]?.arrayValue?.map { $0["version"]?.stringValue }
    #expect(names == ["v1", "v2beta1", "v1beta2", "v1alpha1"])
  }

  @Test func otherPathsAreNotDiscovery() {
    for path in ["/api/v1/pods", "/apis/apps/v1/deployments", "/apis/none", "/apis/apps/v9", "/openapi/v3", "/"] {
      let response = Discovery.document(path: path, accept: "", resources: ResourceType.builtIn)
      #expect(response == nil, "\(path)")
    }
  }
}
