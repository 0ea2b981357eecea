import Kubernetes
import Testing

@Suite struct TypedObjectTests {
  @Test func unknownFieldsAreKeptAtEveryLevel() throws {
    let json: JSONValue = [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": ["name": "p", "managedFields": [["manager": "m"]], "selfLink": "/x"],
      "spec": [
        "dnsPolicy": "ClusterFirst",
        "containers": [
          [
            "name": "app", "stdin": true, "resources": ["claims": [["name": "gpu"]], "requests": ["cpu": "1000m"]],
            "readinessProbe": ["grpc": ["port": 1], "periodSeconds": 0],
          ]
        ],
      ],
      "status": ["phase": "Running", "observedGeneration": 3], "extra": ["a": [1, nil, .double(2.5)]],
    ]
    let pod = try Pod(json: json)
    #expect(pod.json == json)
    #expect(pod.spec.containers[0].resources.requests["cpu"] == Quantity(1))
    var changed = pod
    changed.spec.nodeName = "n"
    #expect(changed.json[path: ["spec", "dnsPolicy"]] == "ClusterFirst")
    #expect(changed.json[path: ["spec", "nodeName"]] == "n")
    #expect(changed.json["extra"] == json["extra"])
  }

  @Test func errorsNameTheField() {
    let error = #expect(throws: FieldError.self) {
      try Pod(json: ["spec": ["containers": [["name": "a"], ["name": "b", "ports": [["containerPort": "x"]]]]]])
    }
    #expect(error?.path == "spec.containers[1].ports[0].containerPort")
    let quantity = #expect(throws: FieldError.self) {
      try Container(json: ["resources": ["requests": ["cpu": "lots"]]])
    }
    #expect(quantity?.path == "resources.requests.cpu")
    #expect(throws: FieldError.self) { try Pod(json: []) }
    #expect(throws: FieldError.self) { try Service(json: ["spec": ["ports": ["port": 1]]]) }
  }

  @Test func nullCountsAsLeftOut() throws {
    let pod = try Pod(json: [
      "metadata": ["creationTimestamp": nil, "labels": nil], "spec": ["containers": nil], "status": nil,
    ])
    #expect(pod.metadata.creationTimestamp == nil)
    #expect(pod.json == ["apiVersion": "v1", "kind": "Pod", "metadata": [:]])
    let rules = try ScalingRules(json: ["policies": nil])
    #expect(rules.policies == nil)
    #expect(rules.json == [:])
  }

  @Test func anOptionalThatIsSetIsWritten() throws {
    let deployment = try Deployment(json: ["spec": ["replicas": 0]])
    #expect(deployment.spec.replicas == 0)
    #expect(deployment.json[path: ["spec", "replicas"]] == 0)
    #expect(try ScalingRules(json: ["policies": []]).json == ["policies": []])
  }

  @Test func anObjectOfAnotherKindIsRefused() {
    #expect(throws: FieldError.self) { try Pod(json: ["apiVersion": "v1", "kind": "Node", "metadata": ["name": "n"]]) }
    #expect(throws: FieldError.self) { try Deployment(json: ["apiVersion": "v1", "kind": "Deployment"]) }
  }
}
