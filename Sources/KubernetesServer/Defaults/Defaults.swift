import Kubernetes

/// What Kubernetes fills in where a manifest is silent.
package enum Defaults {
  /// Sets the absent fields of a built-in kind to their defaults; other kinds stay as they are.
  package static func apply(_ object: inout JSONValue, resource: ResourceType) {
  }
}
