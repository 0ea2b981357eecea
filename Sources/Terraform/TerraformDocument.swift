// Terraform: files in its JSON syntax (https://developer.hashicorp.com/terraform/language/syntax/json). What stands in
// them is the matter of those who make them.

public import Kubernetes

/// A file of Terraform's JSON syntax: a root module, or a part of one.
///
/// Pure and in a stable order: that in which blocks were added, by type. Texts of people go through `literal`, so that
/// none of them is read as a template.
public struct TerraformDocument: Sendable {
  /// A resource or data source, to be referred to.
  package struct Reference: Sendable {
    package let address: String

    /// `${aws_vpc.main.id}`
    package subscript(attribute: String) -> JSONValue { .string("${\(address).\(attribute)}") }

    /// As `depends_on` names it.
    package var dependency: JSONValue { .string(address) }
  }

  /// The account that everything is in, for a module that says so itself.
  package struct Account: Sendable {
    package var number: String
    package var region: String
    /// Of every resource that takes tags.
    package var tags: JSONObject

    package init(number: String, region: String, tags: JSONObject) {
      self.number = number
      self.region = region
      self.tags = tags
    }
  }

  /// Said at the top of the file.
  private let comment: String
  private let account: Account?
  private var variables: JSONObject = [:]
  private var locals: JSONObject = [:]
  private var data: JSONObject = [:]
  private var resources: JSONObject = [:]
  private var outputs: JSONObject = [:]
  private var imports: [JSONValue] = []
  var taken: Set<String> = []

  /// - Parameter account: nil leaves the provider to the files beside this one.
  package init(comment: String, account: Account? = nil) {
    self.comment = comment
    self.account = account
  }

  /// Of every resource that takes tags.
  package var tags: JSONObject { account?.tags ?? [:] }
  /// Whether there is no resource.
  package var isEmpty: Bool { resources.isEmpty }

  /// - Parameter id: what an import block calls the resource that is there already, an expression where it begins with
  ///   `${`; nil for one that is to be made.
  @discardableResult
  package mutating func resource(
    _ type: String, _ name: String, _ body: JSONObject, importedAs id: String? = nil
  ) -> Reference {
    Self.add(body, type, name, to: &resources)
    if let id { imports.append(["to": .string("\(type).\(name)"), "id": .string(id)]) }
    return Reference(address: "\(type).\(name)")
  }

  @discardableResult
  package mutating func data(_ type: String, _ name: String, _ body: JSONObject) -> Reference {
    Self.add(body, type, name, to: &data)
    return Reference(address: "data.\(type).\(name)")
  }

  package mutating func output(_ name: String, _ value: JSONValue, _ description: String) {
    outputs[name] = ["description": .string(description), "value": value]
  }

  package mutating func variable(_ name: String, _ body: JSONObject) { variables[name] = .object(body) }

  package mutating func local(_ name: String, _ value: JSONValue) { locals[name] = value }

  private static func add(_ body: JSONObject, _ type: String, _ name: String, to section: inout JSONObject) {
    var named = section[type]?.objectValue ?? [:]
    // So that it changes in place: exports have thousands of records.
    section[type] = .null
    named[name] = .object(body)
    section[type] = .object(named)
  }

  /// The oldest release of the provider that was tried; later ones of the same major version will do.
  package static let providerVersion = "~> 5.100"

  /// The oldest Terraform that was tried. Expressions in import blocks came with 1.6
  /// (https://developer.hashicorp.com/terraform/language/import).
  private var terraformVersion: String { imports.isEmpty ? ">= 1.5" : ">= 1.6" }

  public var json: JSONValue {
    var settings: JSONObject = ["required_version": .string(terraformVersion)]
    var document: JSONObject = ["//": .string(comment)]
    if let account {
      settings["required_providers"] = [
        "aws": ["source": "hashicorp/aws", "version": .string(Self.providerVersion)]
      ]
      document["terraform"] = .object(settings)
      // Credentials of another account are refused before anything is looked at.
      document["provider"] = [
        "aws": [
          "region": .string(account.region), "allowed_account_ids": [.string(account.number)],
          "default_tags": [["tags": .object(account.tags)]],
        ]
      ]
    } else {
      document["terraform"] = .object(settings)
    }
    for (key, section) in [
      ("variable", variables), ("locals", locals), ("data", data), ("resource", resources), ("output", outputs),
    ] where !section.isEmpty {
      document[key] = .object(section)
    }
    if !imports.isEmpty { document["import"] = .array(imports) }
    return .object(document)
  }

  /// The file's text, ending with a newline.
  public var text: String { json.prettyText + "\n" }
}
