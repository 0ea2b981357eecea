import Kubernetes

/// What a platform holds its services to.
public enum PlatformTopic: Sendable, CaseIterable {
  case names, tags, quotas, permissions, waivers
}

/// A service held against the platform that it is to run on.
extension ServiceDefinition {
  /// Errors where the platform does not allow it, and warnings where something has no effect there.
  public func judged(on platform: PlatformDefinition) -> [Diagnostic] {
    PlatformTopic.allCases.flatMap { broken($0, on: platform) } + absences(on: platform)
  }

  /// Errors where the platform does not allow it, of one kind.
  public func broken(_ topic: PlatformTopic, on platform: PlatformDefinition) -> [Diagnostic] {
    let judgement = Judgement(service: self, platform: platform)
    return switch topic {
    case .names: judgement.names
    case .tags: judgement.tags
    case .quotas: judgement.quotas
    case .permissions: judgement.permissions
    case .waivers: judgement.waivers
    }
  }

  /// What the platform lacks: errors where the service cannot do without, warnings where it has no effect.
  public func absences(on platform: PlatformDefinition) -> [Diagnostic] {
    Judgement(service: self, platform: platform).absences
  }

  private struct Judgement {
    let service: ServiceDefinition
    let platform: PlatformDefinition

    private var name: String { service.microservice.metadata.name }
    private var spec: MicroserviceSpec { service.microservice.spec }

    private func error(_ node: SourceNode, _ message: String, _ remedy: String) -> Diagnostic {
      Diagnostic(at: node.place(in: service.file), message, remedy: remedy)
    }

    private func warning(_ node: SourceNode, _ message: String, _ remedy: String) -> Diagnostic {
      Diagnostic(.warning, at: node.place(in: service.file), message, remedy: remedy)
    }

    var names: [Diagnostic] {
      guard !platform.names.service.isEmpty, let pattern = try? Regex(platform.names.service),
        (try? pattern.wholeMatch(in: name)) == nil
      else { return [] }
      return [
        Diagnostic(
          at: service.namePlace, "the platform has no services named \"\(name)\"",
          remedy: "names match \(platform.names.service)")
      ]
    }

    var tags: [Diagnostic] {
      var found = platform.mandatoryTags.filter { platform.tags[$0] == nil && spec.tags[$0] == nil }.map {
        error(
          service.spec.nearest("tags"), "spec.tags.\($0) is missing: the platform asks for it",
          "add tags: { \($0): VALUE }")
      }
      for member in service.spec["tags"]?.members ?? [] {
        guard let own = platform.tags[member.key] else { continue }
        found.append(
          error(member.value, "spec.tags.\(member.key) is the platform's, which says \"\(own)\"", "remove it"))
      }
      return found
    }

    var quotas: [Diagnostic] {
      let most = platform.quotas.amounts(of: name)
      let place = service.spec.nearest("scale", "max")
      let lower = "lower it, or have the platform's quotas.services.\(name) raised"
      var found: [Diagnostic] = []
      if let pods = most.pods, spec.scale.max > pods {
        found.append(error(place, "\(spec.scale.max) pods are more than the platform's quota of \(pods)", lower))
      }
      let pod = spec.podRequests
      for (resource, quota) in [("cpu", most.cpu), ("memory", most.memory)] {
        guard let quota, let one = pod[resource] else { continue }
        let all = Quantity(nano: one.nano * Int128(spec.scale.max), format: one.format)
        guard all > quota else { continue }
        found.append(
          error(
            place, "\(spec.scale.max) pods request \(all) of \(resource), more than the platform's quota of \(quota)",
            "lower scale.max or resources, or have the platform's quotas.services.\(name) raised"))
      }
      let storage = spec.volumes.values.compactMap(\.claim?.size).reduce(Quantity.zero, +)
      if let quota = most.storage, storage > quota {
        found.append(
          error(
            service.spec.nearest("volumes"), "\(storage) of storage are more than the platform's quota of \(quota)",
            lower))
      }
      return found
    }

