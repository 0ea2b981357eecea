public import Kubernetes

/// What a platform says besides its nodes and its mesh.
extension PlatformDefinition {
  /// The load balancer before exposed services.
  public struct Ingress: JSONStruct, Hashable {
    /// Who makes the load balancer.
    public enum Maker: String, Sendable, CaseIterable { case controller, terraform }
    public var by: Maker { Maker(rawValue: maker) ?? .controller }
    private var maker = Maker.controller.rawValue
    public var ingressClass = "alb"
    public var scheme = "internet-facing"
    public var group = ""
    /// The ARN of the certificate for HTTPS; empty where there is none.
    public var certificate = ""
    /// Ranges of addresses that reach pods through node ports.
    public var from: [String] = []
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("by", &maker)
      f.code("class", &ingressClass)
      f.code("scheme", &scheme)
      f.code("group", &group)
      f.code("certificate", &certificate)
      f.code("from", &from)
    }
  }

  /// What Terraform makes of the platform, where its conventions do not do.
  public struct Cloud: JSONStruct, Hashable {
    /// The addresses of the whole network.
    public var network = "10.0.0.0/16"
    /// Three, or none: the first three that the account has.
    public var zones: [String] = []
    /// The version of the cluster; empty takes the newest, once.
    public var kubernetes = ""
    /// How long logs are kept.
    public var logDays = 30
    /// Whether pods can have security groups of their own.
    public var podSecurityGroups = false
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("network", &network)
      f.code("zones", &zones)
      f.code("kubernetes", &kubernetes)
      f.code("logDays", &logDays)
      f.code("podSecurityGroups", &podSecurityGroups)
    }
  }

  public enum SecretStore: Sendable, Hashable {
    /// Nobody said where secrets come from.
    case undeclared
    /// Secrets are made by hand.
    case none
    /// A ClusterSecretStore of External Secrets.
    case cluster(String)
  }

  public struct Papertrail: JSONStruct, Hashable {
    public var host = ""
    public var port = 0
    public var secret = ""
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("host", &host)
      f.code("port", &port)
      f.code("secret", &secret)
    }
  }

  public struct Alerts: JSONStruct, Hashable {
    /// Whether the cluster has the Prometheus operator's kinds.
    public var prometheus = false
    public var scrapedFrom = "monitoring"
    public var labels: [String: String] = [:]
    /// Receivers by severity.
    public var routes: [String: String] = [:]
    public var snsTopic = ""
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("prometheus", &prometheus)
      f.code("scrapedFrom", &scrapedFrom)
      f.code("labels", &labels)
      f.code("routes", &routes)
      f.code("snsTopic", &snsTopic)
    }
  }

  public struct Names: Sendable, Hashable {
    /// A regular expression for whole names of services; empty where any will do.
    public var service = ""
    public var role = NameTemplate(verbatim: "{cluster}-{service}")
  }

  public struct Amounts: JSONStruct, Hashable {
    public var pods: Int?
    public var cpu: Quantity?
    public var memory: Quantity?
    public var storage: Quantity?
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("pods", &pods)
      f.code("cpu", &cpu)
      f.code("memory", &memory)
      f.code("storage", &storage)
    }

    /// These with `other` where it says something.
    func overlaid(with other: Amounts?) -> Amounts {
      var amounts = self
      amounts.pods = other?.pods ?? pods
      amounts.cpu = other?.cpu ?? cpu
      amounts.memory = other?.memory ?? memory
      amounts.storage = other?.storage ?? storage
      return amounts
    }
  }

  public struct Quotas: JSONStruct, Hashable {
    public var service = Amounts()
    public var services: [String: Amounts] = [:]
    public var namespace = Amounts()
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("service", &service)
      f.code("services", &services)
      f.code("namespace", &namespace)
    }

    /// What a service may have at most.
    public func amounts(of service: String) -> Amounts { self.service.overlaid(with: services[service]) }
  }

  public struct Owns: JSONStruct, Hashable {
    /// Templates of the beginnings of names.
    public var tables: [String]?
    public var buckets: [String]?
    public var queues: [String]?
    /// Nil where any action may be allowed.
    public var actions: [String]?
    /// The ARN of the permissions boundary.
    public var boundary = ""
    public var unknown = JSONObject()
    public init() {}
    public mutating func fields(_ f: inout FieldCoder) {
      f.code("tables", &tables)
      f.code("buckets", &buckets)
      f.code("queues", &queues)
      f.code("actions", &actions)
      f.code("boundary", &boundary)
    }

    /// Templates of the beginnings that names of a kind must have; nil where nothing is said of it.
    public func prefixes(of kind: CloudResource.Kind) -> [String]? {
      switch kind {
      case .table: tables
      case .bucket: buckets
      case .queue: queues
      default: nil
      }
    }
  }

  public struct Guardrails: Sendable, Hashable {
    public enum Severity: String, Sendable, CaseIterable { case error, warning, off }
    /// By a rule's id.
    public var severities: [String: Severity] = [:]
    /// Owners that may waive a rule for a time.
    public var waivers: [String] = []

    public init() {}

    /// - Throws: `FieldError` where a severity is none.
    public init(json: JSONValue) throws(FieldError) {
      for rule in json["rules"]?.objectValue ?? [:] {
        guard let severity = rule.value.stringValue.flatMap(Severity.init) else {
          throw FieldError(path: "rules.\(rule.key)", "\(rule.value.text) is none of error, warning, off")
        }
        severities[rule.key] = severity
      }
      waivers = (json["waivers"]?["by"]?.arrayValue ?? []).compactMap(\.stringValue)
    }

    /// As a platform has it, for those who know of it only by its settings in a cluster.
    public var json: JSONValue {
      let rules = severities.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value.rawValue)) }
      return ["rules": .object(JSONObject(rules)), "waivers": ["by": .array(waivers.map { .string($0) })]]
    }
  }
}

/// Names that follow from a platform's.
extension PlatformDefinition {
  /// What name templates are filled with for a service.
  public func parts(for service: String) -> [String: String] {
    [
      "cluster": cluster, "environment": environment ?? "", "namespace": namespace, "platform": name,
      "service": service,
    ]
  }

  /// The IAM role of a service that has permissions.
  public func roleName(of service: String) -> String { names.role.filled(parts(for: service)) }

  /// Whether `sakigake terraform` can be written of it: alerts become alarms there.
  public var isWrittenAsTerraform: Bool { !account.isEmpty && !region.isEmpty }

  /// Nil where no account is known.
  public func roleARN(of service: String) -> String? {
    account.isEmpty ? nil : "arn:aws:iam::\(account):role/\(roleName(of: service))"
  }
}
