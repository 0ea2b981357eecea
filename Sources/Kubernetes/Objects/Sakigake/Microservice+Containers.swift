/// What runs: further containers, jobs, and what they find on their disks.
extension MicroserviceSpec {
  /// A container of one's own beside the application, started before it and stopped after it.
  public struct Sidecar: JSONStruct, Hashable {
    /// A repository of the platform's, which gets the deployment's tag, or a whole reference, taken as it is.
    public var image = ""
    public var command: [String] = []
    public var args: [String] = []
    /// Where it listens on the pod's address; 0 where it does not.
    public var port = 0
    public var env: [String: JSONValue] = [:]
    public var resources: ResourceList = [:]
    public var probes: Probes?
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("image", &image)
      f.code("command", &command)
      f.code("args", &args)
      f.code("port", &port)
      f.code("env", &env)
      f.code("resources", &resources)
      f.code("probes", &probes)
    }
  }

  /// Something that runs to its end.
  public struct Job: JSONStruct, Hashable {
    public enum Moment: String, Sendable, CaseIterable { case before, after }
    /// The service's own where empty.
    public var image = ""
    public var command: [String] = []
    public var args: [String] = []
    /// Over the service's own.
    public var env: [String: JSONValue] = [:]
    public var resources: ResourceList = [:]
    public var deadline: TimeSpan?
    public var retries: Int?
    /// Whether the new revision's pods come after it or before it: `before`, `after`.
    public var when = ""
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("image", &image)
      f.code("command", &command)
      f.code("args", &args)
      f.code("env", &env)
      f.code("resources", &resources)
      f.code("deadline", &deadline)
      f.code("retries", &retries)
      f.code("when", &when)
    }
    public var moment: Moment { Moment(rawValue: when) ?? .before }
  }

  public struct ScheduledJob: JSONStruct, Hashable {
    public enum Concurrency: String, Sendable, CaseIterable { case forbid, allow, replace }
    public var job = Job()
    public var schedule = ""
    /// An IANA time zone; UTC where empty.
    public var zone = ""
    public var concurrency = ""
    /// How late it may still begin.
    public var startWithin: TimeSpan?
    public var suspended = false
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("schedule", &schedule)
      f.code("zone", &zone)
      f.code("concurrency", &concurrency)
      f.code("startWithin", &startWithin)
      f.code("suspended", &suspended)
      job.fields(&f)
    }
    public var concurrent: Concurrency { Concurrency(rawValue: concurrency) ?? .forbid }
  }

  /// Space on a disk: gone with the pod, or kept by a claim.
  public struct Volume: JSONStruct, Hashable {
    public enum Access: String, Sendable, CaseIterable { case once, many }
    /// Where the application, its sidecars and its jobs find it.
    public var mount = ""
    public var size: Quantity?
    /// In memory instead of on the node's disk; it counts as the container's memory.
    public var memory = false
    public var claim: Claim?
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("mount", &mount)
      f.code("size", &size)
      f.code("memory", &memory)
      f.code("claim", &claim)
    }

    public struct Claim: JSONStruct, Hashable {
      public var size = Quantity.zero
      /// The cluster's default where empty.
      public var storageClass = ""
      public var access = ""
      public var unknown = JSONObject()
      public init() {}
      public mutating func fields(_ f: inout FieldCoder) {
        f.code("size", &size)
        f.code("class", &storageClass)
        f.code("access", &access)
      }
      public var accessMode: Access { Access(rawValue: access) ?? .once }
    }
  }

  /// Where a Secret comes from, and where its keys appear as files.
  public struct SecretSource: JSONStruct, Hashable {
    /// The secret's name in AWS Secrets Manager; the Secret is made by hand where empty.
    public var from = ""
    /// Keys of the Secret and the properties that they are taken from; all of them where empty.
    public var keys: [String: String] = [:]
    public var refresh: TimeSpan?
    /// A directory with a file for each key; none where empty.
    public var mount = ""
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("from", &from)
      f.code("keys", &keys)
      f.code("refresh", &refresh)
      f.code("mount", &mount)
    }
  }

  public struct Probes: JSONStruct, Hashable {
    public var readiness: ProbeSetting?
    public var liveness: ProbeSetting?
    public var startup: ProbeSetting?
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("readiness", &readiness)
      f.code("liveness", &liveness)
      f.code("startup", &startup)
    }
  }

  /// `off`, or what is different from the convention.
  public struct ProbeSetting: JSONConvertible, Hashable {
    public var isOff = false
    public var path: String?
    public var tcp = false
    public var command: [String] = []
    public var period: TimeSpan?
    public var timeout: TimeSpan?
    public var failures: Int?

    public init() {}
    public init(json: JSONValue) throws(FieldError) {
      if json == false || json == "off" {
        isOff = true
        return
      }
      guard case .object = json else { throw FieldError("expected off or { path, period, timeout, failures }") }
      path = json["path"]?.stringValue
      tcp = json["tcp"]?.boolValue ?? false
      command = (json["command"]?.arrayValue ?? []).compactMap(\.stringValue)
      if let value = json["period"] { period = try TimeSpan(json: value) }
      if let value = json["timeout"] { timeout = try TimeSpan(json: value) }
      if let value = json["failures"] { failures = try Int(json: value) }
    }
    public var json: JSONValue {
      if isOff { return "off" }
      var object: JSONObject = [:]
      if let path { object["path"] = .string(path) }
      if tcp { object["tcp"] = true }
      if !command.isEmpty { object["command"] = .array(command.map { .string($0) }) }
      if let period { object["period"] = period.json }
      if let timeout { object["timeout"] = timeout.json }
      if let failures { object["failures"] = failures.json }
      return .object(object)
    }
  }
}
