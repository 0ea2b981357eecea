import Kubernetes

/// Cluster roles with an `aggregationRule` show the rules of the roles that it chooses.
///
/// Authorization follows the rule itself; what is written here is for those who read the role.
extension APIService {
  static let aggregationAttemptsMax = 10

  func aggregateClusterRoles() async throws {
    let stored = store.objects(Authorizer.clusterRoles)
    var roles: [(StoredObject, JSONValue, AccessIndex.Role)] = []
    for object in stored {
      let value = try object.value()
      roles.append((object, value, AccessIndex.Role(json: value)))
    }
    let all = roles.map(\.2)
    for (object, value, role) in roles {
      guard let selectors = role.aggregated else { continue }
      let rules = AccessIndex.aggregate(selectors, all, except: role.name)
      if rules != role.rules { try await write(rules, to: object, value) }
    }
  }

  private func write(_ rules: [PolicyRule], to object: StoredObject, _ value: JSONValue) async throws {
    var current = object
    var new = value
    for _ in 1...Self.aggregationAttemptsMax {
      new["rules"] = .array(rules.map(\.json))
      let write = Store.Write(key: current.key, action: .update(new, over: current.version))
      guard case .conflict(let other?) = try await store.commit(write) else { return }
      current = other
      new = try other.value()
    }
  }
}
