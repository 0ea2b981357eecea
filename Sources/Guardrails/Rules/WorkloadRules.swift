import Kubernetes

/// Workloads, their budgets and their autoscalers.
extension Rule {
  private static let workloadKinds = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"]

  /// `25%` or `3` of a number of pods.
  private static func share(_ value: JSONValue?, of pods: Int64) -> Int64? {
    if let number = value?.integerValue { return number }
    guard let text = value?.stringValue, text.hasSuffix("%"), let percent = Int64(text.dropLast()), percent >= 0,
      percent <= 1000
    else { return nil }
    return (pods * percent + 99) / 100
  }

  static let workloads: [Rule] = [
    Rule(
      "selector-mismatch", .error, "A workload's selector picks its own pods",
      because: "The API refuses it, or pods are made without end.",
      remedy: "give the template the labels of spec.selector",
      .object(workloadKinds) { object, _ in
        guard let pod = PodTemplate(of: object), let json = object.json[path: ["spec", "selector"]],
          let selector = LabelSelector(checked: json), !selector.matches(pod.labels)
        else { return [] }
        return [object.hit("its selector does not match its own template", at: "spec", "selector")]
      }),
    Rule(
      "rolling-update", .warning, "Deployments are rolled, some pods at a time",
      because: "Recreate, and all pods at once, is an outage at each release.",
      remedy: "set strategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 0, maxSurge: 25% } }",
      .object(["Deployment"]) { object, set in
        guard set.replicas(of: object) > 1 else { return [] }
        if object.json.text("spec", "strategy", "type") == "Recreate" {
          return [object.hit("all pods end before new ones start", at: "spec", "strategy", "type")]
        }
        let most = object.json[path: ["spec", "strategy", "rollingUpdate", "maxUnavailable"]]
        guard let gone = share(most, of: 100), most?.stringValue != nil, gone >= 100 else { return [] }
        return [object.hit("all pods may end at once", at: "spec", "strategy", "rollingUpdate", "maxUnavailable")]
      }),
    Rule(
      "restart-policy", .error, "Pods that serve are always started anew",
      because: "The API refuses anything else in a Deployment and its like.", remedy: "remove restartPolicy",
      isFixable: true,
      .pod { pod, _ in
        guard workloadKinds.contains(pod.owner.kind), let policy = pod.spec.text("restartPolicy"), policy != "Always"
        else { return [] }
        return [
          pod.hit(
            "restartPolicy is \(policy)", at: "restartPolicy", fix: Fix(path: pod.path, key: "restartPolicy", .remove))
        ]
      }),
    Rule(
      "replicas", .warning, "Deployments have at least two pods",
      because: "One is none while its node goes or its release rolls.", remedy: "set replicas: 2, or an autoscaler",
      in: ["scale", "min"],
      needsOthers: true,
      .object(["Deployment"]) { object, set in
        guard set.autoscaler(of: object) == nil, set.replicas(of: object) < 2 else { return [] }
        return [object.hit("there is one pod at most", at: "spec", "replicas")]
      }),
    Rule(
      "pdb-exists", .warning, "Workloads of several pods have a disruption budget",
      because: "A drain may otherwise end all of them at once.",
      remedy: "add a PodDisruptionBudget with maxUnavailable: 25%",
      needsOthers: true,
      .object(["Deployment", "StatefulSet"]) { object, set in
        guard set.replicas(of: object) > 1, let pod = PodTemplate(of: object),
          set.selecting(pod, "PodDisruptionBudget").isEmpty
        else { return [] }
        return [object.hit("no PodDisruptionBudget picks its pods")]
      }),
    Rule(
      "pdb-blocks-drain", .error, "Disruption budgets let at least one pod go",
      because: "A node under such pods never drains: no upgrade, no consolidation, and spot nodes go without one.",
      remedy: "set maxUnavailable: 25% and no minAvailable",
      .object(["PodDisruptionBudget"]) { object, set in
        guard let selector = object.json[path: ["spec", "selector"]].flatMap(LabelSelector.init(checked:)) else {
          return []
        }
        let owners = set.pods(matching: selector, in: object.namespace).map(\.owner)
          .filter { ["Deployment", "StatefulSet", "ReplicaSet"].contains($0.kind) }
        let pods = owners.reduce(0) { $0 + set.replicas(of: $1) }
        if let most = object.json[path: ["spec", "maxUnavailable"]] {
          guard share(most, of: max(pods, 1)) == 0 else { return [] }
          return [object.hit("no pod may ever be moved", at: "spec", "maxUnavailable")]
        }
        guard let least = object.json[path: ["spec", "minAvailable"]] else { return [] }
        let isWhole = least.stringValue == "100%"
        guard isWhole || pods > 0 && share(least, of: pods).map({ $0 >= pods }) == true else { return [] }
        return [object.hit("of \(pods) pods none may be moved", at: "spec", "minAvailable")]
      }),
    Rule(
      "pdb-unhealthy", .info, "Pods that are not ready anyway may be moved",
      because: "Otherwise an application that does not start holds up every drain.",
      remedy: "set unhealthyPodEvictionPolicy: AlwaysAllow", isFixable: true,
      .object(["PodDisruptionBudget"]) { object, _ in
        guard object.json[path: ["spec", "unhealthyPodEvictionPolicy"]] == nil else { return [] }
        return [
          object.hit(
            "pods that are not ready hold up drains", at: "spec",
            fix: Fix(path: ObjectPath("spec"), key: "unhealthyPodEvictionPolicy", value: "AlwaysAllow"))
        ]
      }),
    Rule(
      "stateful-service", .error, "A StatefulSet names the headless Service of its pods",
      because: "Without it its pods have no names of their own.",
      remedy: "make a Service with clusterIP: None and name it in spec.serviceName",
      needsOthers: true,
      .object(["StatefulSet"]) { object, set in
        guard let name = object.json.text("spec", "serviceName"), !name.isEmpty else {
          return [object.hit("names no Service", at: "spec", "serviceName")]
        }
        let service = set.named("Service", name, in: object.namespace).first
        guard let service, service.json.text("spec", "clusterIP") == "None" else {
          return [object.hit("there is no headless Service \(name)", at: "spec", "serviceName")]
        }
        return []
      }),
  ]

