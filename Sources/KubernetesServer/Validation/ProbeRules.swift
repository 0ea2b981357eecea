import Kubernetes

extension Findings {
  /// - Parameter mustSucceedOnce: liveness and startup probes have a success threshold of 1.
  mutating func probe(_ probe: JSONValue, _ field: Field, mustSucceedOnce: Bool) {
    handler(probe, field, kinds: ["exec", "httpGet", "tcpSocket", "grpc"])
    for key in ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] {
      atLeast(0, probe[key], field.child(key))
    }
    if let seconds = probe["terminationGracePeriodSeconds"]?.integerValue, seconds <= 0 {
      invalid(field.child("terminationGracePeriodSeconds"), .integer(seconds), "must be greater than 0")
    }
    if mustSucceedOnce, let threshold = probe["successThreshold"]?.integerValue, threshold != 1 {
      invalid(field.child("successThreshold"), .integer(threshold), "must be 1")
    }
  }

  /// Exactly one way to ask or to tell.
  mutating func handler(_ handler: JSONValue, _ field: Field, kinds: [String]) {
    let found = kinds.filter { handler[$0].map { !$0.isNull } ?? false }
    if found.isEmpty { required(field, "must specify a handler type") }
    for extra in found.dropFirst() { forbidden(field.child(extra), "may not specify more than 1 handler type") }
    guard let kind = found.first, let action = handler[kind] else { return }
    let at = field.child(kind)
    switch kind {
    case "exec":
      if action.isUnset("command") { required(at.child("command")) }
    case "httpGet":
      if action.isUnset("path") { required(at.child("path")) }
      portOrName(action["port"], at.child("port"))
      oneOf(action["scheme"], ["HTTP", "HTTPS"], at.child("scheme"))
      for (index, header) in (action["httpHeaders"]?.arrayValue ?? []).enumerated() where header.isUnset("name") {
        required(at.child("httpHeaders").at(index).child("name"))
      }
    case "tcpSocket": portOrName(action["port"], at.child("port"))
    case "grpc": port(action["port"], at.child("port"))
    default: atLeast(0, action["seconds"], at.child("seconds"))
    }
  }
}
