import Kubernetes

extension PushRequest {
  /// Marks a campaign that was announced for `now`.
  static let nowAnnotation = "sakigake.dev/send-at"

  var campaign: PushCampaign {
    var campaign = PushCampaign()
    campaign.metadata.name = id ?? derivedIdentifier
    campaign.metadata.namespace = namespace
    if isNow { campaign.metadata.annotations[Self.nowAnnotation] = "now" }
    campaign.spec.sendAt = sendAt
    campaign.spec.audience = audience
    campaign.spec.kind = kind
    campaign.spec.services = services
    return campaign
  }

  /// The same content has the same id, so that a repeated request finds what the first one made.
  private var derivedIdentifier: String {
    let content = "\(namespace)\n\(sendAt.rfc3339)\n\(audience)\n\(kind)\n\(services.sorted().joined(separator: ","))"
    let moment = sendAt.rfc3339.lowercased().filter { $0 != "-" && $0 != ":" }
    return "push-\(moment)-\(FNV1a(content.utf8).digits)"
  }

  /// Whether an existing campaign is what this request asks for.
  func asks(for campaign: PushCampaign) -> Bool {
    let spec = campaign.spec
    let saidNow = campaign.metadata.annotations[Self.nowAnnotation] == "now"
    guard spec.audience == audience, spec.kind == kind, Set(spec.services) == Set(services) else { return false }
    return isNow && saidNow || spec.sendAt?.wholeSeconds == sendAt
  }
}

extension PushCampaign {
  /// The campaign as the push API tells it.
  var answer: JSONValue {
    var push: JSONObject = [
      "id": .string(metadata.name), "namespace": .string(metadata.namespace), "audience": spec.audience.json,
    ]
    if !spec.kind.isEmpty { push["kind"] = .string(spec.kind) }
    if !spec.services.isEmpty { push["services"] = .array(spec.services.map { .string($0) }) }
    push["sendAt"] = (spec.sendAt ?? metadata.creationTimestamp)?.json
    push["phase"] = .string(status.phase.isEmpty ? "Pending" : status.phase)
    if status.phase.isEmpty {
      push["message"] = .string("announced; its plan is not made yet, ask GET /v1/pushes/\(metadata.name)")
    } else if !status.message.isEmpty {
      push["message"] = .string(status.message)
    }
    push["startAt"] = status.startAt?.json
    push["readyAt"] = status.readyAt?.json
    push["releasedAt"] = status.releasedAt?.json
    push["sendRate"] = status.sendRate?.json
    push["pacePerSecond"] = status.pacePerSecond?.json
    push["floors"] = .array(status.floors.map(\.answer))
    push["nodeGroups"] = .array(status.nodeGroups.map { ["group": .string($0.group), "nodes": $0.nodes.json] })
    return .object(push)
  }

  /// Every floor is met, or was: the push may be sent.
  var isReady: Bool {
    switch Phase(rawValue: status.phase) {
    case .ready, .active, .releasing, .released: true
    default: false
    }
  }
}

extension PushCampaign.Floor {
  fileprivate var answer: JSONValue {
    [
      "service": .string(service), "replicas": replicas.json, "declared": declared.json, "ready": ready.json,
      "peakLoad": peakLoad.json,
    ]
  }
}
