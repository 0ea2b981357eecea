import Kubernetes
import KubernetesServer
import Testing

@Suite struct PrintingTests {
  private let now = Timestamp(seconds: 1_800_000_000)

  private func ago(_ seconds: Double) -> String { (now - seconds).rfc3339 }

  private func cells(_ text: String, _ resource: ResourceType, columns: JSONValue? = nil) throws -> [JSONValue] {
    let table = TablePrinter.table([try JSONValue(parsing: text)], resource: resource, columns: columns, now: now)
    let cells = table["rows"]?.arrayValue?.first?["cells"]?.arrayValue ?? []
    #expect(cells.count == table["columnDefinitions"]?.arrayValue?.count)
    return cells
  }

  @Test(arguments: [
    (-5, "<invalid>"), (-1, "0s"), (0, "0s"), (119, "119s"), (120, "2m"), (125, "2m5s"), (600, "10m"), (10_799, "179m"),
    (10_800, "3h"), (12_000, "3h20m"), (28_800, "8h"), (172_799, "47h"), (172_800, "2d"), (180_000, "2d2h"),
    (691_200, "8d"), (63_072_000, "2y"), (63_158_400, "2y1d"), (315_360_000, "10y"),
  ])
  func durationsHaveTwoUnitsAtMost(seconds: Int, text: String) {
    #expect(HumanDuration.text(seconds: Double(seconds)) == text)
  }

