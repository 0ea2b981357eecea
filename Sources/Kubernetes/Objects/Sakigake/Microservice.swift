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

/// Its parts stand in the files beside this one: what runs, how much of it, what it may do, how it is watched.
public struct MicroserviceSpec: JSONStruct, Hashable {
  public var owner = ""
  public var image = ""
  public var command: [String] = []
  public var args: [String] = []
  public var port = 0
  public var health = ""
  public var probes: Probes?
  public var resources: ResourceList = [:]
  /// A string, `{ secret, key }` or `{ config, key }`.
  public var env: [String: JSONValue] = [:]
  public var config = ""
  /// Secrets that come from elsewhere, or are mounted, by the Secret's name.
  public var secrets: [String: SecretSource] = [:]
  public var volumes: [String: Volume] = [:]
  /// Further containers of each pod.
  public var containers: [String: Sidecar] = [:]
  /// Run once at each deployment.
  public var jobs: [String: Job] = [:]
  /// Run by the clock.
  public var cron: [String: ScheduledJob] = [:]
  public var calls: [Call] = []
  public var expose: Expose?
  public var network: Network?
  public var scale = Scale()
  /// What one pod serves within its objective, declared until it is measured.
  public var capacity: Capacity?
  public var rightsize = Rightsize()
  public var spot = ""  // never, preferred (when empty), only
  public var release: Release?
  public var alerts: [String: Alert] = [:]
  public var permissions: [Permission] = []
  public var tags: [String: String] = [:]
  /// Rules of the guardrails that it need not keep for a time.
  public var waivers: [Waiver] = []
  /// Strategic merge patches by the kind of object that they change.
  public var extend: [String: JSONValue] = [:]
  public var unknown = JSONObject()

  public init() {}
  public mutating func fields(_ f: inout FieldCoder) {
    f.code("owner", &owner)
    f.code("image", &image)
    f.code("command", &command)
    f.code("args", &args)
    f.code("port", &port)
    f.code("health", &health)
    f.code("probes", &probes)
    f.code("resources", &resources)
    f.code("env", &env)
    f.code("config", &config)
    f.code("secrets", &secrets)
    f.code("volumes", &volumes)
    f.code("containers", &containers)
    f.code("jobs", &jobs)
    f.code("cron", &cron)
    f.code("calls", &calls)
    f.code("expose", &expose)
    f.code("network", &network)
    f.code("scale", &scale)
    f.code("capacity", &capacity)
    if f.isReading || rightsize != Rightsize() { f.code("rightsize", &rightsize, always: true) }
    f.code("spot", &spot)
    f.code("release", &release)
    f.code("alerts", &alerts)
    f.code("permissions", &permissions)
    f.code("tags", &tags)
    f.code("waivers", &waivers)
    f.code("extend", &extend)
  }
}

/// Whom it calls, and who calls it.
extension MicroserviceSpec {
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
    /// Which of Terraform's listener rules is looked at first, 1 to 50,000; 0 lets host and path decide.
    public var priority = 0
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("host", &host)
      f.code("path", &path)
      f.code("nodePort", &nodePort)
      f.code("priority", &priority)
    }
  }

  /// Traffic beside that which follows from `calls` and `expose`.
  public struct Network: JSONStruct, Hashable {
    /// Who may connect: services, `namespace/NAME`, or addresses (CIDR).
    public var from: [String] = []
    /// To whom the service may connect past the mesh: as `from`, with a port: `namespace/databases:5432`.
    public var to: [String] = []
    /// Names outside of the cluster, `HOST` or `HOST:PORT`; 443 where no port is given.
    public var egress: [String] = []
    /// Security groups of its pods, by their ids.
    public var groups: [String] = []
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("from", &from)
      f.code("to", &to)
      f.code("egress", &egress)
      f.code("groups", &groups)
    }
  }
}

/// How much of it there is.
extension MicroserviceSpec {
  public struct Scale: JSONStruct, Hashable {
    public var min = 0
    public var max = 0
    /// Targets as written: `{ cpu: 60% }`, `{ memory: 70% }`, `{ requestsPerSecond: 120 }`,
    /// `{ external: NAME, labels: { … }, perPod: 30 }`.
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

  /// Whether requests follow what is used: `off`, or `{ mode: auto, min: { cpu: 100m }, max: { memory: 1Gi } }`.
  public struct Rightsize: JSONConvertible, Hashable {
    public enum Mode: String, Sendable, CaseIterable { case off, recommend, auto }
    public var mode = Mode.off
    public var min: ResourceList = [:]
    public var max: ResourceList = [:]

    public init() {}
    public init(json: JSONValue) throws(FieldError) {
      // `off` without quotes is false to YAML 1.1.
      let word = json == false ? "off" : json.stringValue ?? json["mode"]?.stringValue ?? Mode.recommend.rawValue
      guard let mode = Mode(rawValue: word) else { throw FieldError("expected off, recommend or auto") }
      self.mode = mode
      for (name, path) in [("min", \Rightsize.min), ("max", \Rightsize.max)] {
        for member in json[name]?.objectValue ?? [:] {
          self[keyPath: path][member.key] = try Quantity(json: member.value)
        }
      }
    }
    public var json: JSONValue {
      if min.isEmpty, max.isEmpty { return .string(mode.rawValue) }
      var object: JSONObject = ["mode": .string(mode.rawValue)]
      for (name, list) in [("min", min), ("max", max)] where !list.isEmpty {
        object[name] = .object(JSONObject(list.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }))
      }
      return .object(object)
    }
  }
}
