import Kubernetes

/// What may be done with the cluster's API.
extension Rule {
  private static func grants(
    _ message: String,
    where matches: @escaping @Sendable (_ groups: [String], _ resources: [String], _ verbs: [String]) -> Bool
  ) -> Check {
    .object(["Role", "ClusterRole"]) { object, _ in
      object.json.items("rules").compactMap { index, rule in
        func words(_ key: String) -> [String] { (rule[key]?.arrayValue ?? []).compactMap(\.stringValue) }
        guard matches(words("apiGroups"), words("resources"), words("verbs")) else { return nil }
        return object.hit(message, at: ObjectPath("rules").element(index))
      }
    }
  }

  private static func has(_ list: [String], _ words: String...) -> Bool {
    list.contains("*") || words.contains(where: list.contains)
  }

  static let access: [Rule] = [
    Rule(
      "rbac-wildcard", .error, "Roles name what they allow",
      because: "A wildcard allows what does not exist yet, too.", remedy: "name the verbs and resources",
      grants("allows a wildcard") { _, resources, verbs in resources.contains("*") || verbs.contains("*") }),
    Rule(
      "rbac-secrets", .error, "Roles do not allow to read secrets",
      because: "All secrets of a namespace are those of everybody in it then.",
      remedy: "mount the one that is needed, or name it in resourceNames",
      .object(["Role", "ClusterRole"]) { object, _ in
        object.json.items("rules").compactMap { index, rule in
          func words(_ key: String) -> [String] { (rule[key]?.arrayValue ?? []).compactMap(\.stringValue) }
          guard has(words("apiGroups"), ""), has(words("resources"), "secrets"),
            has(words("verbs"), "get", "list", "watch"), words("resourceNames").isEmpty
          else { return nil }
          return object.hit("allows to read all secrets", at: ObjectPath("rules").element(index))
        }
      }),
    Rule(
      "rbac-create-pods", .warning, "Roles do not allow to create pods",
      because: "Whoever creates pods can be any service account of the namespace.",
      remedy: "allow the workload's own kind, to those who release",
      grants("allows to create pods") { groups, resources, verbs in
        has(groups, "") && has(resources, "pods") && has(verbs, "create")
      }),
    Rule(
      "rbac-escalation", .error, "Roles do not allow to gain rights",
      because: "escalate, bind and impersonate are as good as all rights.", remedy: "remove the verb",
      grants("allows to gain rights") { _, _, verbs in
        ["escalate", "bind", "impersonate"].contains(where: verbs.contains)
      }),
    Rule(
      "rbac-cluster-admin", .error, "Nobody is bound to cluster-admin",
      because: "It may do everything, for ever.", remedy: "bind a role of what is needed",
      .object(["ClusterRoleBinding", "RoleBinding"]) { object, _ in
        guard object.json.text("roleRef", "name") == "cluster-admin" else { return [] }
        return [object.hit("binds cluster-admin", at: "roleRef", "name")]
      }),
  ]
}
