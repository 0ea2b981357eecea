import Definitions
import Kubernetes

/// Who may connect to whom, and the load balancer in front.
extension ServiceManifests {
  /// All that nobody declared is denied: whoever calls this service says so in its own definition, and its pods have a
  /// label that tells it; where this service connects to follows from its calls, the mesh, DNS and `network`.
  var networkPolicy: JSONValue {
    var annotations: JSONObject = [:]
    let hosts = spec.network?.egress ?? []
    if !hosts.isEmpty { annotations["sakigake.dev/egress"] = .string(hosts.joined(separator: ",")) }
    return [
      "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
      "metadata": metadata(name, from: ["network"], annotations: annotations),
      "spec": [
        // Jobs too: they are told apart from the service's pods by other labels.
        "podSelector": ["matchLabels": [WellKnown.appName: .string(name)]],
        "policyTypes": ["Ingress", "Egress"], "ingress": .array(ingressRules), "egress": .array(egressRules),
      ],
    ]
  }

  /// The groups of pods that are made from then on, jobs' too: there before any of them.
  /// https://docs.aws.amazon.com/eks/latest/userguide/sg-pods-example-deployment.html
  var securityGroupPolicy: [JSONValue] {
    guard platform.cloud.podSecurityGroups, let groups = spec.network?.groups, !groups.isEmpty else { return [] }
    return [
      [
        "apiVersion": "vpcresources.k8s.aws/v1beta1", "kind": "SecurityGroupPolicy",
        "metadata": metadata(name, from: ["network", "groups"]),
        "spec": [
          "podSelector": ["matchLabels": [WellKnown.appName: .string(name)]],
          "securityGroups": ["groupIds": .array(groups.map { .string($0) })],
        ],
      ]
    ]
  }

  private var ingressRules: [JSONValue] {
    var from: [JSONValue] = [
      ["podSelector": ["matchLabels": [.init(Microservice.callLabelPrefix + name): "true"]]]
    ]
    from += (spec.network?.from ?? []).compactMap { NetworkPeer($0).map(Self.peer) }
    if spec.expose != nil {
      let ranges = platform.ingress?.from ?? []
      from += (ranges.isEmpty ? ["0.0.0.0/0"] : ranges).map { ["ipBlock": ["cidr": .string($0)]] }
    }
    var rules: [JSONValue] = [["from": .array(from), "ports": [Self.tcp(Self.meshPort)]]]
    if platform.alerts.prometheus {
      rules.append([
        "from": [Self.namespace(platform.alerts.scrapedFrom)], "ports": [Self.tcp(Self.metricsPort)],
      ])
    }
    return rules
  }

  private var egressRules: [JSONValue] {
    var rules: [JSONValue] = [
      [
        "to": [
          [
            "namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": "kube-system"]],
            "podSelector": ["matchLabels": ["k8s-app": "kube-dns"]],
          ],
          // NodeLocal DNSCache (https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/).
          ["ipBlock": ["cidr": "169.254.20.10/32"]],
        ],
        "ports": [["protocol": "UDP", "port": 53], Self.tcp(53)],
      ]
    ]
    if let mesh = controlPlaneRule { rules.append(mesh) }
    if !spec.calls.isEmpty {
      let called = spec.calls.map(\.service).sorted().map { JSONValue.string($0) }
      rules.append([
        "to": [
          [
            "podSelector": [
              "matchExpressions": [
                ["key": .string(WellKnown.service), "operator": "In", "values": .array(called)]
              ]
            ]
          ]
        ],
        "ports": [Self.tcp(Self.meshPort)],
      ])
    }
    for peer in (spec.network?.to ?? []).compactMap(NetworkPeer.init) {
      rules.append(["to": [Self.peer(peer)], "ports": [Self.tcp(peer.port ?? 443)]])
    }
    return rules + outsideRules
  }

  private var controlPlaneRule: JSONValue? {
    guard let place = platform.mesh.controlPlane else { return .none }
    let (host, port) = Self.split(place)
    let ports: JSONValue = [Self.tcp(Int(port) ?? 15010)]
    // SERVICE.NAMESPACE, perhaps with .svc and the cluster's domain after it; another name is outside.
    let parts = host.split(separator: ".").map(String.init)
    guard parts.count == 2 || parts.count > 2 && parts[2] == "svc" else { return .some(["ports": ports]) }
    return .some(["to": [Self.namespace(parts[1])], "ports": ports])
  }

  /// Private addresses (RFC 1918, RFC 6598) and the link's own (RFC 3927): no name outside of the cluster is there.
  private static let privateRanges: JSONValue = [
    "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
  ]

  private var outsideRules: [JSONValue] {
    var rules: [JSONValue] = []
    if !spec.permissions.isEmpty {
      // The cloud's own APIs, which have public addresses, or private ones through the network's endpoints.
      rules.append(["to": [["ipBlock": ["cidr": "0.0.0.0/0"]]], "ports": [Self.tcp(443)]])
    }
    let ports = Set((spec.network?.egress ?? []).compactMap { EgressHost($0)?.port })
    if !ports.isEmpty {
      rules.append([
        "to": [["ipBlock": ["cidr": "0.0.0.0/0", "except": Self.privateRanges]]],
        "ports": .array(ports.sorted().map(Self.tcp)),
      ])
    }
    return rules
  }

  private static func peer(_ peer: NetworkPeer) -> JSONValue {
    switch peer.kind {
    case .service(let name): ["podSelector": ["matchLabels": [WellKnown.appName: .string(name)]]]
    case .namespace(let name): namespace(name)
    case .addresses(let range): ["ipBlock": ["cidr": .string(range)]]
    }
  }

  private static func namespace(_ name: String) -> JSONValue {
    ["namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": .string(name)]]]
  }

  private static func tcp(_ port: Int) -> JSONValue { ["protocol": "TCP", "port": .integer(Int64(port))] }

  /// For the AWS Load Balancer Controller, where it is who makes the load balancer
  /// (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/).
  var ingress: [JSONValue] {
    guard let balancer = platform.ingress, balancer.by == .controller, let expose = spec.expose,
      !(expose.host.isEmpty && expose.path.isEmpty)
    else {
      return []
    }
    let prefix = "alb.ingress.kubernetes.io/"
    var annotations: JSONObject = [
      .init(prefix + "scheme"): .string(balancer.scheme), .init(prefix + "group.name"): .string(balancer.group),
      .init(prefix + "target-type"): "instance", .init(prefix + "healthcheck-path"): .string(spec.health),
      .init(prefix + "target-group-attributes"): .string(
        "deregistration_delay.timeout_seconds=\(Self.graceSeconds - Self.drainSeconds)"),
      .init(prefix + "listen-ports"): "[{\"HTTP\":80}]",
    ]
    if !balancer.certificate.isEmpty {
      annotations[prefix + "listen-ports"] = "[{\"HTTP\":80},{\"HTTPS\":443}]"
      annotations[prefix + "certificate-arn"] = .string(balancer.certificate)
      annotations[prefix + "ssl-redirect"] = "443"
    }
    let path: JSONValue = [
      "path": .string(expose.path.isEmpty ? "/" : expose.path), "pathType": "Prefix",
      "backend": ["service": ["name": .string(name), "port": ["name": "http"]]],
    ]
    var rule: JSONObject = ["http": ["paths": [path]]]
    if !expose.host.isEmpty { rule["host"] = .string(expose.host) }
    return [
      [
        "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
        "metadata": metadata(name, from: ["expose"], annotations: annotations),
        "spec": ["ingressClassName": .string(balancer.ingressClass), "rules": [.object(rule)]],
      ]
    ]
  }
}
