import Definitions
import Kubernetes
import Testing

/// Every field that a format has, with a value of a wrong kind: none is accepted, and each complaint names its path.
@Suite struct EveryFieldTests {
  struct Mistake {
    var path: String
    var document: JSONValue
  }

  static let service: JSONValue = [
    "apiVersion": "sakigake.dev/v1", "kind": "Microservice", "metadata": ["name": "articles"],
    "spec": ["owner": "o", "image": "a", "port": 80],
  ]
  static let platform: JSONValue = [
    "apiVersion": "sakigake.dev/v1", "kind": "Platform", "metadata": ["name": "news"], "spec": [:],
  ]

  /// Walks a schema as editors have it, which is made of the same fields.
  static func mistakes(_ schema: JSONValue, at path: String, in document: @escaping (JSONValue) -> JSONValue)
    -> [Mistake]
  {
    var found: [Mistake] = []
    if !path.isEmpty, let wrong = wrong(for: schema) { found.append(Mistake(path: path, document: document(wrong))) }
    for alternative in schema["anyOf"]?.arrayValue ?? [schema] {
      if let items = alternative["items"] {
        found += mistakes(items, at: path + "[0]") { document([$0]) }
      }
      if let values = alternative["additionalProperties"], case .object = values {
        found += mistakes(values, at: path + ".a") { document(["a": $0]) }
      }
      for property in alternative["properties"]?.objectValue ?? [:] where property.key != "environments" {
        let inner = path.isEmpty ? property.key : "\(path).\(property.key)"
        found += mistakes(property.value, at: inner) { document([.init(property.key): $0]) }
      }
    }
    return found
  }

  /// A value that no alternative takes; nil where all are taken.
  private static func wrong(for schema: JSONValue) -> JSONValue? {
    let alternatives = schema["anyOf"]?.arrayValue ?? [schema]
    if alternatives.contains(where: { $0["type"] == nil && $0["enum"] == nil }) { return nil }
    let takesList = alternatives.contains { $0["type"] == "array" }
    let takesMap = alternatives.contains { $0["type"] == "object" }
    return takesList ? (takesMap ? 1 : [:]) : []
  }

  @Test func noneOfAServiceTakesWhatItIsNot() {
    let all = Self.mistakes(FileFormat.microservice.editorSchema, at: "") { Self.service.applying(mergePatch: $0) }
    #expect(all.count > 200, "\(all.count) fields")
    for mistake in all {
      let complaints = Texts.complaints(mistake.document.text)
      #expect(complaints.contains { $0.contains(" error: \(mistake.path)") }, "\(mistake.path): \(complaints)")
    }
  }

  @Test func noneOfAPlatformTakesWhatItIsNot() {
    let all = Self.mistakes(FileFormat.platform.editorSchema, at: "") { Self.platform.applying(mergePatch: $0) }
    #expect(all.count > 110, "\(all.count) fields")
    for mistake in all {
      let complaints = Texts.platformComplaints(mistake.document.text)
      #expect(complaints.contains { $0.contains(" error: \(mistake.path)") }, "\(mistake.path): \(complaints)")
    }
  }

  /// The other way round: what is no field is told, with its nearest name, in every map that there is.
  @Test func noMapTakesAFieldThatItDoesNotHave() {
    func maps(_ schema: JSONValue, _ document: @escaping (JSONValue) -> JSONValue) -> [JSONValue] {
      var found: [JSONValue] = []
      for alternative in schema["anyOf"]?.arrayValue ?? [schema] {
        if let properties = alternative["properties"]?.objectValue, let first = properties.keys.first {
          found.append(document([.init(first + "x"): 1]))
          for property in properties where property.key != "environments" {
            found += maps(property.value) { document([.init(property.key): $0]) }
          }
        }
        if let items = alternative["items"] { found += maps(items) { document([$0]) } }
        if let values = alternative["additionalProperties"], case .object = values {
          found += maps(values) { document(["a": $0]) }
        }
      }
      return found
    }
    let documents = maps(FileFormat.microservice.editorSchema) { Self.service.applying(mergePatch: $0) }
    #expect(documents.count >= 40, "\(documents.count) maps")
    for document in documents {
      let complaints = Texts.complaints(document.text)
      #expect(
        complaints.contains { $0.contains("unknown field \"") && $0.contains("did you mean") },
        "\(document.text): \(complaints)")
    }
  }
}
