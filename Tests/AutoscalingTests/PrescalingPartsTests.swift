import Autoscaling
import Kubernetes
import Testing

struct PrescalingPartsTests {
  let start = Timestamp(seconds: 1_800_000_000)
  let shape = ResponseShape(riseSeconds: 5, holdSeconds: 40, fallSeconds: 20)

  private func service(_ name: String, calls: [(String, Double)] = []) -> Microservice {
    var service = Microservice()
    service.metadata = ObjectMeta(name: name, namespace: "news")
    service.spec.calls = calls.map { .init(service: $0.0, perRequest: $0.1) }
    return service
  }

  @Test func aResponseHasAreaOne() {
    var area = 0.0
    for step in 0..<6500 { area += shape.density(at: Double(step) / 100) / 100 }
    #expect(abs(area - 1) < 0.001)
    #expect(shape.density(at: -1) == 0)
    #expect(shape.density(at: 66) == 0)
    #expect(shape.density(at: 20) == shape.height)
    #expect(ResponseShape(riseSeconds: 0, holdSeconds: 10, fallSeconds: 0).density(at: 0) == 0.1)
  }

  @Test func loadsAndTheirPeaks() {
    let load = CampaignLoad(sendAt: start, responses: 52_500, shape: shape)
    #expect(abs(load.load(at: start + 20) - 1000) < 1e-6)
    #expect(load.load(at: start - 1) == 0)
    #expect(abs(load.peak(from: start - 100, to: start + 100) - 1000) < 1e-6)
    #expect(abs(load.peak(from: start + 55, to: start + 100) - 500) < 1e-6)
    #expect(load.peak(from: start + 66, to: start + 100) == 0)
  }

  @Test func loadFollowsTheCalls() {
    let graph = CallGraph([
      service("gateway", calls: [("articles", 1), ("users", 0.5)]),
      service("articles", calls: [("users", 2), ("ranking", 1)]),
      service("users"), service("ranking"), service("unrelated"),
    ])
    let spread = graph.spread(from: ["gateway"])
    #expect(spread.factors == ["gateway": 1, "articles": 1, "users": 2.5, "ranking": 1])
    #expect(spread.problems.isEmpty)
  }

  @Test(.timeLimit(.minutes(1))) func circlesAreNamedAndDoNotHang() {
    let graph = CallGraph([
      service("gateway", calls: [("a", 1)]), service("a", calls: [("b", 1)]), service("b", calls: [("c", 1), ("d", 1)]),
      service("c", calls: [("a", 1), ("c", 1)]), service("d"),
    ])
    let spread = graph.spread(from: ["gateway"])
    #expect(spread.problems == ["calls go in a circle: a → b → c → a", "calls go in a circle: c → c"])
    #expect(spread.factors == ["gateway": 1, "a": 1, "b": 1, "c": 1, "d": 1])
    let itself = CallGraph([service("a", calls: [("a", 1)])]).spread(from: ["a", "nobody"])
    #expect(itself.problems == ["there is no microservice nobody", "calls go in a circle: a → a"])
  }

  @Test func aLongChainIsNoDeepRecursion() {
    let chain = (0..<20_000).map { service("s\($0)", calls: $0 < 19_999 ? [("s\($0 + 1)", 1)] : []) }
    #expect(CallGraph(chain).spread(from: ["s0"]).factors["s19999"] == 1)
  }

  @Test func sizes() {
    #expect(Sizing.replicas(load: 0, perPod: 10) == 0)
    #expect(Sizing.replicas(load: 70, perPod: 7) == 10)
    #expect(Sizing.replicas(load: 70.1, perPod: 7) == 11)
    #expect(Sizing.replicas(load: 0.3, perPod: 0.1) == 3)
  }

  @Test func reservoirsAreBoundedAndExact() {
    var reservoir = SampleReservoir(capacity: 100)
    #expect(reservoir.quantile(0.99) == nil)
    for sample in 1...1000 { reservoir.add(Double(sample)) }
    #expect(reservoir.count == 100)
    #expect(reservoir.quantile(0.99) == 999)
    #expect(reservoir.quantile(0.5) == 950)
    #expect(reservoir.quantile(1) == 1000)
  }

  @Test func leadTimesAreDeclaredUntilSeen() {
    var scene = PrescalingScene()
    var lead = LeadTime(declared: .init(schedule: 1, imagePull: 10, start: 5, ready: 5))
    let articles = NamespacedName("news", "articles")
    lead.observe(scene.view)
    #expect(lead.pod(of: articles) == 21)
    for index in 0..<30 { scene.addPod("articles", name: "seen-\(index)", scheduling: 0, start: 2, ready: 1) }
    lead.observe(scene.view)
    lead.observe(scene.view)
    // 33 pods of articles were seen, and each once; nobody else's start is known.
    #expect(lead.pod(of: articles) < 10)
    #expect(lead.pod(of: NamespacedName("news", "gateway")) >= 20)
  }

  @Test func aNodesBootIsNeverTakenToBeShorterThanDeclared() {
    let scene = PrescalingScene()
    let lead = LeadTime()
    for group in scene.view.nodeGroups.values { #expect(lead.node(of: group) == group.bootSeconds) }
  }

  @Test func configurationFromThePlatform() throws {
    let configuration = try PrescalingDecision.Configuration(
      json: [
        "cluster": "news",
        "pushes": [
          "margin": "1m30s", "utilization": "60%", "release": 15, "lead": ["imagePull": "500ms"],
          "kinds": ["breaking": ["openRate": "8%", "rise": "5s", "hold": "40s", "fall": 20]],
        ],
      ])
    #expect(configuration.margin == 90)
    #expect(configuration.utilization == 0.6)
    #expect(configuration.releaseInterval == 15)
    #expect(configuration.lead.imagePull == 0.5)
    #expect(configuration.kinds["breaking"] == .init(openRate: 0.08, shape: shape))
    let fast = configuration.scaled(by: 10)
    #expect(fast.margin == 9)
    #expect(fast.lead.imagePull == 0.05)
    #expect(fast.kinds["breaking"]?.shape == shape)
  }

  @Test(arguments: [
    (["margin": "ten"], "pushes.margin"), (["margin": "-5s"], "pushes.margin"), (["margin": "10x"], "pushes.margin"),
    (["utilization": "170%"], "pushes.utilization"), (["utilization": 0], "pushes.utilization"),
    (["kinds": ["a": ["rise": "5s"]]], "pushes.kinds.a.openRate"), (["kinds": ["a": []]], "pushes.kinds.a"),
    (["kinds": ["a": ["openRate": "8%", "rise": 0, "hold": 0, "fall": 0]]], "pushes.kinds.a"),
    (["kinds": ["a": ["openRate": "8%", "fal": 0]]], "pushes.kinds.a.fal"), (["margins": "5s"], "pushes.margins"),
  ] as [(JSONValue, String)])
  func nonsenseInTheConfigurationIsNamed(_ pushes: JSONValue, _ path: String) {
    #expect {
      try PrescalingDecision.Configuration(json: ["pushes": pushes])
    } throws: {
      ($0 as? FieldError)?.path == path
    }
  }
}
