import Kubernetes
import KubernetesServer
import Testing

@Suite struct DefaultsTests {
  private func applied(_ text: String, _ resource: ResourceType) throws -> JSONValue {
    var object = try JSONValue(parsing: text)
    Defaults.apply(&object, resource: resource)
    let once = object
    Defaults.apply(&object, resource: resource)
    #expect(object == once, "applying defaults twice must change nothing")
    return object
  }

  @Test func aPodIsFilledIn() throws {
    let pod = try applied(
      """
      {"metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"x","ports":[{"containerPort":80}],
        "livenessProbe":{"httpGet":{"port":80}},"resources":{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"500m"}},
        "env":[{"name":"IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}}]}],"volumes":[{"name":"v"}]}}
      """, .pods)
    let spec = try #require(pod["spec"])
    #expect(spec["restartPolicy"] == "Always")
    #expect(spec["dnsPolicy"] == "ClusterFirst")
    #expect(spec["terminationGracePeriodSeconds"] == 30)
    #expect(spec["schedulerName"] == "default-scheduler")
    #expect(spec["tolerations"]?.arrayValue?.count == 2)
    #expect(spec["tolerations"]?.arrayValue?.first?["tolerationSeconds"] == 300)
    #expect(spec["volumes"]?.arrayValue?.first?["emptyDir"] == [:])
    let container = try #require(spec["containers"]?.arrayValue?.first)
    #expect(container["imagePullPolicy"] == "Always")
    #expect(container["terminationMessagePath"] == "/dev/termination-log")
    #expect(container["ports"]?.arrayValue?.first?["protocol"] == "TCP")
    #expect(container["livenessProbe"]?["periodSeconds"] == 10)
    #expect(container["livenessProbe"]?["httpGet"]?["scheme"] == "HTTP")
    #expect(container["resources"]?["requests"] == ["cpu": "500m", "memory": "1Gi"])
    #expect(container[path: ["env"]]?.arrayValue?.first?[path: ["valueFrom", "fieldRef", "apiVersion"]] == "v1")
    #expect(pod["status"]?["phase"] == "Pending")
    #expect(pod["status"]?["qosClass"] == "Burstable")
  }

