import Kubernetes

/// How it is found out whether a container works.
extension Rule {
  private static let probeNames = ["livenessProbe", "readinessProbe", "startupProbe"]

  static let probes: [Rule] = [
    Rule(
      "liveness-probe", .warning, "Containers that serve have a liveness probe",
      because: "A process that hangs is not started anew by itself.",
      remedy: "add a livenessProbe that answers while the process works, and does not ask what it depends on",
      in: ["probes", "liveness"],
      .container { container, pod in
        guard pod.isService, !container.isInit, !container.isSidecar, container.json["livenessProbe"] == nil else {
          return []
        }
        return [container.hit("has no liveness probe")]
      }),
    Rule(
      "readiness-probe", .error, "Pods that get requests have a readiness probe",
      because: "Without one requests come before the process listens, and go on when it is overloaded.",
      remedy: "add a readinessProbe to the container that answers", in: ["probes", "readiness"],
      needsOthers: true,
      .pod { pod, set in
        guard pod.isService, !pod.running.contains(where: { $0.json["readinessProbe"] != nil }),
          !set.selecting(pod, "Service").isEmpty
        else { return [] }
        return [pod.hit("no container has a readiness probe, and a Service sends requests")]
      }),
    Rule(
      "identical-probes", .warning, "Liveness and readiness are asked differently",
      because: "One that is only overloaded is then killed, and the rest get its requests too.",
      remedy: "ask another path for liveness, or give it more failures", in: ["probes", "liveness"],
      .container { container, _ in
        guard let liveness = container.json["livenessProbe"], liveness == container.json["readinessProbe"] else {
          return []
        }
        return [container.hit("liveness and readiness are the same", at: "livenessProbe")]
      }),
    Rule(
      "probe-port", .error, "Probes ask a port that the container has",
      because: "A probe of another port fails for ever, or asks somebody else.",
      remedy: "name one of the container's ports", in: ["port"],
      .container { container, _ in
        let ports = container.json.items("ports").map(\.value)
        let names = Set(ports.compactMap { $0.text("name") })
        let numbers = Set(ports.compactMap { $0.integer("containerPort") })
        var hits: [Hit] = []
        for probe in probeNames {
          for handler in ["httpGet", "tcpSocket", "grpc"] {
            guard let port = container.json[path: [probe, handler, "port"]] else { continue }
            let isKnown =
              port.integerValue.map { numbers.isEmpty || numbers.contains($0) }
              ?? port.stringValue.map(names.contains) ?? true
            guard !isKnown else { continue }
            hits.append(
              container.hit("\(probe) asks port \(port.text), which it does not have", at: probe, handler, "port"))
          }
        }
        return hits
      }),
    Rule(
      "container-ports", .error, "Ports of a pod's containers differ",
      because: "Two containers cannot listen at one port of a pod, and a name means one port.",
      remedy: "give each its own number and name", in: ["port"],
      .pod { pod, _ in
        var numbers: Set<String> = []
        var hits: [Hit] = []
        for container in pod.running {
          for (index, port) in container.json.items("ports") {
            guard let number = port.integer("containerPort") else { continue }
            let key = "\(number)/\(port.text("protocol") ?? "TCP")"
            if !numbers.insert(key).inserted {
              hits.append(
                container.hit(
                  "port \(key) is there twice in the pod", at: container.path.appending("ports").element(index)))
            }
          }
        }
        return hits
      }),
  ]
}
