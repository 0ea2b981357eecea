import Definitions
import Kubernetes

/// What pods of the service and of its jobs have in common.
extension ServiceManifests {
  /// One deadline for everything that ends, below the two minutes of a spot notice.
  static let graceSeconds: Int64 = 60
  /// Endpoints and load balancers must have forgotten a pod before it stops to answer.
  static let drainSeconds: Int64 = 15

  /// Who a pod is and where it may run, as restricted pod security has it.
  var commonPodSpec: JSONObject {
    var security: JSONObject = [
      "runAsNonRoot": true, "runAsUser": 65532, "runAsGroup": 65532, "seccompProfile": ["type": "RuntimeDefault"],
    ]
    // What is mounted belongs to the group that containers run as.
    if !spec.volumes.isEmpty || spec.secrets.values.contains(where: { !$0.mount.isEmpty }) {
      security["fsGroup"] = 65532
    }
    var pod: JSONObject = [
      "serviceAccountName": .string(name), "automountServiceAccountToken": false,
      "terminationGracePeriodSeconds": .integer(Self.graceSeconds), "securityContext": .object(security),
    ]
    pod["affinity"] = nodeAffinity
    if spec.spot != "never" {
      pod["tolerations"] = [["key": .string(WellKnown.capacityType), "value": "spot", "effect": "NoSchedule"]]
    }
    return pod
  }

  private var nodeAffinity: JSONValue {
    func expression(_ value: String) -> JSONValue {
      ["matchExpressions": [["key": .string(WellKnown.capacityType), "operator": "In", "values": [.string(value)]]]]
    }
    func required(_ value: String) -> JSONValue {
      [
        "nodeAffinity": ["requiredDuringSchedulingIgnoredDuringExecution": ["nodeSelectorTerms": [expression(value)]]]
      ]
    }
    switch spec.spot {
    case "only": return required("spot")
    case "never": return required("on-demand")
    default:
      return [
        "nodeAffinity": [
          "preferredDuringSchedulingIgnoredDuringExecution": [["weight": 50, "preference": expression("spot")]]
        ]
      ]
    }
  }

  var containerSecurity: JSONValue {
    [
      "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": ["drop": ["ALL"]],
    ]
  }

  /// A repository gets the platform's registry and the deployment's tag; a whole reference is taken as it is.
  func image(_ written: String) -> JSONValue {
    if written.hasImageVersion { return .string(written) }
    let prefix = platform.registry.isEmpty ? "" : platform.registry + "/"
    return .string("\(prefix)\(written):\(tag)")
  }

  /// Memory is a hard limit; a CPU limit would throttle just when a burst comes.
  func resources(_ list: ResourceList) -> JSONValue? {
    guard !list.isEmpty else { return nil }
    var resources: JSONObject = [
      "requests": .object(JSONObject(list.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }))
    ]
    if let memory = list["memory"] { resources["limits"] = ["memory": memory.json] }
    return .object(resources)
  }

  // MARK: Environment

  /// Of the application and its jobs: who they are, where others are, and what the service says.
  func environment(over values: [String: JSONValue] = [:]) -> [JSONValue] {
    var variables: [JSONValue] = identity
    variables.append(["name": "PORT", "value": .string(String(spec.port))])
    variables.append(["name": "SERVICE", "value": .string(name)])
    for (index, call) in spec.calls.sorted(by: { $0.service < $1.service }).enumerated() {
      let name = Microservice.addressVariable(of: call.service)
      variables.append(["name": .string(name), "value": .string("http://$(MESH_ADDRESS):\(15100 + index)")])
    }
    return variables + Self.variables(spec.env.merging(values, uniquingKeysWith: { _, over in over }))
  }

  static func variables(_ values: [String: JSONValue]) -> [JSONValue] {
    values.sorted { $0.key < $1.key }.map { name, value -> JSONValue in
      if let text = value.stringValue { return ["name": .string(name), "value": .string(text)] }
      let key = value["key"] ?? ""
      let reference: JSONValue =
        value["secret"].map { ["secretKeyRef": ["name": $0, "key": key]] }
        ?? ["configMapKeyRef": ["name": value["config"] ?? "", "key": key]]
      return ["name": .string(name), "valueFrom": reference]
    }
  }

  /// Who and where a container is, for the application and its sidecars alike.
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
