/// sakigake.dev/v1 Microservice: what a service developer writes, and what the operator reads.
///
/// The shape is that of `microservice.yaml`; `Definitions` validates it with positions.
public struct Microservice: KubernetesObject, Hashable {
  public static var resource: ResourceType { .microservices }
  public var metadata = ObjectMeta()
  public var spec = MicroserviceSpec()
  public var status: JSONValue?
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("spec", &spec)
    f.code("status", &status)
  }
}

public struct MicroserviceSpec: JSONStruct, Hashable {
  public var owner = ""
  public var image = ""
  public var port = 0
  public var health = ""
  public var resources: ResourceList = [:]
  /// A string, `{ secret, key }` or `{ config, key }`.
  public var env: [String: JSONValue] = [:]
  public var config = ""
  public var calls: [Call] = []
  public var expose: Expose?
  public var scale = Scale()
  /// What one pod serves within its objective, declared until it is measured.
  public var capacity: Capacity?
  public var spot = ""  // never, preferred (when empty), only
  public var release: JSONValue?
  public var permissions: [JSONValue] = []
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("owner", &owner)
    f.code("image", &image)
    f.code("port", &port)
    f.code("health", &health)
    f.code("resources", &resources)
    f.code("env", &env)
    f.code("config", &config)
    f.code("calls", &calls)
    f.code("expose", &expose)
    f.code("scale", &scale)
    f.code("capacity", &capacity)
    f.code("spot", &spot)
    f.code("release", &release)
    f.code("permissions", &permissions)
  }

  /// Another service that this one calls: `users`, or `{ service: users, perRequest: 0.5 }`.
  public struct Call: JSONConvertible, Hashable {
    public var service: String
    /// Calls made for one request served, on average.
    public var perRequest: Double

    public init(service: String, perRequest: Double = 1) {
      self.service = service
      self.perRequest = perRequest
    }
    public init(json: JSONValue) throws(FieldError) {
      if case .string(let name) = json {
        self.init(service: name)
      } else {
        guard let name = json["service"]?.stringValue else {
          throw FieldError("expected a service's name or { service, perRequest }")
        }
        self.init(service: name, perRequest: json["perRequest"]?.doubleValue ?? 1)
      }
    }
    public var json: JSONValue {
      perRequest == 1 ? .string(service) : ["service": .string(service), "perRequest": perRequest.json]
    }
  }

  public struct Expose: JSONStruct, Hashable {
    public var host = ""
    public var path = ""
    /// The port on every node, 30000 to 32767; 0 lets the cluster choose.
    public var nodePort = 0
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("host", &host)
      f.code("path", &path)
      f.code("nodePort", &nodePort)
    }
  }

  public struct Scale: JSONStruct, Hashable {
    public var min = 0
    public var max = 0
    /// Targets as written: `{ cpu: 60% }`, `{ memory: 70% }`, `{ requestsPerSecond: 120 }`.
    public var on: [JSONValue] = []
    public var push = false
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("min", &min)
      f.code("max", &max)
      f.code("on", &on)
      f.code("push", &push)
    }
  }

  public struct Capacity: JSONStruct, Hashable {
    public var requestsPerSecond = 0.0
    /// The share of the capacity to plan for, 0 to 1; 0 means the platform's.
    public var utilization = 0.0
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("requestsPerSecond", &requestsPerSecond)
      f.code("utilization", &utilization)
    }
  }
}

/// sakigake.dev/v1 PushCampaign: a push notification that is going to be sent.
public struct PushCampaign: KubernetesObject, Hashable {
  public static var resource: ResourceType { .pushCampaigns }
  public var metadata = ObjectMeta()
  public var spec = Spec()
  public var status = Status()
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    header(&f)
    f.code("spec", &spec)
    f.code("status", &status)
  }

  public struct Spec: JSONStruct, Hashable {
    public var sendAt: Timestamp?
    public var audience = 0
    public var kind = ""
    /// Which exposed services the recipients open; empty means every exposed service with `scale.push`.
    public var services: [String] = []
    /// Set to take the push back: what it holds is given back at once.
    public var cancelled = false
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("sendAt", &sendAt)
      f.code("audience", &audience)
      f.code("kind", &kind)
      f.code("services", &services)
      f.code("cancelled", &cancelled)
    }
  }

  public struct Status: JSONStruct, Hashable {
    public var phase = ""  // see Phase
    public var message = ""
    public var startAt: Timestamp?
    /// When capacity is, or is expected to be, there.
    public var readyAt: Timestamp?
    /// When the last floor was given back.
    public var releasedAt: Timestamp?
    public var floors: [Floor] = []
    public var nodeGroups: [NodeFloor] = []
    /// Requests per second that the edge serves safely until `readyAt`.
    public var sendRate: Double?
    /// Notifications per second to send until `readyAt`.
    public var pacePerSecond: Double?
    public var conditions: [Condition] = []
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("phase", &phase)
      f.code("message", &message)
      f.code("startAt", &startAt)
      f.code("readyAt", &readyAt)
      f.code("releasedAt", &releasedAt)
      f.code("floors", &floors)
      f.code("nodeGroups", &nodeGroups)
      f.code("sendRate", &sendRate)
      f.code("pacePerSecond", &pacePerSecond)
      f.code("conditions", &conditions)
    }
  }

  /// What one service must have while the push is on.
  public struct Floor: JSONStruct, Hashable {
    public var service = ""
    public var replicas = 0
    public var ready = 0
    /// The service's own minimum, to which the floor returns.
    public var declared = 0
    /// Expected load of this campaign on the service at its peak, requests per second.
    public var peakLoad = 0.0
    /// What the service served besides pushes when last seen before this one, requests per second.
    public var baseLoad = 0.0
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("service", &service)
      f.code("replicas", &replicas)
      f.code("ready", &ready, always: true)
      f.code("declared", &declared)
      f.code("peakLoad", &peakLoad)
      f.code("baseLoad", &baseLoad)
    }
  }

  public struct NodeFloor: JSONStruct, Hashable {
    public var group = ""
    public var nodes = 0
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("group", &group)
      f.code("nodes", &nodes)
    }
  }

  public enum Phase: String, Sendable {
    case planned = "Planned"  // known, too early to act
    case preparing = "Preparing"  // floors raised, capacity on its way
    case ready = "Ready"  // every floor is met
    case active = "Active"  // sent, load expected
    case releasing = "Releasing"  // floors follow the load down
    case released = "Released"  // all given back
    case cancelled = "Cancelled"
  }
}
