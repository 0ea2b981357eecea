import Kubernetes

/// What a pod has of its node.
extension Rule {
  private static func shares(_ key: String) -> Check {
    .pod { pod, _ in
      guard pod.spec.flag(key) == true else { return [] }
      return [pod.hit("the pod shares the node's \(key.dropFirst(4))", at: key)]
    }
  }

  /// Directories whose content is the node.
  private static let sensitive = [
    "/", "/boot", "/dev", "/etc", "/lib", "/proc", "/root", "/sys", "/usr", "/var/lib/kubelet",
  ]
  private static let sockets = [
    "docker.sock", "containerd.sock", "crio.sock", "/var/run/docker", "/run/containerd",
  ]

  private static func hostPaths(of pod: PodTemplate) -> [(index: Int, name: String, path: String)] {
    pod.spec.items("volumes").compactMap { index, volume in
      volume.text("hostPath", "path").map { (index, volume.text("name") ?? "", $0) }
    }
  }

  private static func mounts(_ message: String, where matches: @escaping @Sendable (String) -> Bool) -> Check {
    .pod { pod, _ in
      hostPaths(of: pod).filter { matches($0.path) }.map { index, name, path in
        Hit(
          message: "volume \(name) is \(message): \(path)",
          path: pod.path.appending("volumes").element(index, name: name).appending("hostPath", "path"))
      }
    }
  }

  static let hosts: [Rule] = [
    Rule(
      "host-network", .error, "Pods do not share the node's network",
      because: "They would hear its loopback, and network policies do not hold for them.",
      remedy: "remove hostNetwork", shares("hostNetwork")),
    Rule(
      "host-pid", .error, "Pods do not share the node's processes",
      because: "They would see and signal all of them, and read what they were given.", remedy: "remove hostPID",
      shares("hostPID")),
    Rule(
      "host-ipc", .error, "Pods do not share the node's memory segments",
      because: "They would read those of others.", remedy: "remove hostIPC", shares("hostIPC")),
    Rule(
      "host-port", .warning, "Containers ask for no port of the node",
      because: "One pod a node fits then, and it goes around the mesh.", remedy: "remove hostPort; use a Service",
      .container { container, _ in
        container.json.items("ports").filter { ($0.value.integer("hostPort") ?? 0) > 0 }.map { index, port in
          container.hit(
            "takes the node's port \(port.integer("hostPort") ?? 0)",
            at: container.path.appending("ports").element(index).appending("hostPort"))
        }
      }),
    Rule(
      "host-path", .warning, "Pods mount nothing of their node",
      because: "What they leave there stays, and what they find there is not theirs.",
      remedy: "use an emptyDir, a ConfigMap or a claim", mounts("the node's") { _ in true }),
    Rule(
      "docker-socket", .error, "Pods do not mount the container runtime's socket",
      because: "Whoever has it starts privileged containers.", remedy: "remove the volume",
      mounts("the container runtime's socket") { path in sockets.contains { path.contains($0) } }),
    Rule(
      "sensitive-mount", .error, "Pods do not mount the node's system directories",
      because: "They hold the node's keys and programs.", remedy: "remove the volume",
      mounts("a system directory of the node") { path in
        let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        return sensitive.contains { path == $0 || $0 != "/" && path.hasPrefix($0 + "/") }
      }),
    Rule(
      "writable-host-mount", .error, "What a container mounts of its node it cannot write",
      because: "Who writes to the node can become the node.", remedy: "set readOnly: true on the mount",
      .container { container, pod in
        let names = Set(hostPaths(of: pod).map(\.name))
        return container.json.items("volumeMounts").filter { _, mount in
          mount.text("name").map(names.contains) == true && mount.flag("readOnly") != true
        }.map { index, mount in
          container.hit(
            "can write to the node at \(mount.text("mountPath") ?? "")",
            at: container.path.appending("volumeMounts").element(index))
        }
      }),
    Rule(
      "ssh-port", .warning, "Containers do not listen at port 22",
      because: "A way in that goes around identity, audit and the image that was checked.",
      remedy: "remove it; use kubectl exec", in: ["port"],
      .container { container, _ in
        container.json.items("ports").filter { $0.value.integer("containerPort") == 22 }.map { index, _ in
          container.hit("listens at port 22", at: container.path.appending("ports").element(index))
        }
      }),
  ]
}
