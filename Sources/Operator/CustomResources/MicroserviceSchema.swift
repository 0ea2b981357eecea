import Kubernetes

extension CustomResources {
  static let microserviceColumns = [
    column("Owner", "string", ".spec.owner", "The team that answers for it"),
    column("Image", "string", ".spec.image", "Its repository in the platform's registry"),
    column("Min", "integer", ".spec.scale.min", "Fewest replicas"),
    column("Max", "integer", ".spec.scale.max", "Most replicas"),
    column("Push", "boolean", ".spec.scale.push", "Whether pushes drive it"),
    age,
  ]

  static let microserviceSchema = SchemaPart.root(
    "A service as its developers define it; what the operator reads.", required: ["spec"],
    [
      "spec": SchemaPart.object(
        "The definition", required: [],
        [
          "owner": SchemaPart.string("The team that answers for it"),
          "image": SchemaPart.string("Its repository in the platform's registry; the tag comes with the deployment"),
          "command": SchemaPart.array("What is run", max: 100, of: SchemaPart.string("A word")),
          "args": SchemaPart.array("Its arguments", max: 1000, of: SchemaPart.string("A word")),
          "port": SchemaPart.integer("Where the application listens", min: 1, max: 65535),
          "health": SchemaPart.string("The path that tells whether it is well"),
          "probes": SchemaPart.free("What is different from the convention: readiness, liveness, startup"),
          "resources": SchemaPart.map(
            "What one pod asks for: cpu, memory", of: SchemaPart.quantity("An amount, such as 250m or 256Mi")),
          "env": SchemaPart.map("The environment", of: SchemaPart.any("A string, { secret, key } or { config, key }")),
          "config": SchemaPart.string("A folder of files to mount at /config"),
          "secrets": SchemaPart.map("Where Secrets come from", of: SchemaPart.free("{ from, keys, refresh, mount }")),
          "volumes": SchemaPart.map("Space to write to", of: SchemaPart.free("{ mount, size, memory, claim }")),
          "containers": SchemaPart.map("Further containers of each pod", of: SchemaPart.free("One container")),
          "jobs": SchemaPart.map("What runs once at each deployment", of: SchemaPart.free("One job")),
          "cron": SchemaPart.map("What runs by the clock", of: SchemaPart.free("One job and its schedule")),
          "calls": SchemaPart.array(
            "The services that it calls", max: 100, of: SchemaPart.any("A name, or { service, perRequest }")),
          "expose": SchemaPart.object(
            "How it is reached from outside",
            [
              "host": SchemaPart.string("The host name"), "path": SchemaPart.string("The path's beginning"),
              "nodePort": SchemaPart.integer("The port on every node; 0 lets the cluster choose", min: 0, max: 32767),
              "priority": SchemaPart.integer(
                "Of its rule at the load balancer; 0 follows host and path", min: 0, max: 50000),
            ]),
          "network": SchemaPart.free("Traffic beside calls: from, to, egress"),
          "scale": SchemaPart.object(
            "How many replicas it may have, and why",
            [
              "min": SchemaPart.integer("Fewest replicas", min: 0), "max": SchemaPart.integer("Most replicas", min: 0),
              "on": SchemaPart.array(
                "Targets: { cpu: 60% }, { memory: 70% }, { requestsPerSecond: 120 }", max: 10,
                of: SchemaPart.free("One target")),
              "push": SchemaPart.boolean("Whether pushes drive it: it is then kept ahead of them"),
            ]),
          "capacity": SchemaPart.object(
            "What one pod serves within its objective",
            [
              "requestsPerSecond": SchemaPart.number("Requests per second", min: 0),
              "utilization": SchemaPart.number("The share of it to plan for", min: 0, max: 1),
            ]),
          "rightsize": SchemaPart.any("off, recommend, auto, or { mode, min, max }"),
          "spot": SchemaPart.string("Whether it may run on spot nodes", among: ["never", "preferred", "only", ""]),
          "release": SchemaPart.any("How new versions are rolled out"),
          "permissions": SchemaPart.array(
            "What it may do in the cloud", max: 100, of: SchemaPart.free("One permission")),
          "alerts": SchemaPart.map(
            "What a person is told of", of: SchemaPart.free("{ when, for, severity, summary, runbook }")),
          "tags": SchemaPart.map("Tags beside the platform's", of: SchemaPart.string("A value")),
          "extend": SchemaPart.map("Strategic merge patches by kind", of: SchemaPart.free("A patch")),
        ]),
      "status": SchemaPart.free("What was measured of it"),
    ])
}