    var permissions: [Diagnostic] {
      var found: [Diagnostic] = []
      for permission in service.spec["permissions"]?.elements ?? [] {
        for action in CheckedDocument.texts(permission["allow"]) {
          guard let allowed = platform.owns.actions, !allowed.contains(where: { Self.covers($0, action.text) }) else {
            continue
          }
          found.append(
            error(
              action, "spec.permissions: the platform allows no service \(action.text)",
              allowed.isEmpty ? "it allows none" : "it allows \(allowed.joined(separator: ", "))"))
        }
        for node in CheckedDocument.texts(permission["on"]) {
          guard let resource = CloudResource(reading: node.text), let kind = resource.kind,
            let templates = platform.owns.prefixes(of: kind)
          else { continue }
          let prefixes = templates.map { NameTemplate(verbatim: $0).filled(platform.parts(for: name)) }
          guard !prefixes.contains(where: { resource.name.hasPrefix($0) }) else { continue }
          found.append(
            error(
              node, "spec.permissions: \(node.text) is not \(name)'s",
              prefixes.isEmpty ? "services own none" : "its names begin with \(prefixes.joined(separator: " or "))"))
        }
      }
      let role = platform.roleName(of: name)
      if !spec.permissions.isEmpty, role.utf8.count > 64 {
        found.append(
          error(
            service.spec.nearest("permissions"), "the role \"\(role)\" has more than the 64 letters that IAM takes",
            "shorten the service's name, or the platform's names.role"))
      }
      return found
    }

    var waivers: [Diagnostic] {
      let owners = platform.guardrails.waivers
      return (service.spec["waivers"]?.elements ?? []).compactMap { waiver in
        guard let owner = waiver["owner"], !owners.contains(owner.text) else { return nil }
        return error(
          owner, "spec.waivers: \(owner.text) may waive no rule here",
          owners.isEmpty
            ? "the platform lets nobody; add guardrails: { waivers: { by: [\(owner.text)] } } to its spec"
            : "those who may: \(owners.joined(separator: ", "))")
      }
    }

    /// Whether what a platform allows includes an action, or all that a pattern of a service means.
    private static func covers(_ allowed: String, _ action: String) -> Bool {
      allowed == action || allowed.hasSuffix("*") && action.hasPrefix(allowed.dropLast())
    }

    /// What the platform lacks.
    var absences: [Diagnostic] {
      var found: [Diagnostic] = []
      for member in service.spec["secrets"]?.members ?? [] {
        guard let from = member.value["from"] else { continue }
        switch platform.secretStore {
        case .cluster: break
        case .undeclared:
          found.append(
            error(
              from, "spec.secrets.\(member.key): the platform does not say where secrets come from",
              "add secrets: { store: NAME } to its spec, or store: none"))
        case .none:
          found.append(
            warning(from, "spec.secrets.\(member.key): secrets are made by hand here", "make the Secret \(member.key)"))
        }
      }
      if let node = service.spec["rightsize"], spec.rightsize.mode != .off, !platform.hasVerticalPodAutoscaler {
        found.append(
          warning(
            node, "spec.rightsize has no effect here: the platform has no VerticalPodAutoscaler",
            "add rightsize: { verticalPodAutoscaler: true } to its spec where the cluster has one"))
      }
      if let node = service.spec["alerts"], !spec.alerts.isEmpty, !platform.alerts.prometheus,
        !platform.isWrittenAsTerraform
      {
        found.append(
          warning(
            node,
            "spec.alerts have no effect here: the platform has no Prometheus, and no account and region for Terraform to "
              + "make alarms in",
            "add alerts: { prometheus: true } to its spec where the cluster has its operator, or account and region"))
      }
      if let node = service.spec["network"]?["groups"], !node.elements.isEmpty, !platform.cloud.podSecurityGroups {
        found.append(
          warning(
            node, "spec.network.groups have no effect here: the platform's pods have the groups of their nodes",
            "add cloud: { podSecurityGroups: true } to its spec where the cluster is set up for it"))
      }
      if let node = service.spec["permissions"], !spec.permissions.isEmpty, platform.account.isEmpty {
        found.append(
          warning(node, "spec.permissions have no effect here: the platform has no account", "add account to its spec"))
      }
      if let node = service.spec["expose"]?["host"] ?? service.spec["expose"]?["path"], platform.ingress == nil {
        found.append(
          warning(
            node,
            "spec.expose: no load balancer is rendered from host and path: the platform has no ingress; "
              + "whatever comes to the node port is served",
            "add ingress to its spec where the cluster has its controller"))
      }
      return found
    }
  }
}

extension MicroserviceSpec {
  /// What one pod requests, its sidecars and Envoy included.
  public var podRequests: ResourceList {
    var sum = resources
    for container in containers.values { sum.add(container.resources) }
    sum.add(Self.envoyRequests)
    return sum
  }

  /// Of the sidecar that every pod has.
  public static let envoyRequests: ResourceList = ["cpu": Quantity(milli: 50), "memory": Quantity(bytes: 64 << 20)]
}
