import Kubernetes

/// An event about an object as it is, whatever its version: so that equal events stay equal and are counted.
enum ObjectNote {
  static func change(
    about object: some KubernetesObject, isWarning: Bool = false, reason: String, message: String, component: String
  ) -> Change {
    var reference = ObjectReference(to: object)
    reference.resourceVersion = ""
    return .record(
      .init(about: reference, isWarning: isWarning, reason: reason, message: message, component: component))
  }
}
