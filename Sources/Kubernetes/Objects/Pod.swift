/// core/v1 Pod.
public struct Pod: KubernetesObject, Hashable {
  public static var resource: ResourceType { .pods }
  public var metadata = ObjectMeta()
  public var spec = PodSpec()
  public var status = PodStatus()
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("spec", &spec)
    f.code("status", &status)
  }
}

public struct PodTemplate: JSONStruct, Hashable {
  public var metadata = ObjectMeta()
  public var spec = PodSpec()
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("metadata", &metadata)
    f.code("spec", &spec)
  }
}

public struct PodSpec: JSONStruct, Hashable {
  public var nodeName = ""
  public var nodeSelector: Labels = [:]
  public var initContainers: [Container] = []
  public var containers: [Container] = []
  public var volumes: [JSONValue] = []
  public var restartPolicy = ""
  public var terminationGracePeriodSeconds: Int?
  public var activeDeadlineSeconds: Int?
  public var serviceAccountName = ""
  public var schedulerName = ""
  public var priorityClassName = ""
  public var priority: Int?
  public var preemptionPolicy = ""
  public var overhead: ResourceList = [:]
  public var tolerations: [Toleration] = []
  public var affinity: Affinity?
  public var topologySpreadConstraints: [TopologySpreadConstraint] = []
  public var hostNetwork = false
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("volumes", &volumes)
    f.code("initContainers", &initContainers)
    f.code("containers", &containers)
    f.code("restartPolicy", &restartPolicy)
    f.code("terminationGracePeriodSeconds", &terminationGracePeriodSeconds)
    f.code("activeDeadlineSeconds", &activeDeadlineSeconds)
    f.code("nodeSelector", &nodeSelector)
    f.code("serviceAccountName", &serviceAccountName)
    f.code("nodeName", &nodeName)
    f.code("hostNetwork", &hostNetwork)
    f.code("affinity", &affinity)
    f.code("schedulerName", &schedulerName)
    f.code("tolerations", &tolerations)
    f.code("priorityClassName", &priorityClassName)
    f.code("priority", &priority)
    f.code("preemptionPolicy", &preemptionPolicy)
    f.code("overhead", &overhead)
    f.code("topologySpreadConstraints", &topologySpreadConstraints)
  }
}

/// Amounts by resource name: `cpu`, `memory`, `pods`, `ephemeral-storage`, extended resources.
public typealias ResourceList = [String: Quantity]

public struct ResourceRequirements: JSONStruct, Hashable {
  public var limits: ResourceList = [:]
  public var requests: ResourceList = [:]
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("limits", &limits)
    f.code("requests", &requests)
  }
}

public struct Container: JSONStruct, Hashable {
  public var name = ""
  public var image = ""
  public var imagePullPolicy = ""
  public var command: [String] = []
  public var args: [String] = []
  public var workingDir = ""
  public var ports: [ContainerPort] = []
  public var env: [EnvironmentVariable] = []
  public var envFrom: [JSONValue] = []
  public var resources = ResourceRequirements()
  public var volumeMounts: [JSONValue] = []
  public var livenessProbe: Probe?
  public var readinessProbe: Probe?
  public var startupProbe: Probe?
  public var lifecycle: JSONValue?
  /// `Always` on an init container makes it a sidecar: started before the others, stopped after them.
  public var restartPolicy = ""
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("name", &name)
    f.code("image", &image)
    f.code("command", &command)
    f.code("args", &args)
    f.code("workingDir", &workingDir)
    f.code("ports", &ports)
    f.code("envFrom", &envFrom)
    f.code("env", &env)
    f.code("resources", &resources)
    f.code("restartPolicy", &restartPolicy)
    f.code("volumeMounts", &volumeMounts)
    f.code("livenessProbe", &livenessProbe)
    f.code("readinessProbe", &readinessProbe)
    f.code("startupProbe", &startupProbe)
    f.code("lifecycle", &lifecycle)
    f.code("imagePullPolicy", &imagePullPolicy)
  }

  public var isSidecar: Bool { restartPolicy == "Always" }
}

public struct ContainerPort: JSONStruct, Hashable {
  public var name = ""
  public var containerPort = 0
  public var hostPort = 0
  public var `protocol` = ""
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("name", &name)
    f.code("hostPort", &hostPort)
    f.code("containerPort", &containerPort)
    f.code("protocol", &`protocol`)
  }
}

public struct EnvironmentVariable: JSONStruct, Hashable {
  public var name = ""
  public var value = ""
  /// `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`.
  public var valueFrom: JSONValue?
  public var unknown = JSONObject()

  public init() {}
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("name", &name)
    f.code("value", &value)
    f.code("valueFrom", &valueFrom)
  }
}

public struct Probe: JSONStruct, Hashable {
  public var httpGet: HTTPGetAction?
  public var tcpSocket: TCPSocketAction?
  public var exec: ExecAction?
  public var initialDelaySeconds = 0
  public var timeoutSeconds: Int?
  public var periodSeconds: Int?
  public var successThreshold: Int?
  public var failureThreshold: Int?
  public var terminationGracePeriodSeconds: Int?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("httpGet", &httpGet)
    f.code("tcpSocket", &tcpSocket)
    f.code("exec", &exec)
    f.code("initialDelaySeconds", &initialDelaySeconds)
    f.code("timeoutSeconds", &timeoutSeconds)
    f.code("periodSeconds", &periodSeconds)
    f.code("successThreshold", &successThreshold)
    f.code("failureThreshold", &failureThreshold)
    f.code("terminationGracePeriodSeconds", &terminationGracePeriodSeconds)
  }
}

