import Definitions
import Kubernetes
import Terraform

/// Zones, records and health checks of Route 53, as roadworker exports them, to Terraform.
///
/// Public zones have no id in an export: Terraform looks it up by name. A record that cannot be carried over as a whole
/// is left out as a whole, or a plan would change it.
struct RoadworkerTerraform {
  var document = TerraformDocument(comment: CodenizeImport.comment(on: "roadworker"))
  var result = ImportResult()
  var hasAliases = false
  /// Aliases' targets whose hosted zones people have to tell.
  var unknownTargets: [String] = []
  /// The addresses of health checks, by how they are written.
  var healthChecks: [String: (address: String, key: String)] = [:]
  private var zoneKeys: Set<[String]> = []
  private var recordKeys: Set<[String]> = []
  private var hasExclusions = false

  /// What an export does not have, and what stands in Terraform's state only.
  private static let untoldOfZones: JSONValue = ["comment", "force_destroy", "tags"]

  static func convert(_ zones: [RubyCall]) throws(Diagnostic) -> ImportResult {
    var terraform = RoadworkerTerraform()
    for zone in zones {
      guard zone.name == "hosted_zone", zone.text != nil else { throw zone.unexpected("roadworker") }
      try terraform.add(zone)
    }
    terraform.askForIDs()
    if terraform.hasExclusions {
      terraform.result.decisions.append(
        "ignore: names that roadworker leaves alone are not in its files, and stay outside of Terraform too")
    }
    if !terraform.document.isEmpty {
      terraform.result.files = [ImportedFile(path: "route53.tf.json", text: terraform.document.text)]
    }
    return terraform.result
  }

  /// As Route 53 has names: small letters; without the last dot, as Terraform has them.
  static func bare(_ name: String) -> String {
    let name = name.lowercased()
    return name.hasSuffix(".") ? String(name.dropLast()) : name
  }

  private mutating func add(_ zone: RubyCall) throws(Diagnostic) {
    let name = Self.bare(zone.text ?? "")
    let local = document.uniqueLabel(name, of: "aws_route53_zone")
    let id = zone.arguments.dropFirst().first?.name
    guard zoneKeys.insert([name, id ?? ""]).inserted else {
      throw Diagnostic(at: zone.place, "zone \(name) is there twice", remedy: "write all of its records in one block")
    }
    var networks: [JSONValue] = []
    for call in zone.calls where call.name == "vpc" {
      let parts = call.arguments.compactMap(\.name)
      guard parts.count == 2 else { throw call.unexpected("roadworker") }
      networks.append([
        "vpc_region": TerraformDocument.literal(parts[0]), "vpc_id": TerraformDocument.literal(parts[1]),
      ])
    }
    let isPrivate = !networks.isEmpty
    var body: JSONObject = ["name": TerraformDocument.literal(name)]
    if isPrivate { body["vpc"] = .array(networks) }
    body["lifecycle"] = ["ignore_changes": Self.untoldOfZones]
    let zoneID = id.map(TerraformDocument.escaped) ?? "${data.aws_route53_zone.\(local).zone_id}"
    if id == nil {
      document.data(
        "aws_route53_zone", local, ["name": TerraformDocument.literal(name), "private_zone": .bool(isPrivate)])
    }
    document.resource("aws_route53_zone", local, body, importedAs: zoneID)
    for call in zone.calls where call.name != "vpc" {
      switch call.name {
      case "rrset", "resource_record_set": try addRecord(call, zone: (local, name, zoneID))
      case "ignore", "ignore_under": hasExclusions = true
      default: throw call.unexpected("roadworker")
      }
    }
  }

  private typealias Zone = (local: String, name: String, id: String)

