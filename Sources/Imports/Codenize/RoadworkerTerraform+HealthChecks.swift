import Definitions
import Kubernetes
import Terraform

/// Health checks, which an export writes in full beside each record that has one.
extension RoadworkerTerraform {
  /// - Returns: the address of the check; nil where it is of another kind.
  mutating func healthCheck(_ call: RubyCall) throws(Diagnostic) -> String? {
    let options = call.allOptions
    var body = JSONObject()
    // Exports do not say whether it is switched off, from where it is asked, and how it is tagged.
    var untold: [JSONValue] = ["disabled", "regions", "tags"]
    var name = "calculated"
    if let url = call.text {
      guard let address = CheckedAddress(url) else { return nil }
      let isSearch = options.contains { $0.key == "search_string" }
      body["type"] = .string(address.scheme.uppercased() + (isSearch ? "_STR_MATCH" : ""))
      body[address.isIP ? "ip_address" : "fqdn"] = TerraformDocument.literal(address.host)
      body["port"] = .integer(address.port)
      if let path = address.path {
        body["resource_path"] = TerraformDocument.literal(path)
      } else if address.scheme != "tcp" {
        // No path and / are written alike.
        untold.append("resource_path")
      }
      // Roadworker's own defaults (https://github.com/codenize-tools/roadworker#routefile-example).
      body["request_interval"] = 30
      body["failure_threshold"] = 3
      name = "\(address.scheme)_\(address.host)_\(address.port)\(address.path ?? "")"
    }
    for option in options { guard Self.read(option, into: &body, name: &name) else { return nil } }
    guard body["type"] != nil else { return nil }
    let key = JSONValue.object(body.sortedByKey()).text
    if let known = healthChecks[key] { return known.address }
    body["lifecycle"] = ["ignore_changes": .array(untold)]
    let type = "aws_route53_health_check"
    let label = document.uniqueLabel(name, of: type)
    let address = document.resource(
      type, label, body, importedAs: "${var.health_check_ids[\(TerraformDocument.quoted(label))]}"
    ).address
    healthChecks[key] = (address, label)
    return address
  }

  private static let texts = [
    "host": "fqdn", "search_string": "search_string",
    "insufficient_data_health_status": "insufficient_data_health_status",
  ]
  private static let numbers = [
    "request_interval": "request_interval", "failure_threshold": "failure_threshold",
    "health_threshold": "child_health_threshold",
  ]
  private static let flags = [
    "measure_latency": "measure_latency", "inverted": "invert_healthcheck", "enable_sni": "enable_sni",
    "disabled": "disabled",
  ]

  /// - Returns: whether it is known.
  private static func read(_ option: RubyPair, into body: inout JSONObject, name: inout String) -> Bool {
    switch (option.key, option.value) {
    case (_, .null): return true
    case ("calculated", .array(let children)):
      let ids = children.compactMap(\.name)
      body["type"] = "CALCULATED"
      body["child_healthchecks"] = .array(ids.map(TerraformDocument.literal))
      return ids.count == children.count
    case ("cloudwatch_metric", .hash(let pairs)):
      body["type"] = "CLOUDWATCH_METRIC"
      for pair in pairs {
        guard ["name", "region"].contains(pair.key), let text = pair.value.name else { return false }
        body["cloudwatch_alarm_\(pair.key)"] = TerraformDocument.literal(text)
        if pair.key == "name" { name = "cloudwatch_\(text)" }
      }
      return true
    case (let key, .string(let text)) where texts[key] != nil: body[texts[key] ?? key] = TerraformDocument.literal(text)
    case (let key, .integer(let number)) where numbers[key] != nil: body[numbers[key] ?? key] = .integer(number)
    case (let key, .bool(let flag)) where flags[key] != nil: body[flags[key] ?? key] = .bool(flag)
    default: return false
    }
    return true
  }
}

/// `http://192.0.2.1:80/path`, as roadworker writes what is asked.
private struct CheckedAddress {
  var scheme: String
  var host: String
  var port: Int64
  /// Nil where there is none.
  var path: String?
  var isIP: Bool

  private static let ports: [String: Int64] = ["http": 80, "https": 443]

  /// Nil for another scheme, and for IPv6, which roadworker cannot read back either.
  init?(_ url: String) {
    guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else { return nil }
    scheme = url[..<colon].lowercased()
    guard ["http", "https", "tcp"].contains(scheme) else { return nil }
    var rest = url[colon...].dropFirst(3)
    if let slash = rest.firstIndex(of: "/") {
      path = String(rest[slash...])
      rest = rest[..<slash]
    }
    let parts = rest.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (1...2).contains(parts.count), !parts[0].isEmpty,
      let port = parts.count == 2 ? Int64(parts[1]) : Self.ports[scheme], (1...65535).contains(port)
    else { return nil }
    host = parts[0].lowercased()
    self.port = port
    let bytes = host.split(separator: ".", omittingEmptySubsequences: false)
    isIP = bytes.count == 4 && bytes.allSatisfy { UInt8($0) != nil }
  }
}
