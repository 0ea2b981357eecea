import Kubernetes

/// Ingresses, network policies, roles and webhooks.
extension TableLayout {
  static let ingress = TableLayout([
    .name, Column("Class", "Who carries it out."), Column("Hosts", "Hosts with routes."),
    Column("Address", "Where the routes can be reached."), Column("Ports", "Ports of the routes."), .age,
  ]) { object, now in
    let hosts = object.elements("spec", "rules").compactMap { $0.text("host") }.filter { !$0.isEmpty }
    let shown = hosts.isEmpty ? "*" : LabelText.shortened(hosts, limit: 3)
    let addresses = object.elements("status", "loadBalancer", "ingress").compactMap {
      $0.text("ip") ?? $0.text("hostname")
    }
    return [
      object.printedName, object.textOrNone("spec", "ingressClassName"), .string(shown),
      .string(addresses.joined(separator: ",")), .string(object.elements("spec", "tls").isEmpty ? "80" : "80, 443"),
      object.printedAge(now),
    ]
  }

  static let ingressClass = TableLayout([
    .name, Column("Controller", "Who carries the routes out."), Column("Parameters", "An object with more settings."),
    .age,
  ]) { object, now in
    let text = object[path: ["spec", "parameters"]].map { parameters in
      let group = parameters.text("apiGroup").map { ".\($0)" } ?? ""
      return "\(parameters.text("kind") ?? "")\(group)/\(parameters.text("name") ?? "")"
    }
    return [
      object.printedName, .string(object.text("spec", "controller") ?? ""), .string(text ?? "<none>"),
      object.printedAge(now),
    ]
  }

  static let networkPolicy = TableLayout([.name, Column("Pod-Selector", "The pods that are meant."), .age]) {
    object, now in
    [
      object.printedName, .string(LabelText.selector(object[path: ["spec", "podSelector"]])), object.printedAge(now),
    ]
  }

  static let endpoints = TableLayout([.name, Column("Endpoints", "Addresses that are ready."), .age]) { object, now in
    var all: [String] = []
    for subset in object.elements("subsets") {
      let addresses = subset.elements("addresses").compactMap { $0.text("ip") }
      let ports = subset.elements("ports").compactMap { $0.number("port") }
      if ports.isEmpty { all += addresses }
      for port in ports { all += addresses.map { "\($0):\(port)" } }
    }
    let text = all.isEmpty ? "<none>" : LabelText.shortened(all, limit: 3)
    return [object.printedName, .string(text), object.printedAge(now)]
  }

  static let role = TableLayout([.name, Column("Created At", "date", "When it was created.")]) { object, _ in
    [object.printedName, .string(object.text("metadata", "creationTimestamp") ?? "<unknown>")]
  }

  static let roleBinding = TableLayout([
    .name, Column("Role", "The role."), .age, Column("Users", wide: true, "Users who have it."),
    Column("Groups", wide: true, "Groups that have it."),
    Column("ServiceAccounts", wide: true, "Service accounts that have it."),
  ]) { object, now in
    func subjects(_ kind: String) -> JSONValue {
      .string(
        object.elements("subjects").filter { $0.text("kind") == kind }.map { subject in
          let name = subject.text("name") ?? ""
          return kind == "ServiceAccount" ? "\(subject.text("namespace") ?? "")/\(name)" : name
        }.joined(separator: ", "))
    }
    return [
      object.printedName, .string("\(object.text("roleRef", "kind") ?? "")/\(object.text("roleRef", "name") ?? "")"),
      object.printedAge(now), subjects("User"), subjects("Group"), subjects("ServiceAccount"),
    ]
  }

  static let webhooks = TableLayout([.name, Column("Webhooks", "integer", "How many services are asked."), .age]) {
    object, now in
    [object.printedName, .integer(Int64(object.elements("webhooks").count)), object.printedAge(now)]
  }
}
