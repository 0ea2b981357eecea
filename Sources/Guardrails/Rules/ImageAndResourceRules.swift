import Kubernetes

/// What is run, and what it is given.
extension Rule {
  static let images: [Rule] = [
    Rule(
      "latest-tag", .error, "Images have a tag other than latest, or a digest",
      because: "What runs must be what was tested, on every node, and be there to go back to.",
      remedy: "name a version: IMAGE:1.2.3 or IMAGE@sha256:…", in: ["image"],
      .container { container, _ in
        guard let image = container.json.text("image"), !image.contains("@") else { return [] }
        let name = image.split(separator: "/").last.map(String.init) ?? image
        let tag = name.split(separator: ":", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
        guard tag.isEmpty || tag == "latest" else { return [] }
        return [container.hit("image \(image) has \(tag.isEmpty ? "no tag" : "the tag latest")", at: "image")]
      }),
    Rule(
      "image-pull-policy", nil, "Images are asked for anew at every start",
      because: "Where tags move, a node may hold an older image of the same tag.",
      remedy: "set imagePullPolicy: Always, or name images by digest", in: ["image"],
      .container { container, _ in
        if container.json.text("image")?.contains("@") == true || container.json.text("imagePullPolicy") == "Always" {
          return []
        }
        return [container.hit("images are not asked for anew", at: "image")]
      }),
  ]

  private static func lacks(_ list: String, _ resource: String) -> Check {
    .container { container, _ in
      // What runs before the others is over soon, and the pod has its largest request anyway.
      guard !container.isInit, container.json["resources"]?[list]?[resource] == nil else { return [] }
      // A limit is the request too, where that is not given.
      if list == "requests", container.json["resources"]?["limits"]?[resource] != nil { return [] }
      return [container.hit("has no \(resource) in resources.\(list)", at: "resources")]
    }
  }

  static let resources: [Rule] = [
    Rule(
      "cpu-request", .error, "Containers request CPU",
      because: "Without it pods are packed anywhere, autoscaling on CPU cannot work, and bursts starve.",
      remedy: "set resources.requests.cpu to what it uses", in: ["resources"], lacks("requests", "cpu")),
    Rule(
      "memory-request", .error, "Containers request memory",
      because: "A node that is promised to too many pods kills some of them.",
      remedy: "set resources.requests.memory to what it uses", in: ["resources"], lacks("requests", "memory")),
    Rule(
      "memory-limit", .error, "Containers have a limit of memory",
      because: "One that leaks would take its neighbours down.", remedy: "set resources.limits.memory",
      in: ["resources"], lacks("limits", "memory")),
    Rule(
      "memory-overcommit", .info, "The memory requested is the limit",
      because: "What is used beyond the request was promised to nobody; such pods are evicted first.",
      remedy: "let limits.memory be requests.memory", in: ["resources"],
      .container { container, _ in
        guard !container.isInit, !container.isSidecar,
          let request = container.json.text("resources", "requests", "memory").flatMap({ Quantity(parsing: $0) }),
          let limit = container.json.text("resources", "limits", "memory").flatMap({ Quantity(parsing: $0) }),
          limit > request
        else { return [] }
        return [
          container.hit("may use \(limit) of memory and requests \(request)", at: "resources", "limits", "memory")
        ]
      }),
    Rule(
      "cpu-limit", .info, "Containers have no limit of CPU",
      because: "It throttles just when a burst comes, though the node may have CPU to spare.",
      remedy: "remove resources.limits.cpu; the request is the share that it is sure of", in: ["resources"],
      .container { container, _ in
        guard container.json["resources"]?["limits"]?["cpu"] != nil else { return [] }
        return [container.hit("is throttled at its limit of CPU", at: "resources", "limits", "cpu")]
      }),
    Rule(
      "ephemeral-storage", nil, "Containers request and limit ephemeral storage",
      because: "Logs and scratch files of one pod can fill its node's disk.",
      remedy: "set resources.requests and limits of ephemeral-storage", in: ["resources"],
      lacks("limits", "ephemeral-storage")),
  ]
}
