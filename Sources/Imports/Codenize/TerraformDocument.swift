import Kubernetes

/// A file of Terraform's JSON syntax (https://developer.hashicorp.com/terraform/language/syntax/json): resources, and
/// the import blocks that let it take over what is there.
struct TerraformDocument {
  private var resources: [(type: String, name: String, body: JSONValue)] = []
  private var lookups: [(type: String, name: String, body: JSONValue)] = []
  private var locals = JSONObject()
  private var variables = JSONObject()
  private var imports: [JSONValue] = []
  private var taken: Set<String> = []

  /// A name in Terraform that nothing else of the type has.
  mutating func name(_ text: String, of type: String) -> String {
    var name = ""
    for scalar in text.unicodeScalars.prefix(120) {
      let isKept =
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "-"
      name.unicodeScalars.append(isKept ? scalar : "_")
    }
    if name.unicodeScalars.first.map({ ("0"..."9").contains($0) || $0 == "-" }) ?? true { name = "_" + name }
    var unique = name
    var number = 2
    while !taken.insert("\(type).\(unique)").inserted {
      unique = "\(name)_\(number)"
      number += 1
    }
    return unique
  }

  /// - Parameter id: what the import block calls it, an expression where it begins with `${`.
  /// - Returns: its address.
  @discardableResult
  mutating func add(_ type: String, _ name: String, _ body: JSONValue, id: String) -> String {
    resources.append((type, name, body))
    imports.append(["to": .string("\(type).\(name)"), "id": .string(id)])
    return "\(type).\(name)"
  }

  mutating func look(up type: String, _ name: String, _ body: JSONValue) { lookups.append((type, name, body)) }
  mutating func set(local name: String, _ expression: String) { locals[name] = .string(expression) }
  mutating func ask(_ variable: String, _ body: JSONValue) { variables[variable] = body }

  var isEmpty: Bool { resources.isEmpty }

  var text: String {
    // Expressions in import blocks came with 1.6 (https://developer.hashicorp.com/terraform/language/import).
    var document: JSONObject = ["terraform": ["required_version": ">= 1.6"]]
    if !variables.isEmpty { document["variable"] = .object(variables) }
    if !locals.isEmpty { document["locals"] = .object(locals) }
    if !lookups.isEmpty { document["data"] = Self.grouped(lookups) }
    document["resource"] = Self.grouped(resources)
    document["import"] = .array(imports)
    return JSONValue.object(document).prettyText + "\n"
  }

  private static func grouped(_ blocks: [(type: String, name: String, body: JSONValue)]) -> JSONValue {
    var groups = JSONValue.object([:])
    for block in blocks { groups[path: [block.type, block.name]] = block.body }
    return groups
  }

  /// A text as it is: `${aws:username}` of a policy is no expression of Terraform's.
  static func literal(_ text: String) -> String {
    text.replacing("${", with: "$${").replacing("%{", with: "%%{")
  }
}
