import Definitions
import Kubernetes

/// Who may connect to whom, and who the pods are to others.
extension DeploymentImport {
  private static let rendered = "sakigake.dev/egress"

  mutating func readNetwork() {
    while let index = manifests.first(
      "NetworkPolicy",
      where: {
        selects($0.json("spec", "podSelector", "matchLabels"))
          && $0.json("spec", "podSelector", "matchExpressions") == nil
      })
    {
      let hosts = manifests.objects[index].annotations[Self.rendered]?.stringValue
      use(index)
      for field in ["podSelector", "policyTypes"] { _ = manifests.objects[index].take(["spec", field]) }
      readIngressRules(of: index)
      readEgressRules(of: index, hosts: hosts)
      decisions.append("\(name): \(manifests.objects[index].title): what is not declared is denied, both ways")
    }
  }

  private mutating func readIngressRules(of index: Int) {
    let isRendered = manifests.objects[index].isRendered
    for (number, rule) in (manifests.objects[index].json("spec", "ingress")?.arrayValue ?? []).enumerated() {
      let path = ["spec", "ingress", "\(number)"]
      // The sidecar's measures, for Prometheus.
      if isRendered, rule["ports"]?.arrayValue?.first?["port"] == 15090 {
        _ = manifests.objects[index].take(path)
        continue
      }
      let peers = rule["from"]?.arrayValue ?? []
      var taken = 0
      for (position, peer) in peers.enumerated() {
        let isPlatforms =
          isRendered
          && (peer["podSelector"]?["matchLabels"]?[Microservice.callLabelPrefix + name] != nil
            || spec["expose"] != nil && peer["ipBlock"]?["cidr"] == "0.0.0.0/0")
        guard isPlatforms || add(Self.named(peer, in: manifests), to: "from") else { continue }
        _ = manifests.objects[index].take(path + ["from", "\(position)"])
        taken += 1
      }
      // A service has one port, and whoever may connect, to that.
      if taken == peers.count, taken > 0 { _ = manifests.objects[index].take(path + ["ports"]) }
    }
  }

  private mutating func readEgressRules(of index: Int, hosts: String?) {
    let isRendered = manifests.objects[index].isRendered
    for (number, rule) in (manifests.objects[index].json("spec", "egress")?.arrayValue ?? []).enumerated() {
      let path = ["spec", "egress", "\(number)"]
      let ports = (rule["ports"]?.arrayValue ?? []).compactMap { $0["port"]?.integerValue }
      let isWhole = ports.count == rule["ports"]?.arrayValue?.count ?? 0 && !ports.isEmpty
      let peers = rule["to"]?.arrayValue ?? []
      if isWhole, ports.allSatisfy({ $0 == 53 }) || isRendered && Self.isPlatforms(ports, peers) {
        _ = manifests.objects[index].take(path)
        continue
      }
      let isTCP = (rule["ports"]?.arrayValue ?? []).allSatisfy {
        $0["protocol"] ?? "TCP" == "TCP" && $0["endPort"] == nil
      }
      var taken = 0
      for (position, peer) in peers.enumerated() {
        guard isTCP, connects(to: peer, ports, isWhole: isWhole) else { continue }
        _ = manifests.objects[index].take(path + ["to", "\(position)"])
        taken += 1
      }
      if taken == peers.count, taken > 0 { _ = manifests.objects[index].take(path + ["ports"]) }
    }
    for host in (hosts ?? "").split(separator: ",").map(String.init) where EgressHost(host) != nil {
      _ = add(host, to: "egress")
    }
  }

  /// Rules that the platform renders for each service: sidecars, where sidecars are told what to do, public names.
  private static func isPlatforms(_ ports: [Int64], _ peers: [JSONValue]) -> Bool {
    ports == [15006] || ports == [15010]
      || peers.count == 1 && peers[0]["ipBlock"]?["cidr"] == "0.0.0.0/0"
        && (peers[0]["ipBlock"]?["except"] != nil || ports == [443])
  }

  /// - Returns: whether it can be said.
  private mutating func connects(to peer: JSONValue, _ ports: [Int64], isWhole: Bool) -> Bool {
    guard let other = Self.named(peer, in: manifests) else { return false }
    if case .service(let called) = NetworkPeer(other)?.kind {
      guard called != name else { return true }
      if calls.insert(called).inserted {
        decisions.append(
          "\(name): calls \(called), as a policy lets it connect: it is found at "
            + "\(Microservice.addressVariable(of: called))")
      }
      return true
    }
    guard isWhole else { return false }
    var isSaid = true
    for port in ports where !add("\(other):\(port)", to: "to") { isSaid = false }
    return isSaid
  }

  private mutating func add(_ peer: String?, to field: String) -> Bool {
    guard let peer, field == "egress" || NetworkPeer(peer) != nil else { return false }
    var list = network[field]?.arrayValue ?? []
    if !list.contains(.string(peer)) { list.append(.string(peer)) }
    network[field] = .array(list)
    return true
  }

  private static let namespaceLabel = "kubernetes.io/metadata.name"

  /// - Returns: `users`, `namespace/monitoring` or `10.0.0.0/8`; nil for what cannot be named so.
  private static func named(_ peer: JSONValue, in set: ManifestSet) -> String? {
    guard let members = peer.objectValue, members.count == 1 else { return nil }
    if let block = peer["ipBlock"], block["except"] == nil { return block["cidr"]?.stringValue }
    if let selector = peer["namespaceSelector"]?.objectValue, selector.count == 1 {
      guard let labels = selector["matchLabels"]?.objectValue, labels.count == 1,
        let name = labels[namespaceLabel]?.stringValue
      else { return nil }
      return "namespace/\(name)"
    }
    guard let selector = peer["podSelector"]?.objectValue, selector.count == 1,
      let labels = selector["matchLabels"]?.objectValue, !labels.isEmpty
    else { return nil }
    let meant = set.workloads.filter { index in
      let own = set.podLabels(of: index)
      return labels.allSatisfy { own[$0.key] == $0.value }
    }
    if meant.count == 1 { return OpsWorksImport.serviceName(set.objects[meant[0]].name) }
    guard meant.isEmpty, labels.count == 1 else { return nil }
    return labels[WellKnown.appName]?.stringValue
  }

  // MARK: The service account

  /// Its role is told, with what to write instead: roles follow from permissions here.
  mutating func readAccount() {
    guard let account = (peek(Self.pod + ["serviceAccountName"]) ?? peek(Self.pod + ["serviceAccount"]))?.stringValue,
      let index = manifests.objects.firstIndex(where: { $0.kind == "ServiceAccount" && $0.name == account })
    else { return }
    let path = ["metadata", "annotations", "eks.amazonaws.com/role-arn"]
    if let role = manifests.objects[index].json(at: path)?.stringValue {
      dropped.append(
        Diagnostic(
          .warning, at: manifests.objects[index].place(path), "\(name): the role \(role)",
          remedy: "write what it allows into permissions: the platform makes a role of these"))
      _ = manifests.objects[index].take(path)
    }
    use(index)
    _ = manifests.objects[index].take(["automountServiceAccountToken"])
  }
}