  private mutating func addRecord(_ call: RubyCall, zone: Zone) throws(Diagnostic) {
    let texts = try call.texts()
    guard texts.count == 2 else { throw call.unexpected("roadworker") }
    let (name, type) = (Self.bare(texts[0]), texts[1].uppercased())
    if name == zone.name, type == "NS" || type == "SOA" {
      return result.drop(call.place, "\(type) of \(name)", "Route 53 makes it with the zone")
    }
    var body: JSONObject = [
      "zone_id": .string("${aws_route53_zone.\(zone.local).zone_id}"), "name": TerraformDocument.literal(name),
      "type": TerraformDocument.literal(type),
    ]
    var identifier: String?
    for part in call.calls where part.name == "set_identifier" || part.name == "identifier" {
      identifier = part.text
      body["set_identifier"] = part.text.map(TerraformDocument.literal)
    }
    for part in call.calls {
      if let reason = try read(part, into: &body, type: type, zone) {
        return result.drop(part.place, "\(type) of \(name)", reason)
      }
    }
    if let reason = Self.lack(of: body) { return result.drop(call.place, "\(type) of \(name)", reason) }
    guard recordKeys.insert([zone.local, name, type, identifier ?? ""]).inserted else {
      throw Diagnostic(at: call.place, "\(type) of \(name) is there twice", remedy: "give the others set_identifier")
    }
    let suffix = "\(name)_\(type)" + (identifier.map { "_\($0)" } ?? "")
    document.resource(
      "aws_route53_record", document.uniqueLabel(suffix, of: "aws_route53_record"), body,
      importedAs: zone.id + TerraformDocument.escaped("_" + suffix))
  }

  private static let policies = [
    "weighted_routing_policy", "latency_routing_policy", "failover_routing_policy", "geolocation_routing_policy",
    "multivalue_answer_routing_policy",
  ]

  /// - Returns: why this is no whole record; nil where it is one.
  private static func lack(of body: JSONObject) -> String? {
    if body["records"] == nil, body["alias"] == nil { return "it has neither values nor a target" }
    if body["alias"] == nil, body["ttl"] == nil { return "it has no ttl" }
    if body["set_identifier"] != nil, !policies.contains(where: { body[$0] != nil }) {
      return
        "it is one of several by a rule that roadworker does not export, such as multivalue answers: import it by hand"
    }
    return nil
  }

  /// - Returns: why the record is left out; nil where its part is read.
  private mutating func read(
    _ part: RubyCall, into body: inout JSONObject, type: String, _ zone: Zone
  ) throws(Diagnostic) -> String? {
    func one() throws(Diagnostic) -> JSONValue {
      guard let value = part.arguments.first, part.arguments.count == 1 else { throw part.unexpected("roadworker") }
      switch value {
      case .integer, .bool: return value.json
      case .string(let text), .symbol(let text): return TerraformDocument.literal(text)
      default: throw part.unexpected("roadworker")
      }
    }
    switch part.name {
    case "set_identifier", "identifier": break
    case "ttl": body["ttl"] = try one()
    case "resource_records":
      let isText = type == "TXT" || type == "SPF"
      body["records"] = .array(try part.texts().map { TerraformDocument.literal(isText ? Self.unquoted($0) : $0) })
    case "dns_name":
      guard let target = part.text.map(Self.bare) else { throw part.unexpected("roadworker") }
      body["alias"] = [
        "name": TerraformDocument.literal(target),
        "zone_id": .string(aliasZone(of: target, part, zone: zone.local, zoneName: zone.name)),
        "evaluate_target_health": .bool(part["evaluate_target_health"] == .bool(true)),
      ]
    case "weight": body["weighted_routing_policy"] = ["weight": try one()]
    case "region": body["latency_routing_policy"] = ["region": try one()]
    case "failover": body["failover_routing_policy"] = ["type": try one()]
    case "multi_value_answer": body["multivalue_answer_routing_policy"] = try one()
    case "geo_location":
      var place = JSONObject()
      for option in part.allOptions {
        let names = ["continent_code": "continent", "country_code": "country", "subdivision_code": "subdivision"]
        guard let name = names[option.key], let text = option.value.name else { return "a place of another kind" }
        place[name] = TerraformDocument.literal(text)
      }
      body["geolocation_routing_policy"] = .object(place)
    case "health_check":
      guard let address = try healthCheck(part) else { return "its health check is of a kind that is not known here" }
      body["health_check_id"] = .string("${\(address).id}")
    default: return "\(part.name) is not carried over yet"
    }
    return nil
  }

  /// A text of Route 53 as Terraform has it: without the outer quotes
  /// (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route53_record#records).
  private static func unquoted(_ text: String) -> String {
    guard text.utf8.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
    return String(text.dropFirst().dropLast())
  }
}
