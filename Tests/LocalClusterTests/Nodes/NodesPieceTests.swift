import ChildProcesses
import Kubernetes
import KubernetesServer
import LocalCluster
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct NodesPieceTests {
  @Test(arguments: [
    ("plain", "plain"), ("$(A)", "1"), ("x$(A)y$(B)z", "x1ytwoz"), ("$(MISSING)", "$(MISSING)"), ("$$(A)", "$(A)"),
    ("$$$(A)", "$1"), ("$", "$"), ("$A", "$A"), ("$(A", "$(A"), ("$()", "$()"), ("a$$b", "a$b"),
  ])
  func variablesExpand(_ text: String, _ expected: String) {
    #expect(VariableExpansion.expand(text, ["A": "1", "B": "two"]) == expected)
  }

  @Test func imagesFindTheirPrograms() throws {
    let programs = ImagePrograms(["articles": "/opt/articles", "registry:5000/team/users": "/opt/users"])
    #expect(
      try programs.resolve(image: "example.com:443/news/articles:v1", command: []).get().executable == "/opt/articles")
    #expect(
      try programs.resolve(image: "registry:5000/team/users@sha256:00", command: []).get().executable == "/opt/users")
    let command = try programs.resolve(image: "busybox", command: ["sh", "-c"]).get()
    #expect(command.executable.hasSuffix("/sh") && command.arguments == ["-c"])
    func missing(_ image: String, _ command: [String]) -> Bool? {
      if case .failure(let missing) = programs.resolve(image: image, command: command) { missing.isImage } else { nil }
    }
    #expect(missing("busybox", []) == true)
    #expect(missing("busybox", ["no-such-program"]) == true)
    #expect(missing("articles", ["no-such-program"]) == false)
  }

  @Test func restartsBackOffAndForget() {
    var backoff = RestartBackoff()
    #expect((0..<8).map { _ in backoff.next(ranSeconds: 1) } == [0, 10, 20, 40, 80, 160, 300, 300])
    #expect(backoff.next(ranSeconds: 600) == 0)
    #expect(backoff.next(ranSeconds: 1) == 10)
  }

  @Test func addressesAreDistinctAndUsedAgainLate() throws {
    #expect(NodeBlock(index: 0)?.podCIDR == "127.16.0.0/24")
    #expect(NodeBlock(index: 256 * 3 + 7)?.nodeAddress == "127.19.7.1")
    #expect(NodeBlock(index: 61_440) == nil)
    let block = try #require(NodeBlock(podCIDR: "127.19.7.0/24"))
    #expect(block.index == 256 * 3 + 7)
    #expect(NodeBlock(podCIDR: "10.0.0.0/24") == nil)
    var addresses = PodAddresses(block)
    #expect(addresses.address(for: "a") == "127.19.7.2")
    #expect(addresses.address(for: "a") == "127.19.7.2")
    addresses.release("a")
    #expect(addresses.address(for: "b") == "127.19.7.3")
    #expect(addresses.address(for: "c", preferred: "127.19.7.200") == "127.19.7.200")
    #expect(addresses.address(for: "d", preferred: "127.19.7.3") == "127.19.7.4")
    for index in 0..<250 { #expect(addresses.address(for: "x\(index)") != nil) }
    #expect(addresses.address(for: "one too many") == nil)
  }

  struct Fixed: ConfigurationSource {
    func configMap(_ name: String, namespace: String) async throws -> ConfigMap? {
      guard name == "map" else { return nil }
      var map = ConfigMap()
      map.data = ["K": "from map", "A": "overridden"]
      return map
    }
    func secret(_ name: String, namespace: String) async throws -> Secret? {
      guard name == "secret" else { return nil }
      var secret = Secret()
      secret.data = ["S": "aGk="]
      return secret
    }
    func serviceAccountToken(for pod: Pod, audience: String, expirationSeconds: Int64) async throws -> String {
      "token of \(pod.spec.serviceAccountName) for \(audience), \(expirationSeconds) s"
    }
  }

  private func environment(_ container: Container) async throws -> [String: String] {
    var pod = Pod()
    pod.metadata = ObjectMeta(name: "p", namespace: "n", labels: ["app": "x"])
    pod.spec.containers = [container]
    let downward = DownwardAPI(
      pod: pod, podIP: "127.16.0.2", hostIP: "127.16.0.1", nodeAllocatable: ["cpu": Quantity(4)])
    var environment = ContainerEnvironment(given: [(name: "A", value: "given"), (name: "G", value: "low")])
    try await environment.add(container, downward, from: Fixed())
    return environment.values
  }

  @Test func environmentsHaveSourcesInOrder() async throws {
    var container = Container()
    container.envFrom = [["configMapRef": ["name": "map"]], ["secretRef": ["name": "absent", "optional": true]]]
    func from(_ name: String, _ source: JSONValue) -> EnvironmentVariable {
      var variable = EnvironmentVariable(name, "")
      variable.valueFrom = source
      return variable
    }
    container.resources.requests = ["cpu": Quantity(milli: 250)]
    container.env = [
      EnvironmentVariable("A", "mine"), EnvironmentVariable("B", "$(A) and $(K)"),
      from("LABEL", ["fieldRef": ["fieldPath": "metadata.labels['app']"]]),
      from("S", ["secretKeyRef": ["name": "secret", "key": "S"]]),
      from("OPTIONAL", ["configMapKeyRef": ["name": "map", "key": "none", "optional": true]]),
      from("MILLI", ["resourceFieldRef": ["resource": "requests.cpu", "divisor": "1m"]]),
      from("CORES", ["resourceFieldRef": ["resource": "limits.cpu"]]),
    ]
    let values = try await environment(container)
    #expect(
      values == [
        "A": "mine", "G": "low", "K": "from map", "B": "mine and from map", "LABEL": "x", "S": "hi", "MILLI": "250",
        "CORES": "4",
      ])
    container.env = [from("X", ["secretKeyRef": ["name": "secret", "key": "none"]])]
    await #expect(throws: ConfigurationError.self) { try await environment(container) }
  }

  @Test func aContainerFindsItsServiceAccount() async throws {
    let directory = try TemporaryDirectory()
    var container = Container()
    container.volumeMounts = [["name": "kube-api", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"]]
    var pod = Pod()
    pod.metadata = ObjectMeta(name: "p", namespace: "n")
    pod.spec.serviceAccountName = "robot"
    pod.spec.containers = [container]
    let namespace: JSONValue = ["items": [["path": "namespace", "fieldRef": ["fieldPath": "metadata.namespace"]]]]
    pod.spec.volumes = [
      [
        "name": "kube-api",
        "projected": [
          "sources": [
            ["serviceAccountToken": ["expirationSeconds": 3600, "path": "token"]], ["downwardAPI": namespace],
          ]
        ],
      ]
    ]
    let volumes = PodVolumes(directory: directory.path, claims: directory.path + "/claims")
    let downward = DownwardAPI(
      pod: pod, podIP: "127.16.0.2", hostIP: "127.16.0.1", nodeAllocatable: ["cpu": Quantity(4)])
    try await volumes.prepare(downward, from: Fixed())
    let variables = Dictionary(
      uniqueKeysWithValues: volumes.variables(for: container, of: pod).map { ($0.name, $0.value) })
    let home = try #require(variables["SAKIGAKE_SERVICEACCOUNT_DIR"])
    #expect(variables["SAKIGAKE_MOUNT_KUBE_API"] == home)
    func contents(_ name: String) throws -> String? {
      try PrivateDirectory.read("\(home)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(try contents("namespace") == "n")
    #expect(try contents("token") == "token of robot for , 3600 s")
    #expect(PodVolumes.renewalSeconds(of: pod) == 2880)
    pod.spec.serviceAccountName = "other"
    try await volumes.renewTokens(of: pod, from: Fixed())
    #expect(try contents("token") == "token of other for , 3600 s")
    #expect(PodVolumes.renewalSeconds(of: Pod()) == nil)
  }

  @Test func whatIsClaimedOutlivesItsPods() async throws {
    let directory = try TemporaryDirectory()
    var pod = Pod()
    pod.metadata.namespace = "n"
    var container = Container()
    container.volumeMounts = [["name": "data", "mountPath": "/data"]]
    pod.spec.containers = [container]
    pod.spec.volumes = [["name": "data", "persistentVolumeClaim": ["claimName": "articles-data"]]]
    let downward = DownwardAPI(pod: pod, podIP: "127.16.0.2", hostIP: "127.16.0.1", nodeAllocatable: [:])
    func path(ofPod name: String) async throws -> String {
      let volumes = PodVolumes(directory: directory.path + "/" + name, claims: directory.path + "/claims")
      try await volumes.prepare(downward, from: Fixed())
      return try #require(volumes.variables(for: container, of: pod).first { $0.name == "SAKIGAKE_MOUNT_DATA" }).value
    }
    let first = try await path(ofPod: "one")
    try PrivateDirectory.replace(first + "/file", with: Array("kept".utf8))
    let second = try await path(ofPod: "two")
    #expect(second == first && first.hasSuffix("/claims/n/articles-data"))
    #expect(try PrivateDirectory.read(second + "/file").map { String(decoding: $0, as: UTF8.self) } == "kept")
  }

  @Test func probesCountAndRunFaster() {
    var probe = Probe()
    probe.initialDelaySeconds = 5
    probe.timeoutSeconds = 3
    probe.failureThreshold = 2
    let schedule = ProbeSchedule(probe, speed: 10)
    #expect(schedule.initialDelaySeconds == 0.5 && schedule.periodSeconds == 1 && schedule.timeoutSeconds == 3)
    #expect(ProbeSchedule(probe, speed: 1000).periodSeconds == 0.05)
    var counter = ProbeCounter(schedule)
    #expect(schedule.patienceSeconds == 10 && ProbeSchedule(probe, speed: 1).patienceSeconds == 0)
    #expect(counter.note(false, at: 0, isPatient: false) == nil)
    #expect(counter.note(false, at: 1, isPatient: false) == false)
    #expect(counter.note(true, at: 2, isPatient: false) == true)
    #expect(counter.note(false, at: 3, isPatient: true) == nil)
    #expect(counter.note(false, at: 4, isPatient: true) == nil, "a busy machine is given time")
    #expect(counter.note(false, at: 13, isPatient: true) == false)
  }

  @Test func httpAndTCPProbes() async throws {
    let client = ProbeClient()
    let good = try OneAnswerServer("HTTP/1.1 204 No Content\r\n\r\n")
    #expect(await client.get(host: "127.0.0.1", port: good.port, path: "/healthz", timeoutSeconds: 10) == .success)
    #expect(good.request.contains("GET /healthz HTTP/1.1\r\n"))
    let bad = try OneAnswerServer("HTTP/1.1 503 Service Unavailable\r\n\r\n")
    #expect(
      await client.get(host: "127.0.0.1", port: bad.port, path: "", timeoutSeconds: 10)
        == .failure("HTTP probe failed with statuscode: 503"))
    let silent = try OneAnswerServer(nil)
    #expect(await client.connect(host: "127.0.0.1", port: silent.port, timeoutSeconds: 10) == .success)
    #expect(await client.get(host: "127.0.0.1", port: silent.port, path: "/", timeoutSeconds: 0.2).isSuccess == false)
    let port = silent.port
    silent.shut()
    #expect(await client.connect(host: "127.0.0.1", port: port, timeoutSeconds: 10).isSuccess == false)
  }
}

/// A socket that accepts one connection and gives one answer, or accepts in the kernel's queue and never answers.
final class OneAnswerServer: @unchecked Sendable {  // the request is read after the thread that wrote it was joined
  let port: Int
  private let listener: Int32
  private let answer: String?
  private var thread = pthread_t()
  private var bytes: [UInt8] = []

  init(_ answer: String?) throws {
    self.answer = answer
    #if canImport(Glibc)
      listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      listener = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    try #require(bound)
    port = Int(UInt16(bigEndian: address.sin_port))
    guard answer != nil else { return }
    let box = Unmanaged.passUnretained(self)
    pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<OneAnswerServer>.fromOpaque(argument).takeUnretainedValue().serve() }
        return nil
      }, box.toOpaque())
  }

  private func serve() {
    let connection = accept(listener, nil, nil)
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n") {
      let count = read(connection, &buffer, buffer.count)
      if count <= 0 { break }
      bytes += buffer[..<count]
    }
    let text = Array((answer ?? "").utf8)
    _ = write(connection, text, text.count)
    close(connection)
  }

  var request: String {
    pthread_join(thread, nil)
    return String(decoding: bytes, as: UTF8.self)
  }

  func shut() { close(listener) }
}
