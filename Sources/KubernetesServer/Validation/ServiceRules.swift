import Kubernetes

extension Findings {
  /// The ports of a node that a Service may ask for.
  static let nodePorts: ClosedRange<Int64> = 30000...32767

  mutating func service(_ object: JSONValue, old: JSONValue?) {
    let field = Field("spec")
    let spec = object["spec"] ?? .null
    let type = spec["type"]?.stringValue ?? "ClusterIP"
    oneOf(spec["type"], ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"], field.child("type"))
    oneOf(spec["sessionAffinity"], ["ClientIP", "None"], field.child("sessionAffinity"))
    oneOf(spec["externalTrafficPolicy"], ["Cluster", "Local"], field.child("externalTrafficPolicy"))
    oneOf(spec["internalTrafficPolicy"], ["Cluster", "Local"], field.child("internalTrafficPolicy"))
    labels(spec["selector"], field.child("selector"))
    let clusterIP = spec["clusterIP"]?.stringValue ?? ""
    let ports = spec["ports"]?.arrayValue ?? []
    if type == "ExternalName" {
      if spec.isUnset("externalName") { required(field.child("externalName")) }
    } else if ports.isEmpty, clusterIP != "None" {
      required(field.child("ports"))
    }
    if clusterIP == "None", type == "NodePort" || type == "LoadBalancer" {
      invalid(field.child("clusterIPs").at(0), "None", "may not be set to 'None' for \(type) services")
    }
    let form = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
    if !clusterIP.isEmpty, clusterIP != "None", IPAddressText(clusterIP) == nil {
      invalid(field.child("clusterIPs").at(0), clusterIP, form)
    }
    let outside = spec["externalIPs"]?.arrayValue ?? []
    for (index, address) in outside.enumerated() where IPAddressText(address.stringValue ?? "") == nil {
      invalid(field.child("externalIPs").at(index), address, form)
    }
    if let policy = spec["externalTrafficPolicy"]?.stringValue, !policy.isEmpty, type == "ClusterIP", outside.isEmpty {
      invalid(
        field.child("externalTrafficPolicy"), policy, "may only be set for externally-accessible services")
    }
    servicePorts(ports, field.child("ports"), type: type)
    if let was = old?[path: ["spec", "clusterIP"]]?.stringValue, !was.isEmpty, type != "ExternalName",
      old?[path: ["spec", "type"]] != "ExternalName", clusterIP != was
    {
      invalid(
        field.child("clusterIPs").at(0), go: GoValue.texts([.string(clusterIP)]), "may not change once set")
    }
  }

  private mutating func servicePorts(_ ports: [JSONValue], _ field: Field, type: String) {
    var names: Set<String> = []
    var numbers: Set<String> = []
    var nodePorts: Set<String> = []
    for (index, port) in ports.enumerated() {
      let at = field.at(index)
      let name = port["name"]?.stringValue ?? ""
      if name.isEmpty {
        if ports.count > 1 { required(at.child("name")) }
      } else if let problem = Names.label(name) {
        invalid(at.child("name"), name, problem)
      } else if !names.insert(name).inserted {
        duplicate(at.child("name"), .string(name))
      }
      self.port(port["port"], at.child("port"))
      oneOf(port["protocol"], ["SCTP", "TCP", "UDP"], at.child("protocol"))
      if let target = port["targetPort"], !target.isNull { portOrName(target, at.child("targetPort")) }
      let transport = port["protocol"]?.stringValue ?? "TCP"
      if let number = port["port"]?.integerValue, !numbers.insert("\(transport)/\(number)").inserted {
        duplicate(
          at,
          go: "core.ServicePort{Name:\"\", Protocol:\"\(transport)\", AppProtocol:(*string)(nil), Port:\(number), "
            + "TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:\"\"}, NodePort:0}")
      }
      guard let nodePort = port["nodePort"]?.integerValue, nodePort != 0 else { continue }
      if type == "ClusterIP" || type == "ExternalName" {
        forbidden(at.child("nodePort"), "may not be used when `type` is '\(type)'")
      } else if !Self.nodePorts.contains(nodePort) {
        let range = "\(Self.nodePorts.lowerBound)-\(Self.nodePorts.upperBound)"
        invalid(at.child("nodePort"), .integer(nodePort), "not in the valid range of node ports, which is \(range)")
      } else if !nodePorts.insert("\(transport)/\(nodePort)").inserted {
        duplicate(at.child("nodePort"), .integer(nodePort))
      }
    }
  }

  /// The most that one slice may hold.
  private static let endpointsLimit = 1000
  private static let endpointPortsLimit = 100

  mutating func endpointSlice(_ object: JSONValue, old: JSONValue?) {
    oneOf(object["addressType"], ["FQDN", "IPv4", "IPv6"], Field("addressType"), isRequired: true)
    if let old { immutable(object["addressType"], was: old["addressType"], Field("addressType")) }
    let endpoints = object["endpoints"]?.arrayValue ?? []
    if endpoints.count > Self.endpointsLimit { tooMany(Field("endpoints"), endpoints.count, Self.endpointsLimit) }
    for (index, endpoint) in endpoints.enumerated() {
      let at = Field("endpoints").at(index)
      let addresses = endpoint["addresses"]?.arrayValue ?? []
      if addresses.isEmpty { required(at.child("addresses"), "must contain at least 1 address") }
      guard object["addressType"] == "IPv4" else { continue }
      for (place, address) in addresses.enumerated() where !Self.isIPv4(address.stringValue ?? "") {
        if IPAddressText(address.stringValue ?? "") == nil {
          invalid(at.child("addresses").at(place), address, "must be a valid IP address")
        }
        invalid(at.child("addresses").at(place), address, "must be a valid IPv4 address")
      }
    }
    let ports = object["ports"]?.arrayValue ?? []
    if ports.count > Self.endpointPortsLimit { tooMany(Field("ports"), ports.count, Self.endpointPortsLimit) }
    var names: Set<String> = []
    for (index, port) in ports.enumerated() {
      let at = Field("ports").at(index)
      let name = port["name"]?.stringValue ?? ""
      if !name.isEmpty, let problem = Names.label(name) { invalid(at.child("name"), name, problem) }
      if !names.insert(name).inserted { duplicate(at.child("name"), .string(name)) }
      oneOf(port["protocol"], ["SCTP", "TCP", "UDP"], at.child("protocol"), isRequired: true)
      self.port(port["port"], at.child("port"), missing: .allowed)
    }
  }

  private static func isIPv4(_ text: String) -> Bool { IPAddressText(text)?.isIPv4 == true }
}