public struct HTTPGetAction: JSONStruct, Hashable {
  public var path = ""
  public var port = IntOrString.int(0)
  public var host = ""
  public var scheme = ""
  public var httpHeaders: [JSONValue] = []
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("path", &path)
    f.code("port", &port)
    f.code("host", &host)
    f.code("scheme", &scheme)
    f.code("httpHeaders", &httpHeaders)
  }
}

public struct TCPSocketAction: JSONStruct, Hashable {
  public var port = IntOrString.int(0)
  public var host = ""
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("port", &port)
    f.code("host", &host)
  }
}

public struct ExecAction: JSONStruct, Hashable {
  public var command: [String] = []
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) { f.code("command", &command) }
}

public struct PodStatus: JSONStruct, Hashable {
  public var phase = ""  // Pending, Running, Succeeded, Failed
  public var conditions: [Condition] = []
  public var message = ""
  public var reason = ""
  public var hostIP = ""
  public var podIP = ""
  public var podIPs: [JSONValue] = []
  public var nominatedNodeName = ""
  public var startTime: Timestamp?
  public var initContainerStatuses: [ContainerStatus] = []
  public var containerStatuses: [ContainerStatus] = []
  public var qosClass = ""
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("phase", &phase)
    f.code("conditions", &conditions)
    f.code("message", &message)
    f.code("reason", &reason)
    f.code("nominatedNodeName", &nominatedNodeName)
    f.code("hostIP", &hostIP)
    f.code("podIP", &podIP)
    f.code("podIPs", &podIPs)
    f.code("startTime", &startTime)
    f.code("initContainerStatuses", &initContainerStatuses)
    f.code("containerStatuses", &containerStatuses)
    f.code("qosClass", &qosClass)
  }
}

public struct ContainerStatus: JSONStruct, Hashable {
  public var name = ""
  public var image = ""
  public var imageID = ""
  public var containerID = ""
  public var ready = false
  public var started: Bool?
  public var restartCount = 0
  public var state = ContainerState()
  public var lastState = ContainerState()
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("name", &name)
    f.code("state", &state)
    f.code("lastState", &lastState)
    f.code("ready", &ready, always: true)
    f.code("restartCount", &restartCount, always: true)
    f.code("image", &image, always: true)
    f.code("imageID", &imageID, always: true)
    f.code("containerID", &containerID)
    f.code("started", &started)
  }
}

public struct ContainerState: JSONStruct, Hashable {
  public var waiting: Waiting?
  public var running: Running?
  public var terminated: Terminated?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("waiting", &waiting)
    f.code("running", &running)
    f.code("terminated", &terminated)
  }

  public struct Waiting: JSONStruct, Hashable {
    public var reason = ""
    public var message = ""
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("reason", &reason)
      f.code("message", &message)
    }
  }
  public struct Running: JSONStruct, Hashable {
    public var startedAt: Timestamp?
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) { f.code("startedAt", &startedAt) }
  }
  public struct Terminated: JSONStruct, Hashable {
    public var exitCode = 0
    public var signal = 0
    public var reason = ""
    public var message = ""
    public var startedAt: Timestamp?
    public var finishedAt: Timestamp?
    public var containerID = ""
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("exitCode", &exitCode, always: true)
      f.code("signal", &signal)
      f.code("reason", &reason)
      f.code("message", &message)
      f.code("startedAt", &startedAt)
      f.code("finishedAt", &finishedAt)
      f.code("containerID", &containerID)
    }
  }
}

extension Pod {
  public var isReady: Bool { status.conditions["Ready"]?.isTrue ?? false }
  public var isScheduled: Bool { !spec.nodeName.isEmpty }
  public var isTerminating: Bool { metadata.deletionTimestamp != nil }
  /// Succeeded or Failed: it will not run again.
  public var isFinished: Bool { status.phase == "Succeeded" || status.phase == "Failed" }

  /// What the scheduler must find room for: the sum over containers and sidecars, or the largest init container
  /// with the sidecars started before it, whichever is more, plus overhead (component-helpers' `PodRequests`).
  public var requests: ResourceList {
    var running: ResourceList = [:]
    for container in spec.containers { running.add(container.resources.requests) }
    var sidecars: ResourceList = [:]
    var starting: ResourceList = [:]
    for container in spec.initContainers {
      if container.isSidecar {
        sidecars.add(container.resources.requests)
        starting.takeMaximum(sidecars)
      } else {
        var peak = sidecars
        peak.add(container.resources.requests)
        starting.takeMaximum(peak)
      }
    }
    running.add(sidecars)
    running.takeMaximum(starting)
    running.add(spec.overhead)
    return running
  }
}

extension ResourceList {
  public mutating func add(_ other: ResourceList) {
    for (name, amount) in other { self[name] = self[name].map { $0 + amount } ?? amount }
  }

  public mutating func takeMaximum(_ other: ResourceList) {
    for (name, amount) in other { self[name] = self[name].map { Swift.max($0, amount) } ?? amount }
  }
}
