import Definitions
import Kubernetes

/// What both sides call things: the central repository, which makes them, and services, which look them up.
struct CloudNames {
  let platform: PlatformDefinition

  private var cluster: String { platform.cluster }

  /// `Name` of the network.
  var network: String { cluster }
  /// `Name` of the security group of nodes and of the control plane.
  var nodes: String { cluster + "-nodes" }
  var balancer: String { Self.bounded(cluster, 32) }
  /// Where services' listener rules go: HTTPS where there is a certificate.
  var listenerPort: Int64 { platform.ingress?.certificate.isEmpty == false ? 443 : 80 }
  func topic(_ severity: MicroserviceSpec.Alert.Severity) -> String { "\(cluster)-alerts-\(severity.rawValue)" }
  var boundary: String { Self.bounded(cluster + "-boundary", 128) }

  var boundaryARN: String {
    platform.owns.boundary.isEmpty ? "arn:aws:iam::\(platform.account):policy/\(boundary)" : platform.owns.boundary
  }

  /// A name that AWS takes: where it is too long its end is a hash of the whole.
  static func bounded(_ name: String, _ length: Int) -> String {
    let name = name.replacing("_", with: "-")
    guard name.utf8.count > length else { return name }
    return "\(name.prefix(length - 11))-\(ContentHash.of(.string(name)))"
  }

  /// The repository that an image has in the account's own registry, which is the only one that can be made; nil where
  /// images come from elsewhere.
  func repository(ofImage image: String) -> String? {
    let own = "\(platform.account).dkr.ecr.\(platform.region).amazonaws.com"
    guard platform.registry == own || platform.registry.hasPrefix(own + "/") else { return nil }
    let prefix = platform.registry.dropFirst(own.count + 1)
    return prefix.isEmpty ? image : "\(prefix)/\(image)"
  }

  /// Whether the cluster's load balancer is Terraform's, and not the controller's of Ingresses.
  var hasBalancer: Bool { platform.ingress?.by == .terraform }
}

extension PlatformDefinition {
  /// What keeps anything of it from being expressed.
  var terraformErrors: [Diagnostic] {
    var found: [Diagnostic] = []
    for (field, value, example) in [
      ("account", account, "\"123456789012\""), ("region", region, "ap-northeast-1"),
    ] where value.isEmpty {
      found.append(
        Diagnostic(
          at: place(of: field), "spec.\(field) is missing: Terraform needs it", remedy: "add \(field): \(example)"))
    }
    // https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html
    let isName = cluster.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) || $0 == 0x2D || $0 == 0x5F
    }
    if cluster.utf8.count > 100 || !isName || cluster.hasPrefix("-") || cluster.hasPrefix("_") {
      found.append(
        Diagnostic(
          at: place(of: "cluster"), "\"\(cluster)\" is no name of a cluster at EKS",
          remedy: "use letters, digits, - and _, at most 100, a letter or digit first"))
    }
    return found
  }
}
