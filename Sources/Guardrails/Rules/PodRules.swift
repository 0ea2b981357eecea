import Kubernetes

/// How pods come, go and are spread.
extension Rule {
  /// Two minutes of a spot notice, less the time in which it is seen and acted upon.
  static let graceSecondsMax: Int64 = 110

  /// Of a sleep before the container is told to stop, in seconds.
  private static func preStopSeconds(_ container: PodTemplate.Container) -> Int64? {
    guard let hook = container.json["lifecycle"]?["preStop"] else { return nil }
    if let seconds = hook.integer("sleep", "seconds") { return seconds }
    let command = (hook[path: ["exec", "command"]]?.arrayValue ?? []).compactMap(\.stringValue)
    let words = command.flatMap { $0.split(whereSeparator: { " ;&".contains($0) }).map(String.init) }
    guard let sleep = words.firstIndex(where: { $0 == "sleep" || $0.hasSuffix("/sleep") }), sleep + 1 < words.count
    else { return nil }
    return Int64(words[sleep + 1])
  }

  static let pods: [Rule] = [
    Rule(
      "spot-grace", .error, "Pods end within a spot notice, and after their preStop",
      because: "A spot node is gone two minutes after its notice; a pod whose preStop takes all of its time is killed.",
      remedy: "let terminationGracePeriodSeconds be 110 at most, and preStop less", in: ["spot"],
      .pod { pod, _ in
        guard pod.isService else { return [] }
        let grace = pod.spec.integer("terminationGracePeriodSeconds") ?? 30
        if grace > graceSecondsMax {
          return [pod.hit("takes \(grace) s to end, a spot notice is 120 s", at: "terminationGracePeriodSeconds")]
        }
        return pod.running.compactMap { container in
          guard let sleep = preStopSeconds(container), sleep >= grace else { return nil }
          return container.hit("sleeps \(sleep) s of the \(grace) s that it has to end", at: "lifecycle", "preStop")
        }
      }),
    Rule(
      "pre-stop", .info, "Pods that get requests wait before they stop",
      because: "Load balancers send requests for some seconds after a pod was told to end.",
      remedy: "set lifecycle.preStop: { sleep: { seconds: 15 } }",
      needsOthers: true,
      .pod { pod, set in
        guard pod.isService, !pod.running.contains(where: { $0.json["lifecycle"]?["preStop"] != nil }),
          !set.selecting(pod, "Service").isEmpty
        else { return [] }
        return [pod.hit("stops at once while requests still come")]
      }),
    Rule(
      "spread", .warning, "Pods of one workload are on different nodes",
      because: "A node that goes, and spot nodes do, takes all of them.",
      remedy: "add topologySpreadConstraints over zones and nodes, or a podAntiAffinity", in: ["scale"],
      .pod { pod, set in
        guard ["Deployment", "StatefulSet"].contains(pod.owner.kind), set.replicas(of: pod.owner) > 1,
          pod.spec["topologySpreadConstraints"]?.arrayValue?.isEmpty != false,
          pod.spec[path: ["affinity", "podAntiAffinity"]] == nil
        else { return [] }
        return [pod.hit("nothing keeps its pods on different nodes")]
      }),
    Rule(
      "service-account", .warning, "Pods have a service account of their own",
      because: "What one pod of the default account may do, all may.",
      remedy: "make a ServiceAccount and name it in serviceAccountName",
      .pod { pod, _ in
        let name = pod.spec.text("serviceAccountName") ?? pod.spec.text("serviceAccount") ?? ""
        guard name.isEmpty || name == "default" else { return [] }
        return [pod.hit("has the namespace's default service account", at: "serviceAccountName")]
      }),
    Rule(
      "service-account-field", .warning, "The service account is named in serviceAccountName",
      because: "serviceAccount is deprecated.", remedy: "write serviceAccountName", isFixable: true,
      .pod { pod, _ in
        guard pod.spec["serviceAccount"] != nil, pod.spec["serviceAccountName"] == nil else { return [] }
        let fix = Fix(path: pod.path, key: "serviceAccount", .rename("serviceAccountName"))
        return [pod.hit("uses the deprecated field serviceAccount", at: "serviceAccount", fix: fix)]
      }),
    Rule(
      "account-token", .info, "Pods that do not ask the API have no token for it",
      because: "A token is the first thing that whoever breaks in looks for.",
      remedy: "set automountServiceAccountToken: false where it is not used",
      needsOthers: true,
      .pod { pod, set in
        guard pod.spec.flag("automountServiceAccountToken") != false else { return [] }
        let name = pod.spec.text("serviceAccountName") ?? "default"
        let account = set.named("ServiceAccount", name, in: pod.owner.namespace).first
        let isOff = account?.json.flag("automountServiceAccountToken") == false
        guard pod.spec["automountServiceAccountToken"] == nil, !isOff else { return [] }
        return [pod.hit("gets a token without saying so")]
      }),
    Rule(
      "priority-class", nil, "Pods have a priority class",
      because: "Where room is short it says who goes first.", remedy: "set priorityClassName",
      .pod { pod, _ in pod.spec["priorityClassName"] == nil ? [pod.hit("has no priority class")] : [] }),
    Rule(
      "bare-pod", .warning, "Pods are made by a workload",
      because: "One that nobody owns is not made again when its node goes.", remedy: "write a Deployment or a Job",
      .object(["Pod"]) { pod, _ in
        let owners = pod.json[path: ["metadata", "ownerReferences"]]?.arrayValue ?? []
        guard !owners.contains(where: { $0.flag("controller") == true }) else { return [] }
        return [pod.hit("nothing makes this pod again", at: "kind")]
      }),
  ]
}
