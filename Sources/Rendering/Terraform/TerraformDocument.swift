public import Kubernetes

/// A root module of Terraform in its JSON syntax (https://developer.hashicorp.com/terraform/language/syntax/json).
///
/// Pure and in a stable order: that in which blocks were added, by type. Texts of people go through `literal`, so that
/// none of them is read as a template.
public struct TerraformDocument: Sendable {
  /// A resource or data source, to be referred to.
  struct Reference {
    let address: String

    /// `${aws_vpc.main.id}`
    subscript(attribute: String) -> JSONValue { .string("${\(address).\(attribute)}") }

    /// As `depends_on` names it.
    var dependency: JSONValue { .string(address) }
  }

  /// Said at the top of the file.
  let comment: String
  let region: String
  let account: String
  /// Of every resource that takes tags.
  let tags: JSONObject
  private var resources: JSONObject = [:]
  private var data: JSONObject = [:]
  private var outputs: JSONObject = [:]

  init(comment: String, region: String, account: String, tags: JSONObject) {
    self.comment = comment
    self.region = region
    self.account = account
    self.tags = tags
  }

  @discardableResult
  mutating func resource(_ type: String, _ name: String, _ body: JSONObject) -> Reference {
    resources = Self.adding(.object(body), type, name, to: resources)
    return Reference(address: "\(type).\(name)")
  }

  mutating func data(_ type: String, _ name: String, _ body: JSONObject) -> Reference {
    data = Self.adding(.object(body), type, name, to: data)
    return Reference(address: "data.\(type).\(name)")
  }

  mutating func output(_ name: String, _ value: JSONValue, _ description: String) {
    outputs[name] = ["description": .string(description), "value": value]
  }

  private static func adding(_ body: JSONValue, _ type: String, _ name: String, to section: JSONObject) -> JSONObject {
    var section = section
    var named = section[type] ?? [:]
    named[name] = body
    section[type] = named
    return section
  }

  /// The oldest release of the provider that was tried; later ones of the same major version will do.
  static let providerVersion = "~> 5.100"
  /// The oldest Terraform that was tried.
  static let terraformVersion = ">= 1.5"

  public var json: JSONValue {
    var document: JSONObject = [
      "//": .string(comment),
      "terraform": [
        "required_version": .string(Self.terraformVersion),
        "required_providers": [
          "aws": ["source": "hashicorp/aws", "version": .string(Self.providerVersion)]
        ],
      ],
      // Credentials of another account are refused before anything is looked at.
      "provider": [
        "aws": [
          "region": .string(region), "allowed_account_ids": [.string(account)],
          "default_tags": [["tags": .object(tags)]],
        ]
      ],
    ]
    for (key, section) in [("data", data), ("resource", resources), ("output", outputs)] where !section.isEmpty {
      document[key] = .object(section)
    }
    return .object(document)
  }

  /// The file's text, ending with a newline.
  public var text: String { json.prettyText + "\n" }

  /// A text that a person wrote, with nothing in it that Terraform would take for a template.
  static func literal(_ text: String) -> JSONValue {
    .string(text.replacing("${", with: "$${").replacing("%{", with: "%%{"))
  }

  /// A block's name made of a name of ours, which may hold dots.
  static func label(_ name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") ? $0 : "_" })
  }
}
