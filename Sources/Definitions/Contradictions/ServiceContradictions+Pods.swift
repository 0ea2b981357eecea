import Kubernetes

/// What runs in pods: names, ports and directories that meet, and things that say nothing or too much.
extension CheckedDocument {
  private static let reservedContainers: Set<String> = ["app", "envoy"]
  private static let entriesMax = 20

  private func limited(_ section: String) -> [Diagnostic] {
    let count = spec[section]?.members.count ?? 0
    guard count > Self.entriesMax else { return [] }
    return [
      error(spec.nearest(section), "spec.\(section) has \(count) entries", "at most \(Self.entriesMax) are possible")
    ]
  }

  var containers: [Diagnostic] {
    var found = limited("containers")
    var ports: [Int64: String] = [:]
    if let port = spec["port"]?.json.integerValue { ports[port] = "the application" }
    for member in spec["containers"]?.members ?? [] {
      let path = "spec.containers.\(member.key)"
      if Self.reservedContainers.contains(member.key) {
        found.append(error(member, "\(path): the name is the platform's", "choose another name"))
      }
      if member.key.utf8.count > 15, member.value["port"] != nil {
        // Ports of containers are named as their containers; Kubernetes has 15 letters for that.
        found.append(error(member, "\(path): the name is too long for a port's", "use at most 15 letters"))
      }
      guard let node = member.value["port"], let port = node.json.integerValue else { continue }
      if Self.meshPorts.contains(Int(clamping: port)) {
        found.append(
          error(
            node, "\(path).port: \(port) is one of the sidecar's",
            "use one outside of \(Self.meshPorts.lowerBound) to \(Self.meshPorts.upperBound)"))
      } else if let other = ports.updateValue("container \(member.key)", forKey: port) {
        found.append(
          error(node, "\(path).port: \(port) is \(other)'s", "all containers of a pod share its ports: use another"))
      }
    }
    return found
  }

  /// A CronJob's name may have 52 letters, so that its jobs' names fit; those of jobs end with ten for their content.
  private static let jobNameMax = 51

  var jobs: [Diagnostic] {
    var found = limited("jobs") + limited("cron")
    for section in ["jobs", "cron"] {
      for member in spec[section]?.members ?? [] {
        let path = "spec.\(section).\(member.key)"
        if "\(name)-\(member.key)".utf8.count > Self.jobNameMax {
          found.append(
            error(
              member, "\(path): with the service's name it is longer than \(Self.jobNameMax) letters",
              "use a shorter name"))
        }
        if section == "cron", spec["jobs"]?[member.key] != nil {
          found.append(error(member, "\(path): a job has this name too", "rename one of the two"))
        }
        if ["image", "command", "args"].allSatisfy({ member.value[$0] == nil }) {
          found.append(
            error(
              member.value, "\(path) would run the service itself", "give it a command, args, or an image of its own"))
        }
        if let deadline = member.value["deadline"], let seconds = deadline.seconds, seconds < 1 {
          found.append(error(deadline, "\(path).deadline: \(deadline.text) is too short", "use a second at least"))
        }
      }
    }
    return found
  }

  var volumes: [Diagnostic] {
    var found = limited("volumes")
    for member in spec["volumes"]?.members ?? [] {
      let path = "spec.volumes.\(member.key)"
      let volume = member.value
      if member.key == "config" || member.key.hasPrefix("secret-") {
        found.append(error(member, "\(path): the name is the platform's", "choose another name"))
      }
      if let claim = volume["claim"] {
        for name in ["size", "memory"] where volume[name] != nil {
          found.append(
            error(
              volume.nearest(name), "\(path).\(name) has no meaning beside claim", "remove it; claim has its own size"))
        }
        let most = spec["scale"]?["max"]?.json.integerValue
        if claim["access"].map({ $0.text == "once" }) ?? true, most != 1 {
          found.append(
            error(
              claim, "\(path).claim: one pod at a time can have it, and scale.max is \(most.map { "\($0)" } ?? "10")",
              "set scale: { max: 1 }, or access: many with a class that can"))
        }
      } else if volume["memory"]?.json.boolValue == true, volume["size"] == nil {
        found.append(error(volume, "\(path): memory without size takes all that there is", "add size"))
      }
    }
    return found + mounts
  }

  /// Directories that two things would be mounted at, or one inside of the other's.
  private var mounts: [Diagnostic] {
    var found: [Diagnostic] = []
    var taken: [(directory: String, by: String)] = []
    if spec["config"] != nil { taken.append(("/config", "spec.config")) }
    for section in ["secrets", "volumes"] {
      for member in spec[section]?.members ?? [] {
        guard let mount = member.value["mount"] else { continue }
        let directory = "/" + mount.text.split(separator: "/").joined(separator: "/")
        let path = "spec.\(section).\(member.key)"
        if let other = taken.first(where: { $0.directory == directory }) {
          found.append(error(mount, "\(path).mount: \(directory) is \(other.by)'s", "mount it elsewhere"))
        } else if ["/dev", "/proc", "/sys", "/var/run/secrets"].contains(where: {
          (directory + "/").hasPrefix($0 + "/")
        }) {
          found.append(error(mount, "\(path).mount: \(directory) is the system's", "mount it elsewhere"))
        }
        taken.append((directory, path))
      }
    }
    return found
  }

  var probes: [Diagnostic] {
    var found = probes(spec["probes"], at: "spec.probes", port: spec["port"])
    for member in spec["containers"]?.members ?? [] {
      found += probes(
        member.value["probes"], at: "spec.containers.\(member.key).probes", port: member.value["port"], own: true)
    }
    return found
  }

  private func probes(_ node: SourceNode?, at place: String, port: SourceNode?, own: Bool = false) -> [Diagnostic] {
    (node?.members ?? []).flatMap { probe -> [Diagnostic] in
      guard case .mapping(let members) = probe.value.content else { return [] }
      let path = "\(place).\(probe.key)"
      var found: [Diagnostic] = []
      let ways = members.filter { ["path", "command"].contains($0.key) || $0.key == "tcp" && $0.value.json == true }
      if let second = ways.dropFirst().first {
        found.append(
          error(second, "\(path): \(ways[0].key) and \(second.key) are two ways to find out", "remove one of the two"))
      }
      if own, ways.isEmpty {
        found.append(error(probe.value, "\(path) does not say how to find out", "add path, command, or tcp: true"))
      }
      if let way = ways.first, way.key != "command", port == nil {
        found.append(error(way, "\(path).\(way.key) needs the container's port", "add port to the container"))
      }
      for name in ["period", "timeout"] {
        guard let span = probe.value[name], let seconds = span.seconds else { continue }
        if seconds < 1 || seconds != seconds.rounded() {
          found.append(
            error(span, "\(path).\(name): \(span.text) is no whole number of seconds", "use 1s, 2s and so on"))
        }
      }
      return found
    }
  }

  var secrets: [Diagnostic] {
    var found = limited("secrets")
    for member in spec["secrets"]?.members ?? [] {
      let path = "spec.secrets.\(member.key)"
      if member.value["mount"] != nil, member.key.utf8.count > 56 {
        found.append(
          error(member, "\(path): the name is too long for a volume's", "use at most 56 letters to mount it"))
      }
      if member.value["from"] == nil {
        for name in ["keys", "refresh"] where member.value[name] != nil {
          found.append(
            error(
              member.value.nearest(name), "\(path).\(name) has no meaning without from",
              "say from where it comes, or remove it"))
        }
        if member.value["mount"] == nil {
          found.append(error(member.value, "\(path) says nothing", "add from, mount, or both"))
        }
      }
    }
    return found
  }
}
