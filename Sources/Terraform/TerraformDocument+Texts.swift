package import Kubernetes

/// Texts and names of people's, as Terraform takes them.
extension TerraformDocument {
  /// A text that a person wrote, with nothing in it that Terraform would take for a template.
  package static func literal(_ text: String) -> JSONValue { .string(escaped(text)) }

  /// The same, as a part of a text.
  package static func escaped(_ text: String) -> String {
    text.replacing("${", with: "$${").replacing("%{", with: "%%{")
  }

  /// A text within an expression, in quotes
  /// (https://developer.hashicorp.com/terraform/language/expressions/strings).
  package static func quoted(_ text: String) -> String {
    let inner = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
      .replacing("\r", with: "\\r")
    return "\"\(escaped(inner))\""
  }

  private static let labelLettersMax = 120

  /// A block's name made of a name of ours, which may hold dots.
  package static func label(_ name: String) -> String {
    var label = ""
    for scalar in name.unicodeScalars.prefix(labelLettersMax) {
      let isKept =
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        || scalar == "_" || scalar == "-"
      label.unicodeScalars.append(isKept ? scalar : "_")
    }
    let begins = label.unicodeScalars.first.map { !("0"..."9").contains($0) && $0 != "-" } ?? false
    return begins ? label : "_" + label
  }

  /// A block's name that no other of the type has, as near to `name` as possible.
  package mutating func uniqueLabel(_ name: String, of type: String) -> String {
    let label = Self.label(name)
    var unique = label
    var number = 2
    while !taken.insert("\(type).\(unique)").inserted {
      unique = "\(label)_\(number)"
      number += 1
    }
    return unique
  }
}
