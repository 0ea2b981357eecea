import Definitions
import Kubernetes

/// Zones and records of Route 53, as roadworker exports them, to Terraform.
///
/// Public zones have no id in an export: Terraform looks it up by name. A record that cannot be carried over as a whole
/// is left out as a whole, or a plan would change it.
struct RoadworkerTerraform {
  private var document = TerraformDocument()
  private var result = ImportResult()
  private var asksForZones = false
  private var zoneKeys: Set<[String]> = []

  static func convert(_ zones: [RubyCall]) throws(Diagnostic) -> ImportResult {
    var terraform = RoadworkerTerraform()
    for zone in zones {
      guard zone.name == "hosted_zone", zone.text != nil else { throw zone.unexpected("roadworker") }
      try terraform.add(zone)
    }
    if terraform.asksForZones {
      terraform.document.ask(
        "alias_zone_ids",
        ["type": "map(string)", "description": "The hosted zone's id of each alias's target, by the target's name."])
      terraform.result.decisions.append(
        "alias_zone_ids: give the hosted zone's id of each alias's target, which an export does not have")
    }
    if !terraform.document.isEmpty {
      terraform.result.files = [ImportedFile(path: "route53.tf.json", text: terraform.document.text)]
    }
    return terraform.result
  }

  private static func bare(_ name: String) -> String { name.hasSuffix(".") ? String(name.dropLast()) : name }

  private mutating func add(_ zone: RubyCall) throws(Diagnostic) {
    let name = Self.bare(zone.text ?? "")
    let local = document.name(name, of: "aws_route53_zone")
    var id: String?
    if case .string(let given) = zone.arguments.dropFirst().first { id = given }
    guard zoneKeys.insert([name, id ?? ""]).inserted else {
      throw Diagnostic(at: zone.place, "zone \(name) is there twice", remedy: RubyLexer.again)
    }
    var networks: [JSONValue] = []
    for call in zone.calls where call.name == "vpc" {
      let parts = try call.texts()
      guard parts.count == 2 else { throw call.unexpected("roadworker") }
      networks.append(["vpc_region": .string(parts[0]), "vpc_id": .string(parts[1])])
    }
    let isPrivate = !networks.isEmpty
    var body: JSONObject = ["name": .string(TerraformDocument.literal(name))]
    if isPrivate { body["vpc"] = .array(networks) }
    let zoneID = id.map(TerraformDocument.literal) ?? "${data.aws_route53_zone.\(local).zone_id}"
    if id == nil {
      document.look(
        up: "aws_route53_zone", local,
        ["name": .string(TerraformDocument.literal(name)), "private_zone": .bool(isPrivate)])
    }
    document.add("aws_route53_zone", local, .object(body), id: zoneID)
    for call in zone.calls where call.name != "vpc" {
      guard call.name == "rrset" else { throw call.unexpected("roadworker") }
      try addRecord(call, zone: local, zoneName: name, zoneID)
    }
  }

  private mutating func addRecord(
    _ call: RubyCall, zone: String, zoneName: String, _ zoneID: String
  ) throws(Diagnostic) {
    let texts = try call.texts()
    guard texts.count == 2 else { throw call.unexpected("roadworker") }
    let (name, type) = (Self.bare(texts[0]), texts[1])
    if name == zoneName, type == "NS" || type == "SOA" {
      return result.drop(call.place, "\(type) of \(name)", "Route 53 makes it with the zone")
    }
    var body: JSONObject = [
      "zone_id": .string("${aws_route53_zone.\(zone).zone_id}"), "name": .string(TerraformDocument.literal(name)),
      "type": .string(type),
    ]
    var identifier = ""
    for part in call.calls {
      if let reason = try read(part, into: &body, &identifier, type: type, zone: zone, zoneName: zoneName) {
        return result.drop(part.place, "\(type) of \(name)", reason)
      }
    }
    guard body["records"] != nil || body["alias"] != nil else {
      return result.drop(call.place, "\(type) of \(name)", "it has neither values nor a target")
    }
    let local = document.name(
      "\(name)_\(type)" + (identifier.isEmpty ? "" : "_\(identifier)"), of: "aws_route53_record")
    let suffix = "_\(name)_\(type)" + (identifier.isEmpty ? "" : "_\(identifier)")
    document.add("aws_route53_record", local, .object(body), id: zoneID + TerraformDocument.literal(suffix))
  }

  /// - Returns: why the record is left out; nil where its part is read.
  private mutating func read(
    _ part: RubyCall, into body: inout JSONObject, _ identifier: inout String, type: String, zone: String,
    zoneName: String
  ) throws(Diagnostic) -> String? {
    let texts = try part.texts()
    func one() throws(Diagnostic) -> JSONValue {
      guard let value = part.arguments.first, part.arguments.count == 1 else { throw part.unexpected("roadworker") }
      return value.json
    }
    switch part.name {
    case "ttl": body["ttl"] = try one()
    case "resource_records":
      body["records"] = .array(
        texts.map { .string(TerraformDocument.literal(["TXT", "SPF"].contains(type) ? Self.unquoted($0) : $0)) })
    case "dns_name":
      guard let target = texts.first else { throw part.unexpected("roadworker") }
      body["alias"] = [
        "name": .string(TerraformDocument.literal(Self.bare(target))),
        "zone_id": .string(zoneID(of: Self.bare(target), part, zone: zone, zoneName: zoneName)),
        "evaluate_target_health": .bool(part["evaluate_target_health"] == .bool(true)),
      ]
    case "set_identifier":
      identifier = texts.first ?? ""
      body["set_identifier"] = .string(TerraformDocument.literal(identifier))
    case "weight": body["weighted_routing_policy"] = ["weight": try one()]
    case "region": body["latency_routing_policy"] = ["region": try one()]
    case "failover": body["failover_routing_policy"] = ["type": try one()]
    case "multi_value_answer": body["multivalue_answer_routing_policy"] = try one()
    case "geo_location":
      var place = JSONObject()
      for option in part.options {
        let names = ["continent_code": "continent", "country_code": "country", "subdivision_code": "subdivision"]
        guard let name = names[option.key], case .string(let text) = option.value else {
          return "a place of another kind"
        }
        place[name] = .string(TerraformDocument.literal(text))
      }
      body["geolocation_routing_policy"] = .object(place)
    case "health_check": return "its health check has no id in the export: import both by hand"
    default: return "\(part.name) is not carried over yet"
    }
    return nil
  }

  /// Of CloudFront's distributions, all over the world
  /// (https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html).
  private static let cloudFrontZone = "Z2FDTNDATAQYW2"

  private mutating func zoneID(of target: String, _ part: RubyCall, zone: String, zoneName: String) -> String {
    if case .string(let id) = part["hosted_zone_id"] { return TerraformDocument.literal(id) }
    if target.hasSuffix(".cloudfront.net") { return Self.cloudFrontZone }
    let isAWS = target.hasSuffix(".amazonaws.com") || target.hasSuffix(".amazonaws.com.cn")
    if !isAWS, target == zoneName || target.hasSuffix(".\(zoneName)") { return "${aws_route53_zone.\(zone).zone_id}" }
    asksForZones = true
    let quoted = target.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "${var.alias_zone_ids[\"\(TerraformDocument.literal(quoted))\"]}"
  }

  /// `"a" "b"` of Route 53 as Terraform has it: without the outer quotes, and `""` between two parts.
  private static func unquoted(_ text: String) -> String {
    guard text.utf8.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
    return String(text.dropFirst().dropLast()).replacing("\" \"", with: "\"\"")
  }
}
