import Definitions
import Kubernetes

extension ServiceManifests {
  /// Replicas are left out: they are the autoscaler's to set.
  var deployment: JSONValue {
    let isExclusive = spec.volumes.values.contains { $0.claim?.accessMode == .once }
    return [
      "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata(name),
      "spec": [
        "selector": ["matchLabels": selector],
        // A successor cannot start while its predecessor has the volume.
        "strategy": isExclusive
          ? ["type": "Recreate"]
          : ["type": "RollingUpdate", "rollingUpdate": ["maxSurge": "25%", "maxUnavailable": 0]],
        "template": [
          "metadata": ["labels": .object(podLabels)],
          "spec": podSpec,
        ],
      ],
    ]
  }

  private var podLabels: JSONObject {
    var labels = self.labels
    for member in callLabels { labels[member.key] = member.value }
    return labels
  }

  private var podSpec: JSONValue {
    var pod = commonPodSpec
    pod["topologySpreadConstraints"] = .array(
      [WellKnown.zone, WellKnown.hostname].map { key in
        [
          "maxSkew": 1, "topologyKey": .string(key), "whenUnsatisfiable": "ScheduleAnyway",
          "labelSelector": ["matchLabels": selector],
        ]
      })
    pod["initContainers"] = .array(
      [sidecar] + spec.containers.sorted { $0.key < $1.key }.map { ownSidecar($0.key, $0.value) })
    pod["containers"] = [application]
    pod["volumes"] = volumes()
    return .object(pod)
  }

  private var application: JSONValue {
    var container: JSONObject = ["name": "app", "image": image(spec.image)]
    if !spec.command.isEmpty { container["command"] = .array(spec.command.map { .string($0) }) }
    if !spec.args.isEmpty { container["args"] = .array(spec.args.map { .string($0) }) }
    container["ports"] = [["name": "app", "containerPort": .integer(Int64(spec.port))]]
    container["env"] = .array(environment())
    container["resources"] = resources(spec.resources)
    let probes = spec.probes
    container["livenessProbe"] = probe(
      probes?.liveness, ProbeConvention(period: 10, failures: 3), path: spec.health, port: "app")
    // A slow start is no failure: liveness begins when this has succeeded.
    container["startupProbe"] = probe(
      probes?.startup, ProbeConvention(period: 1, failures: 120), path: spec.health, port: "app")
    container["lifecycle"] = ["preStop": ["sleep": ["seconds": .integer(Self.drainSeconds)]]]
    container["securityContext"] = containerSecurity
    container["volumeMounts"] = mounts()
    return .object(container)
  }

  /// A container of the service's own beside the application.
  private func ownSidecar(_ name: String, _ written: MicroserviceSpec.Sidecar) -> JSONValue {
    var container: JSONObject = ["name": .string(name), "image": image(written.image), "restartPolicy": "Always"]
    if !written.command.isEmpty { container["command"] = .array(written.command.map { .string($0) }) }
    if !written.args.isEmpty { container["args"] = .array(written.args.map { .string($0) }) }
    if written.port > 0 {
      container["ports"] = [["name": .string(name), "containerPort": .integer(Int64(written.port))]]
    }
    container["env"] = .array(identity + Self.variables(written.env))
    container["resources"] = resources(written.resources)
    let port = JSONValue.integer(Int64(written.port))
    let settings = written.probes
    container["readinessProbe"] = settings?.readiness.flatMap {
      probe($0, ProbeConvention(period: 2, failures: 2), path: "/", port: port)
    }
    container["livenessProbe"] = settings?.liveness.flatMap {
      probe($0, ProbeConvention(period: 10, failures: 3), path: "/", port: port)
    }
    container["startupProbe"] = settings?.startup.flatMap {
      probe($0, ProbeConvention(period: 1, failures: 120), path: "/", port: port)
    }
    container["securityContext"] = containerSecurity
    container["volumeMounts"] = mounts()
    return .object(container)
  }

  /// How often is asked, and after how many failures something is done, where the service does not say.
  struct ProbeConvention {
    var period: Int64
    var failures: Int64
    var timeout: Int64 = 2
  }

  /// - Returns: nil where the service wants none.
  func probe(
    _ setting: MicroserviceSpec.ProbeSetting?, _ convention: ProbeConvention, path: String, port: JSONValue
  ) -> JSONValue? {
    if setting?.isOff == true { return .none }
    var probe: JSONObject = [:]
    if let command = setting?.command, !command.isEmpty {
      probe["exec"] = ["command": .array(command.map { .string($0) })]
    } else if setting?.tcp == true {
      probe["tcpSocket"] = ["port": port]
    } else {
      probe["httpGet"] = ["path": .string(setting?.path ?? path), "port": port]
    }
    probe["periodSeconds"] = .integer(setting?.period?.wholeSeconds ?? convention.period)
    probe["timeoutSeconds"] = .integer(setting?.timeout?.wholeSeconds ?? convention.timeout)
    probe["failureThreshold"] = .integer(setting?.failures.map(Int64.init) ?? convention.failures)
    return .some(.object(probe))
  }
}
