import Definitions
import Kubernetes
import Testing

/// The schema under which a cluster keeps definitions.
@Suite struct ResourceSchemaTests {
  private static let schema = FileFormat.microservice.resourceSchema

  /// Every field of the file with its description, at the same path.
  @Test func itHasTheFieldsOfTheFile() throws {
    func paths(_ schema: JSONValue, _ path: String) -> [String: String] {
      var found: [String: String] = [:]
      for property in schema["properties"]?.objectValue ?? [:] {
        found["\(path).\(property.key)"] = property.value["description"]?.stringValue
        found.merge(paths(property.value, "\(path).\(property.key)")) { $1 }
      }
      for (key, step) in [("items", "[]"), ("additionalProperties", ".NAME")] {
        if let inner = schema[key] { found.merge(paths(inner, path + step)) { $1 } }
      }
      return found
    }
    let file = FileFormat.microservice.editorSchema[path: ["properties", "spec"]]
    let expected = paths(try #require(file), "spec")
    #expect(expected.count > 100)
    #expect(paths(Self.schema, "spec") == expected)
  }

  /// As structural schemas are: each node has one type, or says that it is not looked into.
  @Test func itIsStructural() {
    func check(_ schema: JSONValue, _ path: String) {
      let isOpen =
        schema["x-kubernetes-preserve-unknown-fields"] == true || schema["x-kubernetes-int-or-string"] == true
      #expect(schema["type"]?.stringValue != nil || isOpen, "\(path)")
      #expect(schema["properties"] == nil || schema["additionalProperties"] == nil, "\(path)")
      for property in schema["properties"]?.objectValue ?? [:] { check(property.value, "\(path).\(property.key)") }
      for key in ["items", "additionalProperties"] { if let inner = schema[key] { check(inner, "\(path).\(key)") } }
    }
    check(Self.schema, "spec")
  }

  @Test func boundsAndWordsAreThoseOfTheFile() {
    #expect(Self.schema[path: ["properties", "port", "maximum"]] == 65535)
    #expect(Self.schema[path: ["properties", "spot", "enum"]] == ["never", "preferred", "only"])
    #expect(
      Self.schema[path: ["properties", "scale", "properties", "on", "items", "properties", "cpu", "type"]] == "string")
    // The one share that a cluster keeps as a number.
    let utilization = Self.schema[path: ["properties", "capacity", "properties", "utilization"]]
    #expect(utilization?["type"] == "number" && utilization?["maximum"] == 1)
    #expect(Self.schema["required"] == nil)
  }
}
