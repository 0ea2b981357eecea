import Kubernetes

/// How Go prints the values that upstream's messages repeat, where it is not as JSON.
enum GoValue {
  /// `intstr.IntOrString{Type:0, IntVal:1, StrVal:""}`
  static func intOrString(_ value: JSONValue?) -> String {
    if let text = value?.stringValue {
      return "intstr.IntOrString{Type:1, IntVal:0, StrVal:\(JSONValue.string(text).text)}"
    }
    return "intstr.IntOrString{Type:0, IntVal:\(value?.integerValue ?? 0), StrVal:\"\"}"
  }

  /// `[]string{"a"}`, or of another type of texts.
  static func texts(_ value: JSONValue?, type: String = "string") -> String {
    guard let elements = value?.arrayValue else { return "[]\(type)(nil)" }
    return "[]\(type){\(elements.map(\.text).joined(separator: ", "))}"
  }

  /// `map[string]string{"a":"b"}`
  static func labels(_ value: JSONValue?) -> String {
    guard let members = value?.objectValue, !members.isEmpty else { return "map[string]string(nil)" }
    let parts = members.sortedByKey().map { "\(JSONValue.string($0.key).text):\($0.value.text)" }
    return "map[string]string{\(parts.joined(separator: ", "))}"
  }

  static func labelSelector(_ value: JSONValue?) -> String {
    let requirement = "v1.LabelSelectorRequirement"
    let expressions = (value?["matchExpressions"]?.arrayValue ?? []).map { expression in
      "\(requirement){Key:\(quoted(expression["key"])), Operator:\(quoted(expression["operator"])), "
        + "Values:\(texts(expression["values"]))}"
    }
    let list = expressions.isEmpty ? "(nil)" : "{\(expressions.joined(separator: ", "))}"
    return "v1.LabelSelector{MatchLabels:\(labels(value?["matchLabels"])), MatchExpressions:[]\(requirement)\(list)}"
  }

  /// A struct whose fields are all texts.
  static func record(_ type: String, _ value: JSONValue?, _ fields: [(go: String, json: String)]) -> String {
    "\(type){\(fields.map { "\($0.go):\(quoted(value?[$0.json]))" }.joined(separator: ", "))}"
  }

  private static func quoted(_ value: JSONValue?) -> String { JSONValue.string(value?.stringValue ?? "").text }
}
