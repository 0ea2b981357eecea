import Definitions
import Kubernetes
import Testing

/// Mistakes in what runs in pods and in how they are operated.
extension ServiceComplaintTests {
  private static let name = "use at most 63 of a-z, 0-9 and -, with a letter or digit at each end"

  static let podLines = [
    Case("command: serve", "12: error: spec.command: expected a list, found string; write [] around it"),
    Case("args: [1]", "10: error: spec.args[0]: expected a text, found number; put it in quotes"),
    Case(
      "containers: { Cache: { image: redis } }",
      "17: error: spec.containers: \"Cache\" is not a name; \(name)"),
    Case("containers: { cache: {} }", "24: error: spec.containers.cache.image is missing; add it"),
    Case(
      "containers: { app: { image: redis } }",
      "17: error: spec.containers.app: the name is the platform's; choose another name"),
    Case(
      "containers: { cache: { image: redis:7:1 } }",
      "33: error: spec.containers.cache.image: \"redis:7:1\" is not an image; write a repository of the registry, such as "
        + "articles-cache, or a whole reference with its tag or digest"),
    Case(
      "containers: { cache: { image: redis, port: 8080 } }",
      "46: error: spec.containers.cache.port: 8080 is the application's; all containers of a pod share its ports: use another"
    ),
    Case(
      "containers: { cache: { image: redis, port: 15000 } }",
      "46: error: spec.containers.cache.port: 15000 is one of the sidecar's; use one outside of 15000 to 15199"),
    Case(
      "containers: { a-very-long-name: { image: redis, port: 1 } }",
      "17: error: spec.containers.a-very-long-name: the name is too long for a port's; use at most 15 letters"),
    Case(
      "containers: { cache: { image: redis, env: { POD_IP: x } } }",
      "47: error: spec.containers.cache.env.POD_IP is set by the platform; remove it, or choose another name"),
    Case(
      "containers: { cache: { image: redis, probes: { liveness: { tcp: true } } } }",
      "62: error: spec.containers.cache.probes.liveness.tcp needs the container's port; add port to the container"),
    Case(
      "containers: { cache: { image: redis, probes: { liveness: {} } } }",
      "60: error: spec.containers.cache.probes.liveness does not say how to find out; add path, command, or tcp: true"),
    Case(
      "probes: { liveness: { path: /a, command: [b] } }",
      "35: error: spec.probes.liveness: path and command are two ways to find out; remove one of the two"),
    Case(
      "probes: { readiness: off }",
      "24: error: spec.probes.readiness: expected a map, found boolean"),
    Case(
      "probes: { readiness: { tcp: true } }",
      "26: error: unknown field \"tcp\" in spec.probes.readiness; known here: failures, path, period, timeout"),
    Case(
      "probes: { startup: { period: 500ms } }",
      "32: error: spec.probes.startup.period: 500ms is no whole number of seconds; use 1s, 2s and so on"),
    Case(
      "probes: { startup: { failures: 0 } }",
      "34: error: spec.probes.startup.failures: 0 is out of range; use 1 to 1000"),
    Case(
      "jobs: { migrate: {} }",
      "20: error: spec.jobs.migrate would run the service itself; give it a command, args, or an image of its own"),
    Case(
      "jobs: { migrate: { args: [x], when: later } }",
      "39: error: spec.jobs.migrate.when: \"later\" is none of before, after; use one of them"),
    Case(
      "jobs: { migrate: { args: [x], deadline: 10ms } }",
      "43: error: spec.jobs.migrate.deadline: 10ms is too short; use a second at least"),
    Case(
      "jobs: { migrate: { args: [x], env: { SERVICE: y } } }",
      "40: error: spec.jobs.migrate.env.SERVICE is set by the platform; remove it, or choose another name"),
    Case(
      "jobs: { a-name-that-is-much-longer-than-jobs-names-may-be: { args: [x] } }",
      "11: error: spec.jobs.a-name-that-is-much-longer-than-jobs-names-may-be: with the service's name it is longer than 51 "
        + "letters; use a shorter name"),
    Case("cron: { digest: { args: [x] } }", "19: error: spec.cron.digest.schedule is missing; add it"),
    Case(
      "cron: { digest: { args: [x], schedule: 0 7 * * } }",
      "42: error: spec.cron.digest.schedule: \"0 7 * *\" is not a schedule: expected exactly 5 fields, found 4: [0 7 * *]; "
        + "write it as \"0 7 * * *\" or @hourly"),
    Case(
      "cron: { digest: { args: [x], schedule: TZ=Asia/Tokyo 0 7 * * * } }",
      "42: error: spec.cron.digest.schedule: \"TZ=Asia/Tokyo 0 7 * * *\" is not a schedule; name the time zone in zone"),
    Case(
      "cron: { digest: { args: [x], schedule: \"@daily\", zone: JST } }",
      "58: error: spec.cron.digest.zone: \"JST\" is not a time zone; write it as Asia/Tokyo or UTC"),
    Case(
      "cron: { digest: { args: [x], schedule: \"@daily\", concurrency: forbidden } }",
      "65: error: spec.cron.digest.concurrency: \"forbidden\" is none of forbid, allow, replace; did you mean \"forbid\"?"
    ),
    Case(
      "volumes: { data: { size: 1Gi } }", "20: error: spec.volumes.data.mount is missing; add it"),
    Case(
      "volumes: { data: { mount: data } }",
      "29: error: spec.volumes.data.mount: \"data\" is not a directory; begin it with /, without a . or .. in it"),
    Case(
      "volumes: { data: { mount: /proc/x } }",
      "29: error: spec.volumes.data.mount: /proc/x is the system's; mount it elsewhere"),
    Case(
      "volumes: { a: { mount: /data }, b: { mount: /data/ } }",
      "47: error: spec.volumes.b.mount: /data is spec.volumes.a's; mount it elsewhere"),
    Case(
      "volumes: { config: { mount: /data } }",
      "14: error: spec.volumes.config: the name is the platform's; choose another name"),
    Case(
      "volumes: { data: { mount: /data, size: 256 } }",
      "42: error: spec.volumes.data.size: 256 is less than 1Mi; give the unit: 256Mi, 1Gi"),
    Case(
      "volumes: { data: { mount: /data, memory: true } }",
      "20: error: spec.volumes.data: memory without size takes all that there is; add size"),
    Case(
      "volumes: { data: { mount: /data, claim: { size: 1Gi } } }",
      "43: error: spec.volumes.data.claim: one pod at a time can have it, and scale.max is 10; set scale: { max: 1 }, or "
        + "access: many with a class that can"),
    Case(
      "volumes: { data: { mount: /data, size: 1Gi, claim: { size: 1Gi, access: many } } }",
      "42: error: spec.volumes.data.size has no meaning beside claim; remove it; claim has its own size"),
    Case("secrets: { db: {} }", "18: error: spec.secrets.db says nothing; add from, mount, or both"),
    Case(
      "secrets: { db: { mount: /db, keys: { a: b } } }",
      "38: error: spec.secrets.db.keys has no meaning without from; say from where it comes, or remove it"),
  ]

