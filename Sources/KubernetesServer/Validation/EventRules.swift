import Kubernetes

/// Events of both groups (pkg/apis/core/validation/events.go).
extension Findings {
  private static let textMax = 128
  private static let noteMax = 1024

  mutating func event(_ object: JSONValue) {
    eventNamespace(object, involved: object["involvedObject"], Field("involvedObject"))
  }

  private mutating func eventNamespace(_ object: JSONValue, involved: JSONValue?, _ field: Field) {
    let namespace = object[path: ["metadata", "namespace"]]?.stringValue ?? ""
    let about = involved?["namespace"]?.stringValue ?? ""
    // What is told of an object without a namespace is told in the default one.
    if about.isEmpty ? !["default", "kube-system"].contains(namespace) : about != namespace {
      invalid(field.child("namespace"), about, "does not match event.namespace")
    }
  }

  mutating func newerEvent(_ object: JSONValue, old: JSONValue?) {
    if object.isUnset("eventTime") { required(Field("eventTime")) }
    if let type = object["type"]?.stringValue, !["Normal", "Warning"].contains(type) {
      invalid(Field("type"), "", "has invalid value: \(type)")
    } else if object.isUnset("type") {
      invalid(Field("type"), "", "has invalid value: ")
    }
    let controller = object["reportingController"]?.stringValue ?? ""
    if controller.isEmpty {
      required(Field("reportingController"))
    } else if let problem = Names.qualified(controller) {
      invalid(Field("reportingController"), controller, problem)
    }
    for key in ["reportingInstance", "action", "reason"] {
      let text = object[key]?.stringValue ?? ""
      if text.isEmpty { required(Field(key)) }
      if text.utf8.count > Self.textMax { invalid(Field(key), "", "can have at most \(Self.textMax) characters") }
    }
    if object["note"]?.stringValue?.utf8.count ?? 0 > Self.noteMax {
      invalid(Field("message"), "", "can have at most \(Self.noteMax) characters")
    }
    if let series = object["series"], !series.isNull {
      if series["count"]?.integerValue ?? 0 < 2 { invalid(Field("series.count"), "", "should be at least 2") }
      if series.isUnset("lastObservedTime") { required(Field("series.lastObservedTime")) }
    }
    guard let old else { return }
    for key in [
      "regarding", "reason", "type", "reportingController", "reportingInstance", "action", "related", "note",
      "eventTime",
    ] {
      immutable(object[key], was: old[key], Field(key == "regarding" ? "involvedObject" : key))
    }
  }
}
