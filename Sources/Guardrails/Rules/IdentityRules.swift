import Kubernetes

/// What a container may do, as the restricted pod security standard has it
/// (https://kubernetes.io/docs/concepts/security/pod-security-standards/), and a little more.
extension Rule {
  /// A field of the container's security context, or of its pod's.
  private static func security(_ key: String, _ container: PodTemplate.Container, _ pod: PodTemplate) -> JSONValue? {
    container.json["securityContext"]?[key] ?? pod.spec["securityContext"]?[key]
  }

  private static let harmlessCapabilities: Set<String> = ["NET_BIND_SERVICE", "CAP_NET_BIND_SERVICE"]

  static let identity: [Rule] = [
    Rule(
      "run-as-non-root", .error, "Containers do not run as root",
      because: "Root in a container is root on the node for whatever escapes.",
      remedy: "set securityContext.runAsNonRoot: true, and a user in the image",
      .container { container, pod in
        let user = security("runAsUser", container, pod)?.integerValue
        if user == 0 { return [container.hit("runs as root", at: "securityContext", "runAsUser")] }
        if security("runAsNonRoot", container, pod)?.boolValue == true || user != nil { return [] }
        return [container.hit("may run as root", at: "securityContext")]
      }),
    Rule(
      "user-id", .info, "Containers run as a user of 10000 or more",
      because: "Smaller ones are users of the node, too.", remedy: "set securityContext.runAsUser: 65532",
      .container { container, pod in
        guard let user = security("runAsUser", container, pod)?.integerValue, user > 0, user < 10_000 else { return [] }
        return [container.hit("runs as user \(user)", at: "securityContext", "runAsUser")]
      }),
    Rule(
      "read-only-root", .warning, "Containers cannot write to their image's files",
      because: "What nobody can write, nobody can plant; and scratch space without a limit fills the node.",
      remedy: "set securityContext.readOnlyRootFilesystem: true, and mount an emptyDir where it writes",
      .container { container, _ in
        guard container.json.flag("securityContext", "readOnlyRootFilesystem") != true else { return [] }
        return [container.hit("can write to its root", at: "securityContext", "readOnlyRootFilesystem")]
      }),
    Rule(
      "drop-capabilities", .warning, "Containers drop all capabilities",
      because: "NET_RAW and its like are there by default, and no service needs them.",
      remedy: "set securityContext.capabilities: { drop: [ALL] }",
      .container { container, _ in
        let dropped = container.json[path: ["securityContext", "capabilities", "drop"]]?.arrayValue ?? []
        guard !dropped.contains("ALL"), !dropped.contains("all") else { return [] }
        return [container.hit("keeps capabilities", at: "securityContext", "capabilities", "drop")]
      }),
    Rule(
      "added-capabilities", .error, "Containers add no capability but NET_BIND_SERVICE",
      because: "Most of the others are as good as root.", remedy: "remove it from capabilities.add",
      .container { container, _ in
        let added = (container.json[path: ["securityContext", "capabilities", "add"]]?.arrayValue ?? [])
          .compactMap(\.stringValue).filter { !harmlessCapabilities.contains($0) }
        guard !added.isEmpty else { return [] }
        return [
          container.hit("adds \(added.joined(separator: ", "))", at: "securityContext", "capabilities", "add")
        ]
      }),
    Rule(
      "privilege-escalation", .error, "Containers cannot gain privileges",
      because: "A program with the setuid bit would make root of whoever runs it.",
      remedy: "set securityContext.allowPrivilegeEscalation: false", isFixable: true,
      .container { container, _ in
        guard container.json.flag("securityContext", "allowPrivilegeEscalation") != false else { return [] }
        // The API refuses false beside what needs it.
        let isNeeded = container.json.flag("securityContext", "privileged") == true
        return [
          container.hit(
            "may gain privileges", at: "securityContext", "allowPrivilegeEscalation",
            fix: isNeeded ? nil : container.securityFix("allowPrivilegeEscalation", "false"))
        ]
      }),
    Rule(
      "privileged", .error, "Containers are not privileged",
      because: "A privileged container has the whole node.", remedy: "remove securityContext.privileged",
      .container { container, _ in
        guard container.json.flag("securityContext", "privileged") == true else { return [] }
        return [container.hit("is privileged", at: "securityContext", "privileged")]
      }),
    Rule(
      "proc-mount", .error, "Containers see the masked /proc",
      because: "The whole one tells of the node, and lets parts of it be changed.",
      remedy: "remove securityContext.procMount",
      .container { container, _ in
        guard container.json.text("securityContext", "procMount") == "Unmasked" else { return [] }
        return [container.hit("sees all of /proc", at: "securityContext", "procMount")]
      }),
    Rule(
      "seccomp", .warning, "Pods have the runtime's seccomp profile",
      because: "It takes system calls away that no service needs and that holes in kernels were in.",
      remedy: "set the pod's securityContext.seccompProfile: { type: RuntimeDefault }", isFixable: true,
      .container { container, pod in
        let type = security("seccompProfile", container, pod)?["type"]?.stringValue
        guard type != "RuntimeDefault", type != "Localhost" else { return [] }
        let fix: Fix? =
          if type != nil { nil } else if pod.spec["securityContext"]?.objectValue == nil {
            Fix(path: pod.path, key: "securityContext", value: "{ seccompProfile: { type: RuntimeDefault } }")
          } else {
            Fix(
              path: pod.path.appending("securityContext"), key: "seccompProfile", value: "{ type: RuntimeDefault }")
          }
        return [container.hit("has no seccomp profile", at: "securityContext", "seccompProfile", fix: fix)]
      }),
    Rule(
      "unsafe-sysctls", .error, "Pods set only safe sysctls",
      because: "The others change the node for all of its pods.", remedy: "remove it from securityContext.sysctls",
      .pod { pod, _ in
        let unsafe = (pod.spec["securityContext"]?["sysctls"]?.arrayValue ?? []).compactMap { $0.text("name") }
          .filter { name in
            ["kernel.msg", "kernel.sem", "fs.mqueue.", "net."].contains { name.hasPrefix($0) }
              && !safeSysctls.contains(name)
          }
        guard !unsafe.isEmpty else { return [] }
        return [pod.hit("sets \(unsafe.joined(separator: ", "))", at: "securityContext", "sysctls")]
      }),
  ]

  /// https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
  private static let safeSysctls: Set<String> = [
    "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
    "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_wmem",
  ]
}