  static let operationLines = [
    Case(
      "waivers: [{ owner: news, reason: a debugger, expires: 2027-01-31 }]",
      "13: error: spec.waivers[0].rule is missing; add it"),
    Case(
      "waivers: [{ rule: host-pid, reason: a debugger, expires: 2027-01-31 }]",
      "13: error: spec.waivers[0].owner is missing; add it"),
    Case(
      "waivers: [{ rule: host-pid, owner: news, expires: 2027-01-31 }]",
      "13: error: spec.waivers[0].reason is missing; add it"),
    Case(
      "waivers: [{ rule: host-pid, owner: news, reason: a debugger }]",
      "13: error: spec.waivers[0].expires is missing; add it"),
    Case(
      "waivers: { host-pid: { owner: news } }",
      "12: error: spec.waivers: expected a list, found object; write [] around it"),
    Case(
      "waivers: [{ rule: host_pid, owner: news, reason: a debugger, expires: 2027-01-31 }]",
      "21: error: spec.waivers[0].rule: \"host_pid\" is not a name; \(name)"),
    Case(
      "waivers: [{ rule: host-pid, owner: the team, reason: a debugger, expires: 2027-01-31 }]",
      "38: error: spec.waivers[0].owner: \"the team\" is not a name; \(name)"),
    Case(
      "waivers: [{ rule: host-pid, owner: news, reason: \"...\", expires: 2027-01-31 }]",
      "52: error: spec.waivers[0].reason: \"...\" is not a reason; say why, in words"),
    Case(
      "waivers: [{ rule: host-pid, owner: news, reason: a debugger, expires: 2027-02-30 }]",
      "73: error: spec.waivers[0].expires: \"2027-02-30\" is not a day; write it as 2027-01-31"),
    Case(
      "waivers: [{ rule: host-pid, owner: news, reason: a debugger, expires: tomorrow }]",
      "73: error: spec.waivers[0].expires: \"tomorrow\" is not a day; write it as 2027-01-31"),
    Case(
      "waivers: [{ rule: host-pid, owner: news, reason: a debugger, expires: 2027-01-31, until: 2027-01-31 }]",
      "85: error: unknown field \"until\" in spec.waivers[0]; known here: expires, owner, reason, rule"),
    Case(
      "waivers: [{ rule: host-pid, owner: a, reason: b, expires: 2027-01-31 }, { rule: host-pid, owner: a, reason: b, expires: 2027-01-31 }]",
      "83: error: spec.waivers: host-pid is given twice; remove one of the two"),
    Case(
      "scale: { on: [{ external: queue }] }",
      "17: error: spec.scale.on: external needs perPod; say how much of it one pod takes: perPod: 30"),
    Case(
      "scale: { on: [{ cpu: 60%, perPod: 3 }] }",
      "29: error: spec.scale.on: perPod has no meaning for cpu; remove it; it belongs to external"),
    Case(
      "rightsize: sometimes",
      "14: error: spec.rightsize: \"sometimes\" is none of off, recommend, auto; use one of them"),
    Case(
      "rightsize: auto",
      "14: error: spec.rightsize: auto changes what the share of cpu in scale.on is a share of; scale on requestsPerSecond, or use recommend"
    ),
    Case(
      "rightsize: { min: { cpu: 2 }, max: { cpu: 1 } }",
      "28: error: spec.rightsize: min cpu 2 is above max 1; lower min or raise max"),
    Case(
      "release: { canary: { steps: [25%, 5%] } }",
      "37: error: spec.release.canary.steps: 5% is not above the step before; write them rising: [5%, 25%, 50%]"),
    Case("alerts: { slow: {} }", "19: error: spec.alerts.slow.when is missing; add it"),
    Case(
      "alerts: { slow: { when: p99 > 300 } }",
      "27: error: spec.alerts.slow.when: \"p99 > 300\" has no bound for p99, which is written as 300ms; write it as p99 > 300ms"
    ),
    Case(
      "alerts: { slow: { when: readyPods > 1 } }",
      "27: error: spec.alerts.slow.when: readyPods > 1 is true while all is well; compare with < or <="),
    Case(
      "alerts: { slow: { when: p99 < 1s } }",
      "27: error: spec.alerts.slow.when: p99 < 1s is true while all is well; compare with > or >="),
    Case(
      "alerts: { slow: { when: errorRate > 200% } }",
      "27: error: spec.alerts.slow.when: more than 100% of the requests; use 100% at most"),
    Case(
      "alerts: { slow: { when: p99 > 1s, severity: page } }",
      "47: error: spec.alerts.slow.severity: \"page\" is none of critical, warning, info; use one of them"),
    Case(
      "permissions: [{ allow: [\"*\"], on: table/a }]",
      "27: error: spec.permissions[0].allow[0]: \"*\" is not an action; write it as dynamodb:GetItem or s3:Get*"),
    Case(
      "permissions: [{ allow: \"dynamodb:*\", on: table/a }]",
      "26: error: spec.permissions[0].allow: \"dynamodb:*\" is not an action; write it as dynamodb:GetItem or s3:Get*"),
    Case("permissions: [{ allow: \"s3:Get*\" }]", "17: error: spec.permissions[0].on is missing; add it"),
    Case(
      "permissions: [{ allow: \"s3:Get*\", on: buckt/a }]",
      "41: error: spec.permissions[0].on: \"buckt/a\" is of no known kind; did you mean \"bucket\"?"),
    Case(
      "permissions: [{ allow: \"s3:Get*\", on: articles }]",
      "41: error: spec.permissions[0].on: \"articles\" is not a resource; write KIND/NAME, such as table/articles, or an ARN"
    ),
    Case(
      "permissions: [{ allow: \"s3:Get*\", on: \"bucket/*\" }]",
      "41: error: spec.permissions[0].on: \"bucket/*\" names no resource; write a name, or the beginning of one with * after "
        + "it: bucket/articles-*"),
    Case(
      "permissions: [{ allow: \"s3:Get*\", on: \"arn:aws\" }]",
      "41: error: spec.permissions[0].on: \"arn:aws\" is not an ARN; write it as arn:aws:s3:::articles-images, or as "
        + "bucket/articles-images"),
    Case(
      "permissions: [{ allow: \"s3:Get*\", on: table/a }]",
      "26: error: spec.permissions: s3:Get* is no action on table/a; name a bucket/NAME"),
    Case(
      "permissions: [{ allow: [\"s3:Get*\", \"s3:Get*\"], on: bucket/a }]",
      "38: error: spec.permissions: s3:Get* on bucket/a is given twice; remove one of the two"),
    Case(
      "network: { from: [a b] }",
      "21: error: spec.network.from[0]: \"a b\" is not a service, a namespace or a range of addresses; write it as gateway, "
        + "namespace/monitoring or 10.0.0.0/8"),
    Case(
      "network: { from: [10.0.0.1/8] }",
      "21: error: spec.network.from[0]: \"10.0.0.1/8\" is not a service, a namespace or a range of addresses; write it as "
        + "gateway, namespace/monitoring or 10.0.0.0/8"),
    Case(
      "network: { from: [\"gateway:80\"] }",
      "21: error: spec.network.from: gateway:80 has a port; leave it out: all enter through the sidecar"),
    Case(
      "network: { to: [namespace/databases] }",
      "19: error: spec.network.to[0]: \"namespace/databases\" is not a service, a namespace or a range of addresses with a "
        + "port; write it as namespace/databases:5432 or 10.1.0.0/16:6379"),
    Case(
      "network: { egress: [https://api.example.com] }",
      "23: error: spec.network.egress[0]: \"https://api.example.com\" is not HOST or HOST:PORT; write it as api.example.com:443"
    ),
    Case(
      "network: { egress: [a.example.com, a.example.com] }",
      "38: error: spec.network.egress: a.example.com is given twice; remove one of the two"),
    Case(
      "network: { groups: [sg-0123] }",
      "23: error: spec.network.groups[0]: \"sg-0123\" is not a security group's id; write it as sg-0123456789abcdef0"),
    Case(
      "network: { groups: [sg-01234567, sg-01234567] }",
      "36: error: spec.network.groups: sg-01234567 is given twice; remove one of the two"),
    Case(
      "tags: { a/b: c }",
      "11: error: spec.tags: \"a/b\" is not a tag's name; use letters, digits, -, _ and ., at most 59"),
    Case(
      "expose: { host: Api.example.com }",
      "19: error: spec.expose.host: \"Api.example.com\" is not a host's name; write it as api.example.com"),
    Case(
      "extend: { Deploymnt: {} }", "13: error: unknown field \"Deploymnt\" in spec.extend; did you mean \"Deployment\"?"
    ),
    Case(
      "extend: { Service: 1 }",
      "22: error: spec.extend.Service: expected a map, found number; write what is to be different"),
    Case(
      "extend: { Service: { metadata: { name: x } } }",
      "36: error: spec.extend.Service.metadata.name is set by the platform; remove it"),
    Case(
      "extend: { Deployment: { spec: { template: { spec: { containers: [{ name: app, imagePullPolice: Always }] } } } } }",
      "81: error: spec.extend.Deployment.spec.template.spec.containers[0] has no field \"imagePullPolice\"; did you mean "
        + "\"imagePullPolicy\"?"),
    Case(
      "extend: { Deployment: { spec: { minReadySeconds: 5s } } }",
      "52: error: spec.extend.Deployment.spec.minReadySeconds: expected a whole number, found string"),
  ]

