import Definitions
import Kubernetes

/// Who may connect.
extension Rule {
  private static let everywhere: Set<String> = ["0.0.0.0/0", "::/0"]

  /// Whether pods of a policy are there to be reached from outside.
  private static func isExposed(_ object: CheckedObject, _ set: ObjectSet) -> Bool {
    guard let selector = object.json[path: ["spec", "podSelector"]].flatMap(LabelSelector.init(checked:)) else {
      return false
    }
    let behindIngress = Set(
      set.all("Ingress").filter { $0.namespace == object.namespace }.flatMap { ingress in
        (ingress.json["spec"] ?? .null).items("rules").flatMap { ($0.value["http"] ?? .null).items("paths") }
          .compactMap { $0.value.text("backend", "service", "name") }
      })
    return set.pods(matching: selector, in: object.namespace).contains { pod in
      set.selecting(pod, "Service").contains { service in
        ["NodePort", "LoadBalancer"].contains(service.json.text("spec", "type") ?? "")
          || behindIngress.contains(service.name)
      }
    }
  }

  /// Peers of rules in one direction that mean everybody.
  private static func open(_ object: CheckedObject, _ rules: String, _ peers: String, withoutPorts: Bool) -> [Hit] {
    (object.json["spec"] ?? .null).items(rules).flatMap { index, rule -> [Hit] in
      if withoutPorts, rule["ports"]?.arrayValue?.isEmpty == false { return [] }
      let path = ObjectPath("spec", rules).element(index)
      let list = rule.items(peers)
      if list.isEmpty { return [object.hit("\(rules) is open to everybody", at: path)] }
      return list.compactMap { inner, peer in
        guard let range = peer.text("ipBlock", "cidr"), everywhere.contains(range),
          peer[path: ["ipBlock", "except"]] == nil
        else { return nil }
        return object.hit(
          "\(rules) is open to \(range)", at: path.appending(peers).element(inner).appending("ipBlock", "cidr"))
      }
    }
  }

  static let network: [Rule] = [
    Rule(
      "network-policy", .warning, "Pods have a network policy",
      because: "Without one every pod of the cluster may connect to them.", remedy: "add a NetworkPolicy",
      in: ["network"],
      needsOthers: true,
      .pod { pod, set in
        guard set.selecting(pod, "NetworkPolicy").isEmpty else { return [] }
        return [Hit(message: "no NetworkPolicy picks its pods", path: ObjectPath("metadata", "name"))]
      }),
    Rule(
      "open-ingress", .error, "Only what is exposed is open to all addresses",
      because: "An open port is found within minutes.", remedy: "name the services or ranges that connect",
      in: ["network", "from"],
      needsOthers: true,
      .object(["NetworkPolicy"]) { object, set in
        let hits = open(object, "ingress", "from", withoutPorts: false)
        return hits.isEmpty || isExposed(object, set) ? [] : hits
      }),
    Rule(
      "open-egress", .warning, "Pods may not connect to everywhere at every port",
      because: "What was taken leaves that way.", remedy: "name the ranges, or at least the ports",
      in: ["network", "to"],
      .object(["NetworkPolicy"]) { object, _ in open(object, "egress", "to", withoutPorts: true) }),
    Rule(
      "open-load-balancer", .warning, "Load balancers for ports other than 80 and 443 say who may connect",
      because: "Without ranges the cloud's security group lets everybody in.",
      remedy: "set spec.loadBalancerSourceRanges, or make it internal", in: ["expose"],
      .object(["Service"]) { object, _ in
        guard object.json.text("spec", "type") == "LoadBalancer" else { return [] }
        let isInternal =
          object.annotation("service.beta.kubernetes.io/aws-load-balancer-internal") == "true"
          || object.annotation("service.beta.kubernetes.io/aws-load-balancer-scheme") == "internal"
        let ranges = (object.json[path: ["spec", "loadBalancerSourceRanges"]]?.arrayValue ?? []).compactMap(
          \.stringValue)
        guard !isInternal, ranges.isEmpty || !everywhere.isDisjoint(with: ranges) else { return [] }
        return (object.json["spec"] ?? .null).items("ports").compactMap { index, port in
          guard let number = port.integer("port"), number != 80, number != 443 else { return nil }
          return object.hit(
            "port \(number) is open to everybody", at: ObjectPath("spec", "ports").element(index))
        }
      }),
    Rule(
      "node-port", .info, "Services open no port on the nodes",
      because: "It is reached around the load balancer where a security group lets it.",
      remedy: "use an Ingress, where the cluster has its controller, or Terraform's load balancer", in: ["expose"],
      .object(["Service"]) { object, set in
        // That one sends to the nodes' ports, which its group alone reaches.
        if case .definition = object.origin, set.platform?.ingress?.by == .terraform { return [] }
        guard object.json.text("spec", "type") == "NodePort" else { return [] }
        return [object.hit("opens a port on every node", at: "spec", "type")]
      }),
    Rule(
      "external-ips", .error, "Services take no external addresses",
      because: "Whoever sets one gets the traffic of that address (CVE-2020-8554).", remedy: "remove externalIPs",
      .object(["Service"]) { object, _ in
        guard object.json[path: ["spec", "externalIPs"]]?.arrayValue?.isEmpty == false else { return [] }
        return [object.hit("takes external addresses", at: "spec", "externalIPs")]
      }),
    Rule(
      "ingress-tls", nil, "An Ingress has TLS", because: "Without it everybody on the way reads along.",
      remedy: "add spec.tls, or a certificate to the platform's ingress", in: ["expose"],
      .object(["Ingress"]) { object, _ in
        let hasCertificate = object.annotation("alb.ingress.kubernetes.io/certificate-arn") != nil
        guard !hasCertificate, object.json[path: ["spec", "tls"]]?.arrayValue?.isEmpty != false else { return [] }
        return [object.hit("has no TLS", at: "spec")]
      }),
  ]
}
