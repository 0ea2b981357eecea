import Kubernetes

/// The kinds that others bring to a cluster, as far as we render them: their fields' types, bounds and words, from their own
/// definitions. A field that is not here is an unknown one to an API server.
struct BroughtKind: Sendable {
  var group: String
  var version: String
  var kind: String
  var plural: String
  /// Of `spec`, as OpenAPI.
  var schema: JSONValue

  var definition: JSONValue {
    [
      "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
      "metadata": [
        "name": .string("\(plural).\(group)"),
        // Groups of Kubernetes itself ask for it (https://github.com/kubernetes/enhancements/pull/1111).
        "annotations": ["api-approved.kubernetes.io": "https://github.com/kubernetes/kubernetes/pull/78458"],
      ],
      "spec": [
        "group": .string(group), "scope": "Namespaced",
        "names": ["kind": .string(kind), "plural": .string(plural), "singular": .string(kind.lowercased())],
        "versions": [
          [
            "name": .string(version), "served": true, "storage": true,
            "schema": ["openAPIV3Schema": ["type": "object", "properties": ["spec": schema], "required": ["spec"]]],
          ]
        ],
      ],
    ]
  }

  /// All their definitions, as kubectl takes them.
  static let manifests = all.map { "---\n\($0.definition.text)\n" }.joined()

  static let all = [externalSecrets, verticalPodAutoscalers, podMonitors, prometheusRules, securityGroupPolicies]

  // MARK: Parts

  private static func object(_ properties: JSONObject, required: [String] = []) -> JSONValue {
    var schema: JSONObject = ["type": "object", "properties": .object(properties)]
    if !required.isEmpty { schema["required"] = .array(required.map { .string($0) }) }
    return .object(schema)
  }
  private static func list(_ items: JSONValue) -> JSONValue { ["type": "array", "items": items] }
  private static func map(_ values: JSONValue) -> JSONValue { ["type": "object", "additionalProperties": values] }
  private static func word(_ words: String...) -> JSONValue {
    ["type": "string", "enum": .array(words.map { .string($0) })]
  }
  private static func text(_ pattern: String) -> JSONValue {
    ["type": "string", "pattern": .string(pattern), "minLength": 1, "maxLength": 253]
  }
  private static let text: JSONValue = ["type": "string"]
  private static let key = text("^[-._a-zA-Z0-9]+$")
  private static let name = text(#"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"#)
  private static let intOrString: JSONValue = [
    "anyOf": [["type": "integer"], ["type": "string"]], "x-kubernetes-int-or-string": true,
  ]
  private static let selector = object(["matchLabels": map(text)])

  /// https://external-secrets.io/latest/api/spec/#external-secrets.io/v1.ExternalSecret
  private static let externalSecrets = BroughtKind(
    group: "external-secrets.io", version: "v1", kind: "ExternalSecret", plural: "externalsecrets",
    schema: object(
      [
        "refreshInterval": text,
        "secretStoreRef": object(["name": name, "kind": word("SecretStore", "ClusterSecretStore")]),
        "target": object(["name": name, "creationPolicy": word("Owner", "Orphan", "Merge", "None")]),
        "data": list(
          object(
            ["secretKey": key, "remoteRef": object(["key": text, "property": text], required: ["key"])],
            required: ["remoteRef", "secretKey"])),
        "dataFrom": list(object(["extract": object(["key": text], required: ["key"])])),
      ]))

  /// https://github.com/kubernetes/autoscaler/blob/master/vertical-pod-autoscaler/docs/api.md
  private static let verticalPodAutoscalers = BroughtKind(
    group: "autoscaling.k8s.io", version: "v1", kind: "VerticalPodAutoscaler", plural: "verticalpodautoscalers",
    schema: object(
      [
        "targetRef": object(["apiVersion": text, "kind": text, "name": text], required: ["kind", "name"]),
        "updatePolicy": object(["updateMode": word("Off", "Initial", "Recreate", "InPlaceOrRecreate", "InPlace")]),
        "resourcePolicy": object([
          "containerPolicies": list(
            object([
              "containerName": text, "mode": word("Auto", "Off"), "minAllowed": map(intOrString),
              "maxAllowed": map(intOrString),
            ]))
        ]),
      ], required: ["targetRef"]))

  /// https://docs.aws.amazon.com/eks/latest/userguide/sg-pods-example-deployment.html
  private static let securityGroupPolicies = BroughtKind(
    group: "vpcresources.k8s.aws", version: "v1beta1", kind: "SecurityGroupPolicy", plural: "securitygrouppolicies",
    schema: object([
      "podSelector": selector,
      "securityGroups": object(["groupIds": ["type": "array", "items": text, "minItems": 1, "maxItems": 16]]),
    ]))

  /// Prometheus' durations.
  private static let span = text(
    "^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$")

  /// https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor
  private static let podMonitors = BroughtKind(
    group: "monitoring.coreos.com", version: "v1", kind: "PodMonitor", plural: "podmonitors",
    schema: object(
      [
        "selector": selector, "podTargetLabels": list(text),
        "podMetricsEndpoints": list(object(["port": text, "path": text, "interval": span])),
      ], required: ["selector"]))

  /// https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule
  private static let prometheusRules = BroughtKind(
    group: "monitoring.coreos.com", version: "v1", kind: "PrometheusRule", plural: "prometheusrules",
    schema: object([
      "groups": [
        "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
        "items": object(
          [
            "name": ["type": "string", "minLength": 1],
            "rules": list(
              object(
                [
                  "alert": text, "expr": intOrString, "for": span, "labels": map(text), "annotations": map(text),
                ], required: ["expr"])),
          ], required: ["name"]),
      ]
    ]))
}
