import Definitions
import Foundation
import Kubernetes
import Rendering
import Testing

/// What holds for everything that is rendered, and what single fields become.
@Suite struct WholeServiceTests {
  /// Every pod that the objects of a golden lead to.
  static func pods(_ golden: String) throws -> [(kind: String, template: PodTemplate, json: JSONValue)] {
    try Fixtures.render(golden).compactMap { object in
      let kind = object["kind"]?.stringValue ?? ""
      let path = kind == "CronJob" ? ["spec", "jobTemplate", "spec", "template"] : ["spec", "template"]
      guard let template = object[path: path] else { return nil }
      return (kind, try PodTemplate(json: template), template)
    }
  }

  @Test func theOrderIsTheOneToApplyIn() throws {
    #expect(
      try Fixtures.render("whole").map { $0["kind"]?.stringValue } == [
        "ConfigMap", "ExternalSecret", "ExternalSecret", "PersistentVolumeClaim", "Microservice", "ServiceAccount",
        "NetworkPolicy", "SecurityGroupPolicy", "Job", "Service", "Deployment", "HorizontalPodAutoscaler",
        "PodDisruptionBudget",
        "VerticalPodAutoscaler", "CronJob", "Ingress", "PodMonitor", "PrometheusRule", "Job",
      ])
  }

  @Test(arguments: Fixtures.names)
  func everyObjectIsOfAKnownKindAndSaysWhereItIsFrom(_ golden: String) throws {
    var seen: Set<String> = []
    for object in try Fixtures.render(golden) {
      let resource = try #require(RenderedKinds.resource(of: object))
      #expect(RenderedKinds.ofServices.contains(resource))
      let source = object[path: ["metadata", "annotations", "sakigake.dev/source"]]?.stringValue ?? ""
      #expect(source.wholeMatch(of: /[a-z]+\/microservice\.yaml:[0-9]+/) != nil, "\(source)")
      #expect(object[path: ["metadata", "labels", "app.kubernetes.io/managed-by"]] == "sakigake")
      #expect(object[path: ["metadata", "namespace"]] != nil)
      let name = try #require(object[path: ["metadata", "name"]]?.stringValue)
      #expect(seen.insert("\(resource.kind) \(name)").inserted && name.utf8.count <= 63)
    }
  }

  @Test func aSourceIsTheLineOfItsSection() throws {
    let lines = try Fixtures.render("whole").map { object in
      let source = object[path: ["metadata", "annotations", "sakigake.dev/source"]]?.stringValue ?? ""
      return "\(object["kind"]?.stringValue ?? "") \(source.split(separator: ":").last ?? "")"
    }
    // As they stand in whole.input.yaml.
    for expected in [
      "ConfigMap 19", "ExternalSecret 21", "Deployment 4", "Job 43", "Job 44", "CronJob 46", "Ingress 54",
      "HorizontalPodAutoscaler 61", "PrometheusRule 70", "NetworkPolicy 55",
    ] { #expect(lines.contains(expected), "\(expected) is not among \(lines)") }
  }

  /// As the restricted profile has it (https://kubernetes.io/docs/concepts/security/pod-security-standards/).
  @Test(arguments: Fixtures.names)
  func everyPodIsRestrictedAndEndsInOneTime(_ golden: String) throws {
    for (kind, template, json) in try Self.pods(golden) {
      let pod = template.spec
      #expect(json[path: ["spec", "securityContext", "runAsNonRoot"]] == true)
      #expect(json[path: ["spec", "securityContext", "seccompProfile", "type"]] == "RuntimeDefault")
      #expect(json[path: ["spec", "automountServiceAccountToken"]] == false)
      #expect(pod.terminationGracePeriodSeconds == 60, "\(kind)")
      #expect(!pod.hostNetwork)
      for container in pod.initContainers + pod.containers {
        let security = container.unknown["securityContext"]
        #expect(security?["allowPrivilegeEscalation"] == false && security?["readOnlyRootFilesystem"] == true)
        #expect(security?["capabilities"]?["drop"] == ["ALL"])
        #expect(!container.resources.requests.isEmpty && container.resources.limits["memory"] != nil)
        #expect(container.image.contains(":") && !container.image.hasSuffix(":latest"))
      }
    }
  }

  @Test func podsOfJobsAreNoPodsOfTheService() throws {
    let selector = ["sakigake.dev/service": "articles"]
    for (kind, template, _) in try Self.pods("whole") {
      let labels = template.metadata.labels
      #expect(selector.allSatisfy { labels[$0.key] == $0.value } == (kind == "Deployment"), "\(kind)")
      #expect(labels["app.kubernetes.io/name"] == "articles")
      // A job that calls others has its way through the mesh; what is claimed by many and passing space is there.
      #expect(template.spec.initContainers.first?.name == "envoy")
      #expect(template.spec.volumes.contains { $0["name"] == "shared" })
      if kind != "Deployment" {
        #expect(template.spec.restartPolicy == "Never")
        #expect(template.spec.initContainers.first?.readinessProbe == nil)
      }
    }
  }

  @Test func aJobIsNamedByItsContent() throws {
    func jobs(tag: String) throws -> [String] {
      let service = try #require(
        try ServiceDefinition.read(
          """
          apiVersion: sakigake.dev/v1
          kind: Microservice
          metadata: { name: a }
          spec: { owner: o, image: a, port: 80, jobs: { migrate: { args: [x] }, other: { image: "b:1", when: after } } }
          """, file: "a", environment: nil
        ).first)
      return try Fixtures.renderer(tag: tag).render(service.microservice).filter { $0["kind"] == "Job" }
        .compactMap { $0[path: ["metadata", "name"]]?.stringValue }
    }
    let first = try jobs(tag: "v1")
    let second = try jobs(tag: "v2")
    try #require(first.count == 2 && second.count == 2)
    #expect(first[0].wholeMatch(of: /a-migrate-[a-z0-9]{10}/) != nil)
    #expect(try jobs(tag: "v1") == first)
    // What runs the deployment's image runs anew with a new one; what has an image of its own does not.
    #expect(first[0] != second[0] && first[1] == second[1])
  }

  /// What a caller's pods carry is what the called service's policy lets in, and no other.
  @Test func callersAreLetInByTheirLabel() throws {
    func policy(_ golden: String) throws -> JSONValue {
      try #require(try Fixtures.render(golden).first { $0["kind"] == "NetworkPolicy" })["spec"] ?? [:]
    }
    let caller = try #require(try Self.pods("local").first).template.metadata.labels
    #expect(caller["calls.sakigake.dev/articles"] == "true")
    let articles = try policy("whole")
    let from = articles[path: ["ingress"]]?.arrayValue?.first?["from"]?.arrayValue ?? []
    #expect(from.contains(["podSelector": ["matchLabels": ["calls.sakigake.dev/articles": "true"]]]))
    #expect(from.contains(["ipBlock": ["cidr": "10.0.0.0/16"]]), "the load balancer's")
    #expect(from.contains(["namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": "monitoring"]]]))
    #expect(articles["policyTypes"] == ["Ingress", "Egress"])
    let egress = articles["egress"]?.arrayValue ?? []
    func reaches(_ port: Int64) -> Bool {
      egress.contains { $0["ports"]?.arrayValue?.contains(["protocol": "TCP", "port": .integer(port)]) == true }
    }
    for port: Int64 in [53, 15010, 15006, 5432, 6379, 443, 8443] { #expect(reaches(port), "\(port)") }
    // A service that nobody declared to call anybody reaches DNS and the control plane.
    #expect(try policy("minimal")["egress"]?.arrayValue?.count == 2)
    #expect(try policy("minimal")[path: ["ingress"]]?.arrayValue?.first?["from"]?.arrayValue?.count == 1)
  }

  @Test func patchesAreMerged() throws {
    let objects = try Fixtures.render("whole")
    let deployment = try #require(try Fixtures.object(Deployment.self, in: objects))
    let pod = deployment.spec.template.spec
    #expect(pod.priorityClassName == "news-critical")
    #expect(pod.containers.first?.workingDir == "/app" && pod.containers.count == 1)
    #expect(pod.containers.first?.image == "registry.example.com/news/articles:v1.2.0")
    let autoscaler = objects.first { $0["kind"] == "HorizontalPodAutoscaler" }
    #expect(autoscaler?[path: ["spec", "behavior", "scaleDown", "stabilizationWindowSeconds"]] == 60)
    #expect(autoscaler?[path: ["spec", "maxReplicas"]] == 60)
  }

  @Test func aWrongPatchIsAFailure() throws {
    var service = Microservice()
    service.metadata.name = "a"
    service.spec.extend = ["Deployment": ["spec": ["template": ["spec": ["containers": [["image": "x"]]]]]]]
    let failure = #expect(throws: ServiceRenderer.Failure.self) { try Fixtures.renderer().render(service) }
    #expect(failure?.description.hasPrefix("a: spec.extend.Deployment: ") == true)
  }

  @Test func probesAreAsTheyAreWritten() throws {
    let pod = try #require(try Self.pods("whole").first { $0.kind == "Deployment" }).template.spec
    let app = try #require(pod.containers.first)
    #expect(app.livenessProbe == nil)
    #expect(app.startupProbe?.tcpSocket?.port == .string("app") && app.startupProbe?.failureThreshold == 30)
    let envoy = try #require(pod.initContainers.first)
    #expect(envoy.readinessProbe?.httpGet?.path == "/ready" && envoy.readinessProbe?.periodSeconds == 3)
    let cache = try #require(pod.initContainers.first { $0.name == "cache" })
    #expect(cache.isSidecar && cache.image == "docker.io/library/redis:7.4")
    #expect(cache.livenessProbe?.exec?.command == ["redis-cli", "ping"])
    #expect(cache.readinessProbe?.tcpSocket?.port == .int(6379))
    #expect(pod.initContainers.map(\.name) == ["envoy", "cache", "exporter"])
  }

  @Test func aVolumeForOneIsNeverAskedForByTwo() throws {
    let service = try #require(
      try ServiceDefinition.read(
        """
        apiVersion: sakigake.dev/v1
        kind: Microservice
        metadata: { name: a }
        spec:
          { owner: o, image: a, port: 80, scale: { max: 1 }, volumes: { data: { mount: /data, claim: { size: 1Gi } } },
            jobs: { migrate: { args: [x] } } }
        """, file: "a", environment: nil
      ).first)
    let objects = try Fixtures.renderer().render(service.microservice)
    let deployment = try #require(try Fixtures.object(Deployment.self, in: objects))
    #expect(deployment.spec.strategy.type == "Recreate")
    #expect(deployment.spec.template.spec.volumes.count == 1)
    let job = try #require(objects.first { $0["kind"] == "Job" })
    #expect(job[path: ["spec", "template", "spec", "volumes"]] == nil)
  }

  /// With a mandatory unit in the rule's bound, and nothing that PromQL would not parse at a glance.
  @Test func alertsAreRules() throws {
    let rule = try #require(try Fixtures.render("whole").first { $0["kind"] == "PrometheusRule" })
    let rules = rule[path: ["spec", "groups"]]?.arrayValue?.first?["rules"]?.arrayValue ?? []
    #expect(rules.count == 8)
    for rule in rules {
      let expression = rule["expr"]?.stringValue ?? ""
      for (open, close) in [("(", ")"), ("[", "]"), ("{", "}")] {
        #expect(expression.count { String($0) == open } == expression.count { String($0) == close }, "\(expression)")
      }
      #expect(expression.wholeMatch(of: /.* (>|>=|<|<=) [0-9.]+/) != nil, "\(expression)")
    }
    let slow = try #require(rules.first { $0["alert"] == "articles-slow" })
    #expect(slow["expr"]?.stringValue?.hasSuffix("/ 1000 > 0.3") == true)
    #expect(slow["for"] == "5m" && slow[path: ["annotations", "summary"]] == "articles answers slowly")
    let errors = try #require(rules.first { $0["alert"] == "articles-errors" })
    #expect(errors[path: ["labels", "severity"]] == "critical" && errors[path: ["labels", "route"]] == "pager")
    #expect(errors[path: ["labels", "owner"]] == "news-backend")
  }

  @Test func theRoleFollowsFromTheConvention() throws {
    func role(_ golden: String) throws -> String? {
      try Fixtures.object(ServiceAccount.self, in: try Fixtures.render(golden))?.metadata
        .annotations["eks.amazonaws.com/role-arn"]
    }
    #expect(try role("whole") == "arn:aws:iam::123456789012:role/news-production-articles")
    #expect(try role("minimal") == nil)
  }

  @Test func aPlatformHasItsQuota() throws {
    let quota = try #require(
      PlatformRenderer(platform: try Fixtures.renderer(environment: "whole").platform).render(path: "platform.yaml")
        .last)
    #expect(quota["kind"] == "ResourceQuota")
    #expect(quota[path: ["spec", "hard"]] == ["pods": "500", "requests.cpu": "200", "requests.memory": "400Gi"])
    #expect(quota[path: ["metadata", "annotations", "sakigake.dev/source"]] == "platform.yaml:22")
    #expect(try settings("whole")["guardrails"] == ["rules": [:], "waivers": ["by": ["news-backend"]]])
    #expect(try settings(nil)["guardrails"] == nil)
    let none = PlatformRenderer(platform: try Fixtures.renderer().platform).render()
    #expect(none.map { $0["kind"] } == ["ConfigMap"])
  }

  /// What the operator is told.
  private func settings(_ environment: String?) throws -> JSONValue {
    let object = PlatformRenderer(platform: try Fixtures.renderer(environment: environment).platform).render().first
    return try JSONValue(parsing: try #require(object?[path: ["data", "platform.json"]]?.stringValue))
  }

  /// Waivers are on every object that somebody is asked about, and only those of owners who may.
  @Test func waiversAreOnEveryObject() throws {
    for object in try Fixtures.render("whole") {
      let annotations = object[path: ["metadata", "annotations"]]?.objectValue ?? [:]
      let waivers = annotations.keys.filter { $0.hasPrefix("guardrails.sakigake.dev/") }
      #expect(Array(waivers) == ["guardrails.sakigake.dev/host-path"], "\(object["kind"]?.text ?? "")")
      #expect(
        annotations["guardrails.sakigake.dev/host-path"]
          == "by news-backend until 2027-01-31: the agent reads its node's logs")
    }
    // The same on a platform that names nobody.
    let service = try #require(
      ServiceDefinition.read(
        String(contentsOf: Fixtures.goldens.appending(path: "whole.input.yaml"), encoding: .utf8), file: "whole.yaml",
        environment: nil
      ).first)
    for object in try Fixtures.renderer().render(service.microservice, configFiles: ["a": "b"]) {
      let annotations = object[path: ["metadata", "annotations"]]?.objectValue ?? [:]
      #expect(!annotations.keys.contains { $0.hasPrefix("guardrails.sakigake.dev/") })
    }
  }
}
