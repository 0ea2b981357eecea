import Kubernetes

/// Reads a checked `rehearsal.yaml`, and collects what its shape cannot say.
struct RehearsalReader {
  private let document: CheckedDocument
  private let file: String
  private let spec: SourceNode
  private let start: Timestamp
  private let zoneOffsetSeconds: Double
  private let durationSeconds: Double
  private var errors: [Diagnostic] = []
  private var pushNames: [String: SourcePlace] = [:]

  /// - Throws: `InvalidDefinition` where there is no start, on which all other times stand.
  init(_ document: CheckedDocument) throws(InvalidDefinition) {
    self.document = document
    file = document.file
    spec = document.spec
    let node = spec.nearest("start")
    guard let moment = Timestamp(parsing: node.text) else {
      throw InvalidDefinition([
        Diagnostic(
          at: node.place(in: file), "spec.start: \"\(node.text)\" is not a moment with its offset",
          remedy: "write it as 2026-11-25T07:30:00+09:00, or with Z for UTC")
      ])
    }
    start = moment
    zoneOffsetSeconds = Self.offsetSeconds(node.text)
    durationSeconds = spec["duration"]?.seconds ?? 86_400
  }

  mutating func read() throws(InvalidDefinition) -> RehearsalDefinition {
    if durationSeconds < 60 {
      add(
        spec.nearest("duration"), "spec.duration: \(spec.nearest("duration").text) is too short",
        "use a minute at least")
    }
    var definition = RehearsalDefinition(
      name: document.name, place: spec.place(in: file), fleet: fleet, platform: placed(spec["platform"]),
      environment: spec["environment"]?.text, tag: spec["tag"]?.text, start: start,
      zoneOffsetSeconds: zoneOffsetSeconds, durationSeconds: durationSeconds,
      successRateMin: spec["objective"].flatMap { Units.share($0.text) } ?? 0.999)
    definition.loads = (spec["load"]?.members ?? []).compactMap { load($0) }
    if spec["load"]?.members.isEmpty == true {
      add(spec.nearest("load"), "spec.load names no service", "say what comes to each exposed service")
    }
    definition.pushes = limited("pushes", RehearsalDefinition.pushesMax).compactMap { push($0) }
    definition.troubles = limited("troubles", RehearsalDefinition.troublesMax).compactMap { trouble($0) }
    definition.pods = (spec["pods"]?.members ?? []).map { (placed($0), behavior($0)) }
    definition.cloud = cloud
    if let node = spec["prices"] {
      if case .mapping = node.content {
        do throws(InvalidDefinition) {
          definition.prices = .table(try PricesDefinition(node, file: file))
        } catch { errors += error.diagnostics }
      } else {
        definition.prices = .file(Placed(node.text, at: node.place(in: file)))
      }
    }
    guard errors.isEmpty else { throw InvalidDefinition(errors) }
    return definition
  }

  private mutating func add(_ node: SourceNode, _ message: String, _ remedy: String) {
    errors.append(Diagnostic(at: node.place(in: file), message, remedy: remedy))
  }

  private func placed(_ member: SourceNode.Member) -> Placed<String> {
    Placed(member.key, at: SourcePlace(file: file, line: member.keyLine, column: member.keyColumn))
  }

  private func placed(_ node: SourceNode?) -> Placed<String>? {
    node.map { Placed($0.text, at: $0.place(in: file)) }
  }

  private mutating func limited(_ field: String, _ most: Int) -> [SourceNode] {
    let elements = spec[field]?.elements ?? []
    guard elements.count > most else { return elements }
    add(spec.nearest(field), "spec.\(field) has \(elements.count) entries", "\(most) at most are rehearsed at once")
    return []
  }

  private var fleet: [Placed<String>] {
    guard let node = spec["fleet"] else { return [Placed(".", at: spec.place(in: file))] }
    if case .sequence(let elements) = node.content { return elements.compactMap { placed($0) } }
    return [Placed(node.text, at: node.place(in: file))]
  }

  private var cloud: RehearsalDefinition.Cloud {
    var cloud = RehearsalDefinition.Cloud()
    guard let node = spec["cloud"] else { return cloud }
    if let zones = node["zones"]?.elements.map(\.text), !zones.isEmpty { cloud.zones = zones }
    cloud.bootJitter = node["bootJitter"].flatMap { Units.share($0.text) } ?? cloud.bootJitter
    cloud.interruptionNoticeSeconds = node["interruptionNotice"]?.seconds ?? cloud.interruptionNoticeSeconds
    cloud.metricsDelaySeconds = node["metricsDelay"]?.seconds ?? cloud.metricsDelaySeconds
    return cloud
  }
}

