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
    /// How many of the group's nodes are ready, those left out that the cloud is about to take away.
    public var ready = 0
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("group", &group)
      f.code("nodes", &nodes)
      f.code("ready", &ready)
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
