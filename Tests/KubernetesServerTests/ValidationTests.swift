import Kubernetes
import KubernetesServer
import Testing

@Suite struct ValidationTests {
  /// What is wrong with an object as the server checks it: with its defaults.
  private func check(_ text: String, _ resource: ResourceType, old: String? = nil) throws -> [String] {
    func prepared(_ text: String) throws -> JSONValue {
      var object = try JSONValue(parsing: text)
      Defaults.apply(&object, resource: resource)
      return object
    }
    let before = try old.map(prepared)
    return Validation.check(try prepared(text), old: before, resource: resource).map { "\($0.field): \($0.message)" }
  }

  private func pod(_ container: String, spec: String = "") -> String {
    #"{"metadata":{"name":"p"},"spec":{"containers":[\#(container)]\#(spec)}}"#
  }

  private func deployment(_ spec: String) -> String {
    """
    {"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"app":"a"}},"template":{"metadata":{"labels":{"app":"a"}},
     "spec":{"containers":[{"name":"a","image":"b"}]}}\(spec)}}
    """
  }

  @Test func goodObjectsPass() throws {
    #expect(try check(pod(#"{"name":"a","image":"b"}"#), .pods) == [])
    #expect(try check(deployment(""), .deployments) == [])
    #expect(try check(deployment(""), .deployments, old: deployment("")) == [])
    #expect(try check(deployment(""), .replicaSets) == [])
  }