  @Test(arguments: [
    ("a", "Always"), ("a:latest", "Always"), ("a:1", "IfNotPresent"), ("host:5000/a", "Always"),
    ("host:5000/a:1", "IfNotPresent"), ("a@sha256:00", "IfNotPresent"),
  ])
  func imagesArePulledByTheirTag(image: String, policy: String) throws {
    let pod = try applied(#"{"spec":{"containers":[{"name":"a","image":"\#(image)"}]}}"#, .pods)
    #expect(pod["spec"]?["containers"]?.arrayValue?.first?["imagePullPolicy"] == .string(policy))
  }

  @Test(arguments: [
    ("{}", "BestEffort"), (#"{"requests":{"cpu":"1"}}"#, "Burstable"),
    (#"{"limits":{"cpu":"1","memory":"1Gi"}}"#, "Guaranteed"), (#"{"limits":{"cpu":"1"}}"#, "Burstable"),
    (#"{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"1000m","memory":"1024Mi"}}"#, "Guaranteed"),
  ])
  func qualityOfServiceFollowsResources(resources: String, expected: String) throws {
    let pod = try applied(#"{"spec":{"containers":[{"name":"a","image":"b","resources":\#(resources)}]}}"#, .pods)
    #expect(pod["status"]?["qosClass"] == .string(expected))
  }

  @Test func aToleratedPodIsNotGivenMoreTolerations() throws {
    let pod = try applied(#"{"spec":{"containers":[],"tolerations":[{"operator":"Exists"}]}}"#, .pods)
    #expect(pod["spec"]?["tolerations"]?.arrayValue?.count == 1)
  }

  @Test func aDeploymentIsFilledIn() throws {
    let deployment = try applied(
      #"{"spec":{"template":{"spec":{"containers":[{"name":"a","image":"b:1","resources":{"limits":{"cpu":"1"}}}]}}}}"#,
      .deployments)
    let spec = try #require(deployment["spec"])
    #expect(spec["replicas"] == 1)
    #expect(
      spec["strategy"] == ["type": "RollingUpdate", "rollingUpdate": ["maxUnavailable": "25%", "maxSurge": "25%"]])
    #expect(spec["revisionHistoryLimit"] == 10)
    #expect(spec["progressDeadlineSeconds"] == 600)
    let template = spec[path: ["template", "spec"]]
    #expect(template?["restartPolicy"] == "Always")
    // What only pods get stays out of templates.
    #expect(template?["tolerations"] == nil)
    #expect(template?["containers"]?.arrayValue?.first?["resources"]?["requests"] == nil)
    let recreate = try applied(#"{"spec":{"replicas":0,"strategy":{"type":"Recreate"}}}"#, .deployments)
    #expect(recreate["spec"]?["strategy"] == ["type": "Recreate"])
    #expect(recreate["spec"]?["replicas"] == 0)
  }

  @Test func aServiceIsFilledIn() throws {
    let service = try applied(#"{"spec":{"ports":[{"port":80},{"port":81,"targetPort":"http"}]}}"#, .services)
    let spec = try #require(service["spec"])
    #expect(spec["type"] == "ClusterIP")
    #expect(spec["sessionAffinity"] == "None")
    #expect(spec["ipFamilies"] == ["IPv4"])
    #expect(
      spec["ports"] == [
        ["port": 80, "protocol": "TCP", "targetPort": 80], ["port": 81, "protocol": "TCP", "targetPort": "http"],
      ])
    #expect(service["status"] == ["loadBalancer": [:]])
    let external = try applied(#"{"spec":{"type":"ExternalName","externalName":"a.b"}}"#, .services)
    #expect(external["spec"]?["ipFamilies"] == nil)
  }

  @Test func anAutoscalerIsFilledIn() throws {
    let plain = try applied(#"{"spec":{"maxReplicas":3}}"#, .horizontalPodAutoscalers)
    #expect(plain["spec"]?["minReplicas"] == 1)
    #expect(
      plain["spec"]?["metrics"]?.arrayValue?.first?[path: ["resource", "target", "averageUtilization"]] == 80)
    #expect(plain["spec"]?["behavior"] == nil)
    let begun = try applied(
      #"{"spec":{"maxReplicas":3,"behavior":{"scaleDown":{"stabilizationWindowSeconds":10}}}}"#,
      .horizontalPodAutoscalers)
    let behavior = begun["spec"]?["behavior"]
    #expect(behavior?["scaleUp"]?["policies"]?.arrayValue?.count == 2)
    #expect(behavior?["scaleDown"]?["stabilizationWindowSeconds"] == 10)
    #expect(behavior?["scaleDown"]?["selectPolicy"] == "Max")
  }

  @Test func secretsKeepTextsAsBase64() throws {
    let secret = try applied(
      #"{"data":{"old":"eA=="},"stringData":{"a":"","b":"f","c":"fo","d":"foo","e":"日本"}}"#, .secrets)
    #expect(secret["stringData"] == nil)
    #expect(secret["type"] == "Opaque")
    #expect(secret["data"] == ["old": "eA==", "a": "", "b": "Zg==", "c": "Zm8=", "d": "Zm9v", "e": "5pel5pys"])
  }

  @Test func aNamespaceBeingDeletedDoesNotGetItsFinalizerBack() throws {
    let fresh = try applied(#"{"metadata":{"name":"n"}}"#, .namespaces)
    #expect(fresh["spec"]?["finalizers"] == ["kubernetes"])
    #expect(fresh["metadata"]?["labels"]?["kubernetes.io/metadata.name"] == "n")
    let leaving = try applied(
      #"{"metadata":{"name":"n","deletionTimestamp":"2026-01-01T00:00:00Z"},"spec":{}}"#, .namespaces)
    #expect(leaving["spec"]?["finalizers"] == nil)
  }

  @Test func definitionsGetTheirNames() throws {
    let definition = try applied(
      #"{"spec":{"names":{"kind":"PushCampaign","plural":"x"}}}"#, .customResourceDefinitions)
    #expect(definition["spec"]?["names"]?["singular"] == "pushcampaign")
    #expect(definition["spec"]?["names"]?["listKind"] == "PushCampaignList")
    #expect(definition["spec"]?["conversion"] == ["strategy": "None"])
  }
}
