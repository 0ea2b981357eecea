import Kubernetes

/// Ingresses, network policies and the older form of endpoints (pkg/apis/networking/validation).
extension Findings {
  mutating func ingress(_ object: JSONValue) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    let rules = spec["rules"]?.arrayValue ?? []
    let backend = spec["defaultBackend"]?.nonNull
    if rules.isEmpty, backend == nil {
      invalid(
        field, go: "[]networking.IngressRule\(rules.isEmpty && spec["rules"] == nil ? "(nil)" : "{}")",
        "either `defaultBackend` or `rules` must be specified")
    }
    if let backend { ingressBackend(backend, field.child("defaultBackend")) }
    for (index, rule) in rules.enumerated() { ingressRule(rule, field.child("rules").at(index)) }
    for (index, certificate) in (spec["tls"]?.arrayValue ?? []).enumerated() {
      let at = field.child("tls").at(index)
      for (place, host) in (certificate["hosts"]?.arrayValue ?? []).enumerated() {
        hostName(host.stringValue ?? "", at.child("hosts").at(place))
      }
      if let name = certificate["secretName"]?.stringValue, !name.isEmpty, let problem = Names.subdomain(name) {
        invalid(at.child("secretName"), name, problem)
      }
    }
    if let name = spec["ingressClassName"]?.stringValue, let problem = Names.subdomain(name) {
      invalid(field.child("ingressClassName"), name, problem)
    }
  }

  private mutating func hostName(_ host: String, _ field: Field) {
    if let problem = host.contains("*") ? Names.wildcardSubdomain(host) : Names.subdomain(host) {
      invalid(field, host, problem)
    }
  }

  private mutating func ingressRule(_ rule: JSONValue, _ field: Field) {
    if let host = rule["host"]?.stringValue, !host.isEmpty {
      if IPAddressText(host) != nil { invalid(field.child("host"), host, "must be a DNS name, not an IP address") }
      hostName(host, field.child("host"))
    }
    guard let http = rule["http"], !http.isNull else { return }
    let paths = http["paths"]?.arrayValue ?? []
    if paths.isEmpty { required(field.child("http").child("paths")) }
    for (index, path) in paths.enumerated() { ingressPath(path, field.child("http").child("paths").at(index)) }
  }

  private mutating func ingressPath(_ path: JSONValue, _ field: Field) {
    guard let type = path["pathType"]?.stringValue else {
      return required(field.child("pathType"), "pathType must be specified")
    }
    let text = path["path"]?.stringValue ?? ""
    let at = field.child("path")
    switch type {
    case "Exact", "Prefix":
      if !text.hasPrefix("/") { invalid(at, text, "must be an absolute path") }
      for part in ["//", "/./", "/../", "%2f", "%2F"] where text.contains(part) {
        invalid(at, text, "must not contain '\(part)'")
      }
      for end in ["/..", "/."] where text.hasSuffix(end) { invalid(at, text, "cannot end with '\(end)'") }
    case "ImplementationSpecific":
      if !text.isEmpty, !text.hasPrefix("/") { invalid(at, text, "must be an absolute path") }
    default:
      unsupported(field.child("pathType"), .string(type), ["Exact", "ImplementationSpecific", "Prefix"])
    }
    ingressBackend(path["backend"] ?? .null, field.child("backend"))
  }

  private mutating func ingressBackend(_ backend: JSONValue, _ field: Field) {
    let service = backend["service"]?.nonNull
    let resource = backend["resource"]?.nonNull
    if resource != nil, service != nil {
      return invalid(field, "", "cannot set both resource and service backends")
    }
    if let resource { return typedReference(resource, field.child("resource")) }
    guard let service else { return invalid(field, "", "resource or service backend is required") }
    let name = service["name"]?.stringValue ?? ""
    if name.isEmpty {
      required(field.child("service").child("name"))
    } else if let problem = Names.serviceLabel(name) {
      invalid(field.child("service").child("name"), name, problem)
    }
    let portName = service[path: ["port", "name"]]?.stringValue ?? ""
    let number = service[path: ["port", "number"]]?.integerValue ?? 0
    let port = field.child("service").child("port")
    if !portName.isEmpty, number != 0 {
      invalid(field, "", "cannot set both port name & port number")
    } else if !portName.isEmpty {
      if let problem = Names.portName(portName) { invalid(port.child("name"), portName, problem) }
    } else if number != 0 {
      self.port(.integer(number), port.child("number"))
    } else {
      required(field, "port name or number is required")
    }
  }

  private mutating func typedReference(_ reference: JSONValue, _ field: Field) {
    if let group = reference["apiGroup"]?.stringValue, let problem = Names.subdomain(group) {
      invalid(field.child("apiGroup"), group, problem)
    }
    for (key, what) in [("kind", "kind is required"), ("name", "name is required")] {
      let text = reference[key]?.stringValue ?? ""
      if text.isEmpty {
        required(field.child(key), what)
      } else if let problem = Names.pathSegment(text) {
        invalid(field.child(key), text, problem)
      }
    }
  }

  private static let controllerLengthMax = 250

  mutating func ingressClass(_ object: JSONValue, old: JSONValue?) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    let controller = spec["controller"]?.stringValue ?? ""
    if controller.utf8.count > Self.controllerLengthMax { tooLong(field.child("controller"), Self.controllerLengthMax) }
    domainPrefixedPath(controller, field.child("controller"))
    if let parameters = spec["parameters"], !parameters.isNull {
      let at = field.child("parameters")
      typedReference(parameters, at)
      oneOf(parameters["scope"], ["Cluster", "Namespace"], at.child("scope"), isRequired: true)
      if parameters["scope"] == "Namespace", parameters.isUnset("namespace") {
        required(at.child("namespace"), "`parameters.scope` is set to 'Namespace'")
      } else if parameters["scope"] == "Cluster", parameters["namespace"]?.stringValue != nil {
        forbidden(at.child("namespace"), "`parameters.scope` is set to 'Cluster'")
      }
    }
    if let old { immutable(.string(controller), was: old[path: ["spec", "controller"]], field.child("controller")) }
  }

  /// `example.com/some/path`
  mutating func domainPrefixedPath(_ text: String, _ field: Field) {
    if text.isEmpty { return required(field) }
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      return invalid(field, text, "must be a domain-prefixed path (such as \"acme.io/foo\")")
    }
    if let problem = Names.subdomain(parts[0]) { invalid(field, parts[0], problem) }
    let isPath = parts[1].utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || "/-._~%!$&'()*+,;=:".utf8.contains(byte)
    }
    if !isPath {
      invalid(
        field, parts[1],
        "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')")
    }
  }

  mutating func networkPolicy(_ object: JSONValue) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    labelSelector(spec["podSelector"], field.child("podSelector"))
    for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
      for (index, rule) in (spec[direction]?.arrayValue ?? []).enumerated() {
        let at = field.child(direction).at(index)
        for (place, port) in (rule["ports"]?.arrayValue ?? []).enumerated() {
          policyPort(port, at.child("ports").at(place))
        }
        for (place, peer) in (rule[peers]?.arrayValue ?? []).enumerated() {
          policyPeer(peer, at.child(peers).at(place))
        }
      }
    }
    let types = spec["policyTypes"]?.arrayValue ?? []
    if types.count > 2 {
      return invalid(field.child("policyTypes"), spec["policyTypes"], "may not specify more than two policyTypes")
    }
    for (index, type) in types.enumerated() {
      oneOf(type, ["Ingress", "Egress"], field.child("policyTypes").at(index))
    }
  }

  private mutating func policyPort(_ port: JSONValue, _ field: Field) {
    oneOf(port["protocol"], ["TCP", "UDP", "SCTP"], field.child("protocol"))
    let last = port["endPort"]?.integerValue
    switch port["port"] {
    case .integer(let number)?:
      self.port(.integer(number), field.child("port"))
      if let last {
        if last < number {
          invalid(field.child("endPort"), .integer(number), "must be greater than or equal to `port`")
        }
        self.port(.integer(last), field.child("endPort"))
      }
    case .string(let name)?:
      if let last { invalid(field.child("endPort"), .integer(last), "may not be specified when `port` is non-numeric") }
      if let problem = Names.portName(name) { invalid(field.child("port"), name, problem) }
    default:
      if let last {
        invalid(field.child("endPort"), .integer(last), "may not be specified when `port` is not specified")
      }
    }
  }

  private mutating func policyPeer(_ peer: JSONValue, _ field: Field) {
    let kinds = ["podSelector", "namespaceSelector", "ipBlock"].filter { peer[$0].map { !$0.isNull } ?? false }
    for key in ["podSelector", "namespaceSelector"] { labelSelector(peer[key], field.child(key)) }
    if let block = peer["ipBlock"], !block.isNull { addresses(block, field.child("ipBlock")) }
    if kinds.isEmpty {
      required(field, "must specify a peer")
    } else if kinds.count > 1, kinds.contains("ipBlock") {
      forbidden(field, "may not specify both ipBlock and another peer")
    }
  }

  private mutating func addresses(_ block: JSONValue, _ field: Field) {
    let text = block["cidr"]?.stringValue ?? ""
    if text.isEmpty { return required(field.child("cidr")) }
    let form = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
    guard let range = IPAddressText.Range(text) else { return invalid(field.child("cidr"), text, form) }
    for (index, value) in (block["except"]?.arrayValue ?? []).enumerated() {
      let at = field.child("except").at(index)
      guard let inner = IPAddressText.Range(value.stringValue ?? "") else {
        invalid(at, value, form)
        continue
      }
      if !range.contains(inner.address) || range.bits >= inner.bits {
        invalid(at, value, "must be a strict subset of `cidr`")
      }
    }
  }

  mutating func endpoints(_ object: JSONValue) {
    for (index, subset) in (object["subsets"]?.arrayValue ?? []).enumerated() {
      let at = Field("subsets").at(index)
      if subset.isUnset("addresses"), subset.isUnset("notReadyAddresses") {
        required(at, "must specify `addresses` or `notReadyAddresses`")
      }
      for key in ["addresses", "notReadyAddresses"] {
        for (place, address) in (subset[key]?.arrayValue ?? []).enumerated() {
          self.address(address["ip"], at.child(key).at(place).child("ip"))
          if let host = address["hostname"]?.stringValue, !host.isEmpty, let problem = Names.label(host) {
            invalid(at.child(key).at(place).child("hostname"), host, problem)
          }
        }
      }
      let ports = subset["ports"]?.arrayValue ?? []
      for (place, port) in ports.enumerated() {
        let there = at.child("ports").at(place)
        let name = port["name"]?.stringValue ?? ""
        if name.isEmpty {
          if ports.count > 1 { required(there.child("name")) }
        } else if let problem = Names.label(name) {
          invalid(there.child("name"), name, problem)
        }
        self.port(port["port"] ?? 0, there.child("port"))
        oneOf(port["protocol"], ["SCTP", "TCP", "UDP"], there.child("protocol"), isRequired: true)
      }
    }
  }

  /// An address that something outside the node can have.
  private mutating func address(_ value: JSONValue?, _ field: Field) {
    let text = value?.stringValue ?? ""
    guard let address = IPAddressText(text) else {
      invalid(field, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")
      return invalid(field, text, "must be a valid IP address")
    }
    guard address.isIPv4 else { return }
    switch (address.bytes[0], address.bytes[1]) {
    case (0, _) where address.bytes == [0, 0, 0, 0]: invalid(field, text, "may not be unspecified (0.0.0.0)")
    case (127, _): invalid(field, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)")
    case (169, 254): invalid(field, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)")
    case (224, 0) where address.bytes[2] == 0:
      invalid(field, text, "may not be in the link-local multicast range (224.0.0.0/24)")
    default: break
    }
  }
}