  @Test(arguments: [
    (#"{"metadata":{}}"#, "metadata.name: Required value: name or generateName is required"),
    (#"{"metadata":{"name":"A_b"}}"#, "metadata.name: Invalid value: \"A_b\": a lowercase RFC 1123 subdomain"),
    (#"{"metadata":{"name":"a","labels":{"-x":"y"}}}"#, "metadata.labels: Invalid value: \"-x\": name part"),
    (#"{"metadata":{"name":"a","labels":{"x":"y z"}}}"#, "metadata.labels: Invalid value: \"y z\": a valid label"),
    (
      #"{"metadata":{"name":"a","labels":{"a.b/c/d":""}}}"#,
      "metadata.labels: Invalid value: \"a.b/c/d\": a qualified name"
    ),
    (#"{"metadata":{"name":"a"},"data":{"a b":""}}"#, "data[a b]: Invalid value: \"a b\": a valid config key"),
    (
      #"{"metadata":{"name":"a"},"data":{"k":""},"binaryData":{"k":""}}"#,
      "data[k]: Invalid value: \"k\": duplicate of key"
    ),
    (#"{"metadata":{"name":"a"},"binaryData":{"k":"*"}}"#, "binaryData[k]: Invalid value: \"\": must be base64"),
  ])
  func metadataAndData(text: String, expected: String) throws {
    let found = try check(text, .configMaps)
    #expect(found.count == 1 && found[0].hasPrefix(expected), "\(found)")
  }

  @Test(arguments: [
    (#"{"image":"b"}"#, "spec.containers[0].name: Required value"),
    (#"{"name":"a"}"#, "spec.containers[0].image: Required value"),
    (#"{"name":"A","image":"b"}"#, "spec.containers[0].name: Invalid value: \"A\": a lowercase RFC 1123 label"),
    (
      #"{"name":"a","image":"b","ports":[{"containerPort":0}]}"#,
      "spec.containers[0].ports[0].containerPort: Required value"
    ),
    (
      #"{"name":"a","image":"b","ports":[{"containerPort":70000}]}"#,
      "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive"
    ),
    (
      #"{"name":"a","image":"b","ports":[{"name":"x","containerPort":1},{"name":"x","containerPort":2}]}"#,
      "spec.containers[0].ports[1].name: Duplicate value: \"x\""
    ),
    (
      #"{"name":"a","image":"b","ports":[{"containerPort":1,"protocol":"ICMP"}]}"#,
      "spec.containers[0].ports[0].protocol: Unsupported value: \"ICMP\": supported values: \"SCTP\", \"TCP\", \"UDP\""
    ),
    (
      #"{"name":"a","image":"b","resources":{"requests":{"cpu":"2"},"limits":{"cpu":"1"}}}"#,
      "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1"
    ),
    (
      #"{"name":"a","image":"b","resources":{"requests":{"cpu":"-1"}}}"#,
      "spec.containers[0].resources.requests[cpu]: Invalid value: \"-1\": must be greater than or equal to 0"
    ),
    (
      #"{"name":"a","image":"b","env":[{"name":"A=B"}]}"#,
      "spec.containers[0].env[0].name: Invalid value: \"A=B\": a valid environment variable name"
    ),
    (
      #"{"name":"a","image":"b","env":[{"name":"A","valueFrom":{}}]}"#,
      "spec.containers[0].env[0].valueFrom: Invalid value: \"\": must specify one of"
    ),
    (
      #"{"name":"a","image":"b","livenessProbe":{}}"#,
      "spec.containers[0].livenessProbe: Required value: must specify a handler type"
    ),
    (
      #"{"name":"a","image":"b","livenessProbe":{"exec":{"command":["x"]},"tcpSocket":{"port":1}}}"#,
      "spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type"
    ),
    (
      #"{"name":"a","image":"b","livenessProbe":{"tcpSocket":{"port":1},"successThreshold":2}}"#,
      "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1"
    ),
    (
      #"{"name":"a","image":"b","volumeMounts":[{"name":"v","mountPath":"/v"}]}"#,
      "spec.containers[0].volumeMounts[0].name: Not found: \"v\""
    ),
    (
      #"{"name":"a","image":"b","restartPolicy":"Always"}"#,
      "spec.containers[0].restartPolicy: Forbidden: may not be set for non-init containers"
    ),
    (
      #"{"name":"a","image":"b","securityContext":{"privileged":true,"allowPrivilegeEscalation":false}}"#,
      "spec.containers[0].securityContext: Invalid value: {\"privileged\":true,\"allowPrivilegeEscalation\":false}: cannot"
    ),
    (#"{"name":"a","image":"b"},{"name":"a","image":"b"}"#, "spec.containers[1].name: Duplicate value: \"a\""),
  ])
  func containers(text: String, expected: String) throws {
    let found = try check(pod(text), .pods)
    #expect(found.count == 1 && found[0].hasPrefix(expected), "\(found)")
  }

  @Test(arguments: [
    (
      #","tolerations":[{"operator":"Exists","effect":"Never"}]"#,
      "spec.tolerations[0].effect: Unsupported value: \"Never\""
    ),
    (#","restartPolicy":"Sometimes""#, "spec.restartPolicy: Unsupported value: \"Sometimes\""),
    (
      #","initContainers":[{"name":"i","image":"b","livenessProbe":{"tcpSocket":{"port":1}}}]"#,
      "spec.initContainers[0].livenessProbe: Forbidden"
    ),
    (
      #","topologySpreadConstraints":[{"topologyKey":"z"}]"#,
      "spec.topologySpreadConstraints[0].whenUnsatisfiable: Required value"
    ),
    (
      #","affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{}]}}"#,
      "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value"
    ),
    (
      #","volumes":[{"name":"v","emptyDir":{},"hostPath":{"path":"/"}}]"#,
      "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type"
    ),
  ])
  func podSpecs(spec: String, expected: String) throws {
    let found = try check(pod(#"{"name":"a","image":"b"}"#, spec: spec), .pods)
    // Upstream complains of a missing topologyKey twice: of its absence, and of its being no name.
    let isToldTwice = expected.contains("topologyKey")
    #expect(found.count == (isToldTwice ? 2 : 1) && found[0].hasPrefix(expected), "\(found)")
  }

  @Test func aPodNeedsAContainer() throws {
    #expect(try check(pod(""), .pods) == ["spec.containers: Required value"])
  }

  @Test func podsChangeInFewWays() throws {
    let old = pod(#"{"name":"a","image":"b:1","command":[],"resources":{"requests":{"cpu":"1"}}}"#)
    // The same in other words, another image, one more toleration.
    #expect(
      try check(pod(#"{"name":"a","image":"b:2","resources":{"requests":{"cpu":"1000m"}}}"#), .pods, old: old) == [])
    let tolerating = pod(
      #"{"name":"a","image":"b:1","resources":{"requests":{"cpu":"1"}}}"#,
      spec: #","tolerations":[{"key":"x","operator":"Exists"}]"#)
    #expect(try check(tolerating, .pods, old: old) == [])
    let other = try check(
      pod(#"{"name":"a","image":"b:1","command":["x"],"resources":{"requests":{"cpu":"1"}}}"#), .pods, old: old)
    #expect(other.count == 1 && other[0].hasPrefix("spec: Forbidden: pod updates may not change fields other than"))
    #expect(other[0].hasSuffix("changed: spec.containers"))
    let removed = try check(
      pod(#"{"name":"a","image":"b:1","resources":{"requests":{"cpu":"1"}}}"#), .pods, old: tolerating)
    #expect(removed.count == 1 && removed[0].hasPrefix("spec.tolerations: Forbidden"))
  }

  @Test(arguments: [
    (#","replicas":-1"#, "spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
    (
      #","selector":{"matchLabels":{"app":"other"}}"#,
      "spec.template.metadata.labels: Invalid value: map[string]string{\"app\":\"a\"}: `selector` does not match template `labels`"
    ),
    (
      #","selector":{}"#,
      "spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: empty selector is invalid for deployment"
    ),
    (
      #","selector":{"matchExpressions":[{"key":"app","operator":"Within"}]}"#,
      "spec.selector.matchExpressions[0].operator: Invalid value: \"Within\": not a valid selector operator"
    ),
    (
      #","strategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":0}}"#,
      "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: intstr.IntOrString{Type:0, IntVal:0, StrVal:\"\"}: may not be 0 when `maxSurge` is 0"
    ),
    (#","strategy":{"type":"Recreate","rollingUpdate":{}}"#, "spec.strategy.rollingUpdate: Forbidden"),
    (
      #","minReadySeconds":600"#,
      "spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds"
    ),
  ])
  func deployments(spec: String, expected: String) throws {
    // A second member of the same name stands for the first.
    let text = deployment("").replacing(##","template""##, with: "\(spec),\"template\"", if: !spec.contains("selector"))
    let chosen =
      spec.contains("selector")
      ? deployment("").replacing(##""selector":{"matchLabels":{"app":"a"}}"##, with: String(spec.dropFirst()), if: true)
      : text
    let found = try check(chosen, .deployments)
    #expect(found.contains { $0.hasPrefix(expected) }, "\(found)")
  }

  @Test func selectorsStay() throws {
    let other = deployment("").replacing("\"app\":\"a\"", with: "\"app\":\"b\"", if: true)
    let found = try check(other, .deployments, old: deployment(""))
    #expect(
      found == [
        "spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{\"app\":\"b\"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable"
      ])
  }

  @Test(arguments: [
    (#"{"ports":[]}"#, "spec.ports: Required value"),
    (#"{"ports":[{"port":80},{"port":81}]}"#, "spec.ports[0].name: Required value"),
    (
      #"{"ports":[{"port":80,"nodePort":30000}]}"#,
      "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"
    ),
    (
      #"{"type":"NodePort","ports":[{"port":80,"nodePort":80}]}"#,
      "spec.ports[0].nodePort: Invalid value: 80: not in the valid range"
    ),
    (#"{"type":"Magic","ports":[{"port":80}]}"#, "spec.type: Unsupported value: \"Magic\""),
    (#"{"ports":[{"port":80,"targetPort":"NAME"}]}"#, "spec.ports[0].targetPort: Invalid value: \"NAME\""),
    (#"{"type":"ExternalName"}"#, "spec.externalName: Required value"),
  ])
  func services(spec: String, expected: String) throws {
    let found = try check(#"{"metadata":{"name":"s"},"spec":\#(spec)}"#, .services)
    #expect(found.first?.hasPrefix(expected) == true, "\(found)")
  }

  @Test func servicesKeepTheirAddressAndBeginWithALetter() throws {
    func service(_ address: String) -> String {
      #"{"metadata":{"name":"s"},"spec":{"clusterIP":"\#(address)","ports":[{"port":80}]}}"#
    }
    #expect(try check(service("10.0.0.1"), .services, old: service("10.0.0.1")) == [])
    #expect(
      try check(service("10.0.0.2"), .services, old: service("10.0.0.1"))
        == ["spec.clusterIPs[0]: Invalid value: []string{\"10.0.0.2\"}: may not change once set"])
    let found = try check(#"{"metadata":{"name":"1s"},"spec":{"ports":[{"port":80}]}}"#, .services)
    #expect(found.first?.hasPrefix("metadata.name: Invalid value: \"1s\": a DNS-1035 label") == true)
  }

  @Test(arguments: [
    (#""maxReplicas":0"#, "spec.maxReplicas: Invalid value: 0: must be greater than 0"),
    (
      #""minReplicas":5,"maxReplicas":2"#,
      "spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`"
    ),
    (#""minReplicas":0,"maxReplicas":2"#, "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1"),
    (#""maxReplicas":2,"metrics":[{"type":"Magic"}]"#, "spec.metrics[0].type: Unsupported value: \"Magic\""),
    (#""maxReplicas":2,"metrics":[{"type":"Resource"}]"#, "spec.metrics[0].resource: Required value"),
    (
      #""maxReplicas":2,"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization"}}}]"#,
      "spec.metrics[0].resource.target.averageUtilization: Required value"
    ),
    (
      #""maxReplicas":2,"metrics":[{"type":"Pods","pods":{"metric":{"name":"r"},"target":{"type":"AverageValue","averageValue":"0"}}}]"#,
      "spec.metrics[0].pods.target.averageValue: Invalid value: \"0\": must be positive"
    ),
    (
      #""maxReplicas":2,"behavior":{"scaleUp":{"policies":[{"type":"Pods","value":1,"periodSeconds":9000}]}}"#,
      "spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 9000: must be less than or equal to 1800"
    ),
  ])
  func autoscalers(spec: String, expected: String) throws {
    let text = #"{"metadata":{"name":"h"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},\#(spec)}}"#
    let found = try check(text, .horizontalPodAutoscalers)
    #expect(found.contains { $0.hasPrefix(expected) }, "\(found)")
  }

  @Test func budgetsHaveOneLimit() throws {
    let found = try check(
      #"{"metadata":{"name":"b"},"spec":{"minAvailable":1,"maxUnavailable":"101%"}}"#, .podDisruptionBudgets)
    #expect(found.count == 2)
    #expect(found.first?.hasSuffix("minAvailable and maxUnavailable cannot be both set") == true)
    #expect(
      found.last
        == "spec.maxUnavailable: Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:\"101%\"}: must not be greater than 100%"
    )
  }

  @Test func immutableConfigurationStays() throws {
    let old = #"{"metadata":{"name":"c"},"data":{"a":"1"},"immutable":true}"#
    let changed = #"{"metadata":{"name":"c"},"data":{"a":"2"},"immutable":true}"#
    #expect(try check(old, .configMaps, old: old) == [])
    #expect(
      try check(changed, .configMaps, old: old) == ["data: Forbidden: field is immutable when `immutable` is set"])
    let loosened = #"{"metadata":{"name":"c"},"data":{"a":"1"}}"#
    #expect(
      try check(loosened, .configMaps, old: old)
        == ["immutable: Forbidden: field is immutable when `immutable` is set"])
  }

  @Test func aSecretsValueIsNotRepeated() throws {
    let found = try check(#"{"metadata":{"name":"s"},"data":{"k":"not base64!"}}"#, .secrets)
    #expect(found == ["data[k]: Invalid value: \"\": must be base64"])
  }

  @Test func definitionsAreNamedAfterWhatTheyDefine() throws {
    let text = """
      {"metadata":{"name":"a.b"},"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"as","kind":"A"},
       "versions":[{"name":"v1","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object"}}}]}}
      """
    let found = try check(text, .customResourceDefinitions)
    #expect(found.count == 2)
    #expect(found.first == "metadata.name: Invalid value: \"a.b\": must be spec.names.plural+\".\"+spec.group")
    #expect(found.last?.hasSuffix("must have exactly one version marked as storage version") == true)
  }

  @Test(arguments: [
    (#"{"n":"x"}"#, "spec.n: Invalid value: \"string\": spec.n in body must be of type integer: \"string\""),
    (#"{"n":0}"#, "spec.n: Invalid value: 0: spec.n in body should be greater than or equal to 1"),
    (#"{"n":1,"s":"toolong"}"#, "spec.s: Too long: may not be more than 3 bytes"),
    (#"{"n":1,"e":"c"}"#, "spec.e: Unsupported value: \"c\": supported values: \"a\", \"b\""),
    (#"{}"#, "spec.n: Required value"),
    (#"{"n":1,"p":"abc"}"#, "spec.p: Invalid value: \"abc\": spec.p in body should match '^[0-9]+$'"),
    (#"{"n":1,"l":[1,1]}"#, "spec.l[1]: Duplicate value: 1"),
  ])
  func customResourcesFollowTheirSchema(spec: String, expected: String) throws {
    let schema = try JSONValue(
      parsing: #"""
        {"type":"object","properties":{"spec":{"type":"object","required":["n"],"properties":{
          "n":{"type":"integer","minimum":1},"s":{"type":"string","maxLength":3},"e":{"type":"string","enum":["a","b"]},
          "p":{"type":"string","pattern":"^[0-9]+$"},
          "l":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"integer"}}}}}}
        """#)
    let object = try JSONValue(parsing: #"{"metadata":{"name":"a"},"spec":\#(spec)}"#)
    let found = Validation.check(object, old: nil, resource: .pushCampaigns, schema: StructuralSchema(schema))
      .map { "\($0.field): \($0.message)" }
    #expect(found.count == 1 && found[0].hasPrefix(expected), "\(found)")
  }
}

extension String {
  /// All places of `text`, replaced.
  fileprivate func replacing(_ text: String, with other: String, if condition: Bool) -> String {
    guard condition else { return self }
    var result = ""
    var rest = self[...]
    while let first = rest.firstRange(of: text) {
      result += rest[..<first.lowerBound] + other
      rest = rest[first.upperBound...]
    }
    return result + rest
  }
}