  @Test func aRunningPodCountsItsSidecar() throws {
    let pod = """
      {"metadata":{"name":"a","creationTimestamp":"\(ago(300))"},
       "spec":{"nodeName":"n1","containers":[{"name":"app"}],
               "initContainers":[{"name":"envoy","restartPolicy":"Always"},{"name":"setup"}]},
       "status":{"phase":"Running","podIP":"127.1.2.3",
         "conditions":[{"type":"Initialized","status":"True"},{"type":"Ready","status":"True"}],
         "initContainerStatuses":[
           {"name":"envoy","ready":true,"started":true,"restartCount":1,"state":{"running":{}},
            "lastState":{"terminated":{"exitCode":1,"finishedAt":"\(ago(200))"}}},
           {"name":"setup","ready":true,"restartCount":7,"state":{"terminated":{"exitCode":0}}}],
         "containerStatuses":[{"name":"app","ready":true,"restartCount":2,"state":{"running":{}},
            "lastState":{"terminated":{"exitCode":1,"finishedAt":"\(ago(60))"}}}]}}
      """
    #expect(
      try cells(pod, .pods) == ["a", "2/2", "Running", "3 (60s ago)", "5m", "127.1.2.3", "n1", "<none>", "<none>"])
  }

  @Test(arguments: [
    (#"{"status":{"phase":"Pending"}}"#, "Pending"),
    (#"{"status":{"phase":"Failed","reason":"Evicted"}}"#, "Evicted"),
    (
      #"{"status":{"phase":"Pending","containerStatuses":[{"name":"a","state":{"waiting":{"reason":"ErrImagePull"}}}]}}"#,
      "ErrImagePull"
    ),
    (
      #"{"status":{"phase":"Running","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":3}}}]}}"#,
      "ExitCode:3"
    ),
    (
      #"{"status":{"phase":"Running","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":137,"signal":9}}}]}}"#,
      "Signal:9"
    ),
    (
      #"{"status":{"phase":"Succeeded","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":0,"reason":"Completed"}}}]}}"#,
      "Completed"
    ),
    (#"{"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"},"status":{"phase":"Running"}}"#, "Terminating"),
    (#"{"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"},"status":{"phase":"Succeeded"}}"#, "Succeeded"),
    (
      #"{"spec":{"initContainers":[{"name":"i"},{"name":"j"}]},"status":{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":0}}},{"name":"j","state":{"running":{}}}]}}"#,
      "Init:1/2"
    ),
    (
      #"{"spec":{"initContainers":[{"name":"i"}]},"status":{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}}"#,
      "Init:CrashLoopBackOff"
    ),
    (
      #"{"spec":{"initContainers":[{"name":"i"}]},"status":{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":1,"reason":"Error"}}}]}}"#,
      "Init:Error"
    ),
    (
      #"{"status":{"phase":"Pending","conditions":[{"type":"PodScheduled","reason":"SchedulingGated"}]}}"#,
      "SchedulingGated"
    ),
  ])
  func podStatusSaysMoreThanThePhase(text: String, status: String) throws {
    #expect(try cells(text, .pods)[2] == .string(status))
  }

  @Test func finishedPodsAreMarked() throws {
    let pod = try JSONValue(parsing: #"{"metadata":{"name":"a"},"status":{"phase":"Succeeded"}}"#)
    let table = TablePrinter.table([pod], resource: .pods, now: now)
    #expect(table["rows"]?.arrayValue?.first?["conditions"]?.arrayValue?.first?["type"] == "Completed")
  }

  @Test func nodesTellRolesAndCordons() throws {
    let node = """
      {"metadata":{"name":"n","creationTimestamp":"\(ago(7200))",
         "labels":{"node-role.kubernetes.io/worker":"","kubernetes.io/role":"edge"}},"spec":{"unschedulable":true},
       "status":{"conditions":[{"type":"Ready","status":"True"}],"addresses":[{"type":"InternalIP","address":"10.0.0.1"}],
         "nodeInfo":{"kubeletVersion":"v1.32.4","osImage":"Linux","kernelVersion":"6.1"}}}
      """
    #expect(
      try cells(node, .nodes) == [
        "n", "Ready,SchedulingDisabled", "edge,worker", "120m", "v1.32.4", "10.0.0.1", "<none>", "Linux", "6.1",
        "<unknown>",
      ])
  }

  @Test func workloadsTellTheirTemplates() throws {
    let text = """
      {"metadata":{"name":"d","creationTimestamp":"\(ago(60))"},
       "spec":{"replicas":3,"selector":{"matchLabels":{"app":"d"},
         "matchExpressions":[{"key":"tier","operator":"In","values":["b","a"]}]},
         "template":{"spec":{"containers":[{"name":"x","image":"i:1"},{"name":"y","image":"j:2"}]}}},
       "status":{"replicas":3,"readyReplicas":2,"updatedReplicas":3,"availableReplicas":1}}
      """
    #expect(
      try cells(text, .deployments) == ["d", "2/3", 3, 1, "60s", "x,y", "i:1,j:2", "app=d,tier in (a,b)"])
    #expect(try cells(text, .replicaSets) == ["d", 3, 3, 2, "60s", "x,y", "i:1,j:2", "app=d,tier in (a,b)"])
  }

  @Test func servicesTellAddressesAndPorts() throws {
    let text = """
      {"metadata":{"name":"s","creationTimestamp":"\(ago(60))"},"spec":{"type":"NodePort","clusterIP":"10.96.0.7",
        "selector":{"b":"2","a":"1"},"ports":[{"port":80,"nodePort":30080,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}}
      """
    #expect(
      try cells(text, .services) == ["s", "NodePort", "10.96.0.7", "<none>", "80:30080/TCP,53/UDP", "60s", "a=1,b=2"])
    let balancer = #"{"metadata":{"name":"s"},"spec":{"type":"LoadBalancer","clusterIP":"None"}}"#
    #expect(
      try cells(balancer, .services) == ["s", "LoadBalancer", "None", "<pending>", "<none>", "<unknown>", "<none>"])
  }

  @Test func autoscalersTellEachTarget() throws {
    let text = """
      {"metadata":{"name":"h","creationTimestamp":"\(ago(60))"},
       "spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"minReplicas":2,"maxReplicas":9,"metrics":[
         {"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":60}}},
         {"type":"Pods","pods":{"metric":{"name":"rps"},"target":{"type":"AverageValue","averageValue":"30"}}}]},
       "status":{"currentReplicas":4,"currentMetrics":[
         {"type":"Resource","resource":{"name":"cpu","current":{"averageUtilization":12,"averageValue":"30m"}}},
         {"type":"Pods","pods":{"current":{"averageValue":"3500m"}}}]}}
      """
    #expect(
      try cells(text, .horizontalPodAutoscalers) == ["h", "Deployment/d", "cpu: 12%/60%, 3500m/30", "2", 9, 4, "60s"])
    let fresh = """
      {"metadata":{"name":"h"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":9,"metrics":[
         {"type":"Resource","resource":{"name":"cpu","target":{"averageUtilization":60}}},
         {"type":"Resource","resource":{"name":"memory","target":{"averageValue":"1Gi"}}},
         {"type":"External","external":{"metric":{"name":"q"},"target":{"value":"5"}}}]}}
      """
    #expect(
      try cells(fresh, .horizontalPodAutoscalers)[2] == "cpu: <unknown>/60%, memory: <unknown>/1Gi + 1 more...")
  }

  @Test func eventsTellWhatHappenedToWhat() throws {
    let text = """
      {"metadata":{"name":"e"},"type":"Normal","reason":"Scheduled","message":" ok\\n","count":3,
       "involvedObject":{"kind":"Pod","name":"p","fieldPath":"spec.containers{a}"},
       "firstTimestamp":"\(ago(90))","lastTimestamp":"\(ago(30))","source":{"component":"scheduler","host":"n"}}
      """
    #expect(
      try cells(text, .events) == [
        "30s", "Normal", "Scheduled", "pod/p", "spec.containers{a}", "scheduler, n", "ok", "90s", 3, "e",
      ])
    let newer = #"{"metadata":{"name":"e"},"eventTime":"\#(ago(10))","firstTimestamp":null,"lastTimestamp":null}"#
    #expect(try cells(newer, .events)[0] == "10s")
  }

  @Test func otherKindsHaveTheirCells() throws {
    let slice = """
      {"metadata":{"name":"s"},"addressType":"IPv4","ports":[{"port":80}],"endpoints":[
        {"addresses":["1.1.1.1"]},{"addresses":["1.1.1.2"]},{"addresses":["1.1.1.3"]},{"addresses":["1.1.1.4"]}]}
      """
    #expect(
      try cells(slice, .endpointSlices)
        == ["s", "IPv4", "80", "1.1.1.1,1.1.1.2,1.1.1.3 + 1 more...", "<unknown>"])
    let budget = #"{"metadata":{"name":"b"},"spec":{"minAvailable":"50%"},"status":{"disruptionsAllowed":2}}"#
    #expect(try cells(budget, .podDisruptionBudgets) == ["b", "50%", "N/A", 2, "<unknown>"])
    let map = #"{"metadata":{"name":"c"},"data":{"a":"1","b":"2"},"binaryData":{"c":""}}"#
    #expect(try cells(map, .configMaps) == ["c", 3, "<unknown>"])
    let definition = #"{"metadata":{"name":"d","creationTimestamp":"2026-01-01T00:00:00Z"}}"#
    #expect(try cells(definition, .customResourceDefinitions) == ["d", "2026-01-01T00:00:00Z"])
  }

  @Test func customColumnsFollowTheirPaths() throws {
    let columns: JSONValue = [
      ["name": "Phase", "type": "string", "jsonPath": ".status.phase"],
      ["name": "Size", "type": "integer", "jsonPath": ".spec['size']"],
      ["name": "Ready", "type": "string", "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"],
      ["name": "When", "type": "date", "jsonPath": ".spec.at", "priority": 1],
      ["name": "Names", "type": "string", "jsonPath": ".spec.list[*].name"],
      ["name": "Gone", "type": "string", "jsonPath": ".spec.nothing"],
    ]
    let text = """
      {"metadata":{"name":"w"},"spec":{"size":3,"at":"\(ago(60))","list":[{"name":"a"},{"name":"b"}]},
       "status":{"phase":"Active","conditions":[{"type":"Other","status":"False"},{"type":"Ready","status":"True"}]}}
      """
    #expect(
      try cells(text, .pushCampaigns, columns: columns) == ["w", "Active", 3, "True", "60s", "a b", .null])
    #expect(try cells(text, .pushCampaigns) == ["w", "<unknown>"])
  }

  @Test func rowsCarryWhatTheClientAsksFor() throws {
    let pod = try JSONValue(parsing: #"{"metadata":{"name":"a","resourceVersion":"7"},"spec":{},"status":{}}"#)
    func object(_ include: String) -> JSONValue? {
      TablePrinter.table([pod], resource: .pods, now: now, includeObject: include)["rows"]?.arrayValue?.first?["object"]
    }
    #expect(object("None") == nil)
    #expect(object("Object") == pod)
    #expect(object("Metadata")?["kind"] == "PartialObjectMetadata")
    #expect(object("Metadata")?["metadata"]?["name"] == "a")
    let event = TablePrinter.row(pod, resource: .pods, now: now, headers: false)
    #expect(event["columnDefinitions"] == [])
    #expect(event["metadata"]?["resourceVersion"] == "7")
  }
}