  @Test(arguments: podLines + operationLines)
  func aMistakeInAPart(_ mistake: Case) {
    let complaints = Texts.complaints(Texts.service + "  \(mistake.added)\n")
    #expect(complaints == ["microservice.yaml:8:\(mistake.complaint)"])
  }

  @Test func aKeyThatItsSecretDoesNotHave() {
    let text =
      Texts.service + "  secrets: { db: { from: prod/db, keys: { url: u } } }\n  env: { A: { secret: db, key: ulr } }\n"
    #expect(
      Texts.complaints(text)
        == ["microservice.yaml:9:32: error: spec.env.A: spec.secrets.db has no key \"ulr\"; did you mean \"url\"?"])
  }

  @Test func aNameOfAJobAndACron() {
    let text =
      Texts.service + "  jobs: { a: { args: [x] } }\n  cron: { a: { args: [x], schedule: \"@daily\" } }\n"
    #expect(
      Texts.complaints(text)
        == ["microservice.yaml:9:11: error: spec.cron.a: a job has this name too; rename one of the two"])
  }

  @Test func twoContainersWithOnePort() {
    let text = Texts.service + "  containers:\n    a: { image: a, port: 1 }\n    b: { image: b, port: 1 }\n"
    #expect(
      Texts.complaints(text) == [
        "microservice.yaml:10:26: error: spec.containers.b.port: 1 is container a's; all containers of a pod share its ports: use another"
      ])
  }

  @Test func tooMuchOfAThing() {
    let many = (0...20).map { "a\($0): { image: a }" }.joined(separator: ", ")
    #expect(
      Texts.complaints(Texts.service + "  containers: { \(many) }\n")
        == ["microservice.yaml:8:15: error: spec.containers has 21 entries; at most 20 are possible"])
    let permissions = (0...100).map { "{ allow: \"s3:Get*\", on: bucket/a\($0) }" }.joined(separator: ", ")
    #expect(
      Texts.complaints(Texts.service + "  permissions: [\(permissions)]\n")
        == ["microservice.yaml:8:16: error: spec.permissions has 101 entries; at most 100 are possible"])
    let hosts = (0...100).map { "h\($0).example.com" }.joined(separator: ", ")
    #expect(
      Texts.complaints(Texts.service + "  network: { egress: [\(hosts)] }\n")
        == ["microservice.yaml:8:22: error: spec.network.egress has 101 entries; at most 100 are possible"])
  }

  @Test func anEnvironmentMayStateAPartOfAJob() throws {
    let text =
      Texts.service + "  cron: { a: { args: [x], schedule: \"@daily\" } }\n"
      + "environments:\n  staging: { cron: { a: { suspended: true } } }\n  other: { cron: { b: { suspended: true } } }\n"
    let staging = try #require(try Texts.service(text, environment: "staging").first)
    #expect(staging.microservice.spec.cron["a"]?.suspended == true)
    #expect(staging.microservice.spec.cron["a"]?.schedule == "@daily")
    let invalid = #expect(throws: InvalidDefinition.self) { try Texts.service(text, environment: "other") }
    #expect(invalid?.description == "microservice.yaml:11:23: error: spec.cron.b.schedule is missing; add it")
  }
}