/// Moments.
extension RehearsalReader {
  /// Of a moment that was read: seconds east of Greenwich.
  private static func offsetSeconds(_ text: String) -> Double {
    guard let last = text.last, last != "Z", last != "z" else { return 0 }
    let seconds = Units.timeOfDay(String(text.suffix(5))) ?? 0
    return text.dropLast(5).last == "-" ? -seconds : seconds
  }

  /// A moment within the rehearsal; an error is collected where it is none.
  private mutating func moment(_ node: SourceNode, at path: String) -> Timestamp? {
    let text = node.text
    let span = Units.seconds(text.hasPrefix("+") ? String(text.dropFirst()) : text)
    guard let moment = Timestamp(parsing: text) ?? span.map({ start + $0 }) ?? timeOfDay(text) else {
      add(
        node, "\(path): \"\(text)\" is not a moment",
        "write a time of day (08:05), the span from the start (35m), or 2026-11-25T08:05:00+09:00")
      return nil
    }
    let end = start + durationSeconds
    guard moment >= start, moment < end else {
      add(
        node, "\(path): \(text) is outside of the rehearsal, which is from \(start) to \(end)",
        "move it, or change start and duration")
      return nil
    }
    return moment
  }

  /// The first such time at the start or after it.
  private func timeOfDay(_ text: String) -> Timestamp? {
    guard let seconds = Units.timeOfDay(text) else { return nil }
    let local = start.seconds + zoneOffsetSeconds
    let now = local - (local / 86_400).rounded(.down) * 86_400
    return start + (seconds >= now ? seconds - now : seconds - now + 86_400)
  }
}

/// What happens.
extension RehearsalReader {
  private mutating func load(_ member: SourceNode.Member) -> RehearsalDefinition.Load? {
    let path = "spec.load.\(member.key)"
    let node = member.value
    guard case .mapping = node.content else {
      return .init(service: placed(member), form: .constant(node.json.doubleValue ?? 0), times: 1)
    }
    let times = node["times"]?.json.doubleValue ?? 1
    guard (node["daily"] == nil) != (node["file"] == nil) else {
      add(node, "\(path): needs either daily or file", "write { daily: { 00:00: 5, 12:00: 40 } } or { file: load.csv }")
      return nil
    }
    if let daily = node["daily"] {
      for name in ["series", "from"] where node[name] != nil {
        add(node.nearest(name), "\(path).\(name) has no meaning beside daily", "remove it; it belongs to file")
      }
      return .init(service: placed(member), form: .daily(points(daily, at: "\(path).daily")), times: times)
    }
    var from: Timestamp?
    if let begin = node["from"] {
      from = Timestamp(parsing: begin.text)
      if from == nil {
        add(
          begin, "\(path).from: \"\(begin.text)\" is not a moment",
          "write the moment of the series at which the rehearsal begins, such as 2026-11-24T07:30:00+09:00")
      }
    }
    var source = node.seriesSource(in: file)
    source.place = (node["file"] ?? node).place(in: file)
    return .init(service: placed(member), form: .measured(source, from: from), times: times)
  }

  private mutating func points(_ node: SourceNode, at path: String) -> [(seconds: Double, requestsPerSecond: Double)] {
    var points: [(seconds: Double, requestsPerSecond: Double)] = []
    for member in node.members {
      guard let seconds = Units.timeOfDay(member.key) else {
        errors.append(
          Diagnostic(
            at: placed(member).place, "\(path): \"\(member.key)\" is not a time of day", remedy: "write it as 08:00"))
        continue
      }
      if let last = points.last, seconds <= last.seconds {
        errors.append(
          Diagnostic(
            at: placed(member).place, "\(path): \(member.key) does not come after the time above it",
            remedy: "sort the points by time, each once"))
      }
      points.append((seconds, member.value.json.doubleValue ?? 0))
    }
    if node.members.isEmpty { add(node, "\(path) has no point", "write { 00:00: 5, 12:00: 40 }") }
    return points
  }

