import Kubernetes

/// Events are notes, not state: they go after a while, as in Kubernetes.
extension APIService {
  func forgetEvents(before limit: Timestamp) async {
    let resource = RegisteredResource(type: .events)
    for object in store.snapshot(resource.key).objects {
      guard let event = try? Self.decode(Event.self, object) else { continue }
      let last = event.lastTimestamp ?? event.eventTime?.timestamp ?? event.metadata.creationTimestamp
      guard let last, last < limit else { continue }
      let write = Store.Write(key: object.key, action: .delete(event.json, over: object.version))
      // One that was changed meanwhile is not old; one that cannot be deleted now is looked at again.
      _ = try? await store.commit(write)
    }
  }
}
