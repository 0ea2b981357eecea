import Definitions
import Kubernetes

extension ServiceRenderer {
  /// Replicas are left out: they are the autoscaler's to set.
  func deployment(of service: Microservice, configMap: String?) -> JSONValue {
    [
      "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata(service.metadata.name, of: service),
      "spec": [
        "selector": ["matchLabels": selector(of: service)],
        "strategy": ["type": "RollingUpdate", "rollingUpdate": ["maxSurge": "25%", "maxUnavailable": 0]],
        "template": [
          "metadata": ["labels": .object(labels(of: service))],
          "spec": podSpec(of: service, configMap: configMap),
        ],
      ],
    ]
  }

  private func podSpec(of service: Microservice, configMap: String?) -> JSONValue {
    var spec: JSONObject = [
      "serviceAccountName": .string(service.metadata.name), "automountServiceAccountToken": false,
      // One deadline for everything that ends, below the two minutes of a spot notice.
      "terminationGracePeriodSeconds": 60,
      "securityContext": [
        "runAsNonRoot": true, "runAsUser": 65532, "runAsGroup": 65532, "seccompProfile": ["type": "RuntimeDefault"],
      ],
    ]
    if let affinity = nodeAffinity(service.spec.spot) { spec["affinity"] = affinity }
    if service.spec.spot != "never" {
      spec["tolerations"] = [["key": .string(WellKnown.capacityType), "value": "spot", "effect": "NoSchedule"]]
    }
    spec["topologySpreadConstraints"] = .array(
      [WellKnown.zone, WellKnown.hostname].map { key in
        [
          "maxSkew": 1, "topologyKey": .string(key), "whenUnsatisfiable": "ScheduleAnyway",
          "labelSelector": ["matchLabels": selector(of: service)],
        ]
      })
    spec["initContainers"] = [sidecar(of: service)]
    spec["containers"] = [application(of: service, configMap: configMap)]
    if let configMap { spec["volumes"] = [["name": "config", "configMap": ["name": .string(configMap)]]] }
    return .object(spec)
  }

  private func nodeAffinity(_ spot: String) -> JSONValue? {
    func expression(_ value: String) -> JSONValue {
      ["matchExpressions": [["key": .string(WellKnown.capacityType), "operator": "In", "values": [.string(value)]]]]
    }
    switch spot {
    case "only":
      return [
        "nodeAffinity": ["requiredDuringSchedulingIgnoredDuringExecution": ["nodeSelectorTerms": [expression("spot")]]]
      ]
    case "never":
      return [
        "nodeAffinity": [
          "requiredDuringSchedulingIgnoredDuringExecution": ["nodeSelectorTerms": [expression("on-demand")]]
        ]
      ]
    default:
      return [
        "nodeAffinity": [
          "preferredDuringSchedulingIgnoredDuringExecution": [["weight": 50, "preference": expression("spot")]]
        ]
      ]
    }
  }

  private func application(of service: Microservice, configMap: String?) -> JSONValue {
    let spec = service.spec
    var container: JSONObject = [
      "name": "app", "image": .string(image(spec.image)),
      "ports": [["name": "app", "containerPort": .integer(Int64(spec.port))]],
      "env": .array(environment(of: service)),
    ]
    var resources: JSONObject = [:]
    if !spec.resources.isEmpty {
      resources["requests"] = .object(
        JSONObject(spec.resources.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }))
    }
    // Memory is a hard limit; a CPU limit would throttle just when a burst comes.
    if let memory = spec.resources["memory"] { resources["limits"] = ["memory": memory.json] }
    if !resources.isEmpty { container["resources"] = .object(resources) }
    container["livenessProbe"] = [
      "httpGet": ["path": .string(spec.health), "port": "app"], "periodSeconds": 10, "timeoutSeconds": 2,
      "failureThreshold": 3,
    ]
    // A slow start is no failure: liveness begins when this has succeeded.
    container["startupProbe"] = [
      "httpGet": ["path": .string(spec.health), "port": "app"], "periodSeconds": 1, "timeoutSeconds": 2,
      "failureThreshold": 120,
    ]
    // Endpoints and load balancers must have forgotten the pod before it stops to answer.
    container["lifecycle"] = ["preStop": ["sleep": ["seconds": 15]]]
    container["securityContext"] = containerSecurity
    if configMap != nil {
      container["volumeMounts"] = [["name": "config", "mountPath": "/config", "readOnly": true]]
    }
    return .object(container)
  }

  var containerSecurity: JSONValue {
    [
      "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": ["drop": ["ALL"]],
    ]
  }

  private func image(_ repository: String) -> String {
    let prefix = platform.registry.isEmpty ? "" : platform.registry + "/"
    return "\(prefix)\(repository):\(tag)"
  }

  private func environment(of service: Microservice) -> [JSONValue] {
    var variables: [JSONValue] = identity
    variables.append(["name": "PORT", "value": .string(String(service.spec.port))])
    variables.append(["name": "SERVICE", "value": .string(service.metadata.name)])
    for (index, call) in service.spec.calls.sorted(by: { $0.service < $1.service }).enumerated() {
      let name = Microservice.addressVariable(of: call.service)
      variables.append(["name": .string(name), "value": .string("http://$(MESH_ADDRESS):\(15100 + index)")])
    }
    for (name, value) in service.spec.env.sorted(by: { $0.key < $1.key }) {
      if let text = value.stringValue {
        variables.append(["name": .string(name), "value": .string(text)])
        continue
      }
      let key = value["key"] ?? ""
      let reference: JSONValue =
        value["secret"].map { ["secretKeyRef": ["name": $0, "key": key]] }
        ?? ["configMapKeyRef": ["name": value["config"] ?? "", "key": key]]
      variables.append(["name": .string(name), "valueFrom": reference])
    }
    return variables
  }

  /// Who and where a container is, for the application and its sidecar alike.
  var identity: [JSONValue] {
    func field(_ name: String, _ path: String) -> JSONValue {
      ["name": .string(name), "valueFrom": ["fieldRef": ["fieldPath": .string(path)]]]
    }
    let loopback: JSONValue =
      platform.mesh.loopback == .podIP
      ? field("MESH_ADDRESS", "status.podIP") : ["name": "MESH_ADDRESS", "value": "127.0.0.1"]
    return [
      field("POD_NAME", "metadata.name"), field("POD_NAMESPACE", "metadata.namespace"), field("POD_IP", "status.podIP"),
      loopback,
    ]
  }
}