  private mutating func push(_ node: SourceNode) -> RehearsalDefinition.Push? {
    guard let name = placed(node["name"]), let sendAt = node["sendAt"],
      let moment = moment(sendAt, at: "push \"\(name.value)\": sendAt")
    else { return nil }
    if pushNames.updateValue(name.place, forKey: name.value) != nil {
      errors.append(
        Diagnostic(at: name.place, "push \"\(name.value)\" is given twice", remedy: "rename one of the two"))
    }
    let announcedBefore = node["announcedBefore"]?.seconds ?? 0
    if moment - announcedBefore < start {
      add(
        node.nearest("announcedBefore"), "push \"\(name.value)\" would be announced before the rehearsal begins",
        "begin it earlier, or announce the push \(Int(moment - start))s before at most")
    }
    if let response = node["response"],
      ["rise", "hold", "fall"].allSatisfy({ response[$0]?.seconds == 0 })
    {
      add(response, "push \"\(name.value)\": rise, hold and fall are all zero", "a response takes some time: give one")
    }
    return RehearsalDefinition.Push(
      name: name, sendAt: moment, sendAtPlace: sendAt.place(in: file),
      announcedBeforeSeconds: announcedBefore,
      audience: Int(clamping: node["audience"]?.json.integerValue ?? 0), kind: placed(node["kind"]),
      services: (node["services"]?.elements ?? []).compactMap { placed($0) }, response: node["response"]?.json)
  }

  private mutating func trouble(_ node: SourceNode) -> RehearsalDefinition.Trouble? {
    guard let at = node["at"], let kind = node["kind"].flatMap({ RehearsalDefinition.Trouble.Kind(rawValue: $0.text) }),
      let moment = moment(at, at: "\(kind.rawValue): at")
    else { return nil }
    let (needed, possible) = kind.fields
    for name in needed where node[name] == nil {
      add(node, "\(kind.rawValue) needs \(name)", "add it: \(Self.form(of: name))")
    }
    for member in node.members where !["at", "kind"].contains(member.key) && !(needed + possible).contains(member.key) {
      errors.append(
        Diagnostic(
          at: placed(member).place, "\(member.key) has no meaning for \(kind.rawValue)",
          remedy: "remove it; there is \((needed + possible).joined(separator: ", "))"))
    }
    if let node = node["factor"], let factor = node.json.doubleValue, !(1...1000).contains(factor) {
      add(node, "slowRegistry: factor \(node.text) is out of range", "use 1, as fast as ever, to 1000")
    }
    return RehearsalDefinition.Trouble(
      kind: kind, at: moment, atPlace: at.place(in: file), durationSeconds: node["for"]?.seconds ?? 0,
      group: placed(node["group"]), share: node["share"].flatMap { Units.share($0.text) } ?? 1,
      zone: placed(node["zone"]), factor: node["factor"]?.json.doubleValue ?? 1,
      delaySeconds: node["delay"]?.seconds ?? 0)
  }

  private static func form(of field: String) -> String {
    switch field {
    case "group": "group: spot"
    case "zone": "zone: a"
    case "factor": "factor: 5"
    case "delay": "delay: 3s"
    default: "\(field): 5m"
    }
  }

  private mutating func behavior(_ member: SourceNode.Member) -> RehearsalDefinition.PodBehavior {
    let node = member.value
    for (name, reason) in [("serviceTime", "a request takes some time"), ("timeout", "no answer is that fast")] {
      guard let value = node[name], value.seconds == 0 else { continue }
      add(value, "spec.pods.\(member.key).\(name) is nothing: \(reason)", "write it as 50ms or 2s")
    }
    func quantity(_ key: String) -> Quantity? { node[key].flatMap { Quantity(parsing: $0.text) } }
    func integer(_ key: String) -> Int? { node[key]?.json.integerValue.map { Int(clamping: $0) } }
    var behavior = RehearsalDefinition.PodBehavior()
    behavior.requestsPerSecond = node["requestsPerSecond"]?.json.doubleValue
    behavior.serviceSeconds = node["serviceTime"]?.seconds
    behavior.queueMax = integer("queue")
    behavior.timeoutSeconds = node["timeout"]?.seconds
    behavior.retriesMax = integer("retries")
    behavior.startSeconds = node["start"]?.seconds
    behavior.imagePullSeconds = node["imagePull"]?.seconds
    behavior.idle = quantity("idle")
    behavior.cpuPerRequest = quantity("cpuPerRequest")
    behavior.memory = quantity("memory")
    return behavior
  }
}

extension RehearsalDefinition.Trouble.Kind {
  /// Which fields a trouble must and may have beside `at` and `kind`.
  fileprivate var fields: (needed: [String], possible: [String]) {
    switch self {
    case .spotReclaim: (["group"], ["share"])
    case .zoneLost: (["zone", "for"], [])
    case .nodesFail: (["group"], ["share"])
    case .groupExhausted: (["group", "for"], [])
    case .slowRegistry: (["factor", "for"], [])
    case .slowAPI: (["delay", "for"], [])
    case .metricsMissing: (["for"], [])
    }
  }
}