  static let scaling: [Rule] = [
    Rule(
      "replicas-with-autoscaler", .error, "A workload that is autoscaled has no number of pods of its own",
      because: "Each time it is applied the number is set back, in the middle of a burst.",
      remedy: "remove spec.replicas",
      needsOthers: true,
      .object(["Deployment", "StatefulSet"]) { object, set in
        guard object.json[path: ["spec", "replicas"]] != nil, set.autoscaler(of: object) != nil else { return [] }
        return [object.hit("an autoscaler sets its replicas too", at: "spec", "replicas")]
      }),
    Rule(
      "autoscaler-min", .warning, "Autoscalers keep at least two pods",
      because: "One is none while its node goes.", remedy: "let the minimum be 2 or more", in: ["scale", "min"],
      .object(["HorizontalPodAutoscaler"]) { object, _ in
        let least = object.json.integer("spec", "minReplicas") ?? 1
        // Where there may only be one, that is meant.
        guard least < 2, object.json.integer("spec", "maxReplicas") != 1 else { return [] }
        return [object.hit("keeps \(least) pod", at: "spec", "minReplicas")]
      }),
    Rule(
      "autoscaler-room", .warning, "Autoscalers have room to scale",
      because: "A maximum that is the minimum is no autoscaling.", remedy: "let the maximum be more than the minimum",
      in: ["scale", "max"],
      .object(["HorizontalPodAutoscaler"]) { object, _ in
        let least = object.json.integer("spec", "minReplicas") ?? 1
        guard let most = object.json.integer("spec", "maxReplicas"), most <= least, most > 1 else { return [] }
        return [object.hit("scales from \(least) to \(most)", at: "spec", "maxReplicas")]
      }),
    Rule(
      "autoscaler-dangling", .error, "Autoscalers have a workload",
      because: "One without scales nothing, and nobody is told.", remedy: "name the workload in scaleTargetRef",
      needsOthers: true,
      .object(["HorizontalPodAutoscaler"]) { object, set in
        let kind = object.json.text("spec", "scaleTargetRef", "kind") ?? ""
        let name = object.json.text("spec", "scaleTargetRef", "name") ?? ""
        guard workloadKinds.contains(kind), set.named(kind, name, in: object.namespace).isEmpty else { return [] }
        return [object.hit("there is no \(kind)/\(name)", at: "spec", "scaleTargetRef", "name")]
      }),
  ]
}
