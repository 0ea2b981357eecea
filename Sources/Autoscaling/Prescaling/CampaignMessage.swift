import Kubernetes

/// A push's state in plain words, for whoever sends it.
enum CampaignMessage {
  static func text(
    _ phase: PushCampaign.Phase, _ status: PushCampaign.Status, sendAt: Timestamp, isLate: Bool, isShort: Bool,
    problems: [String]
  ) -> String {
    let pods = status.floors.reduce(0) { $0 + $1.replicas }
    let capacity = "\(pods) pods of \(status.floors.count) services"
    var sentences: [String] = []
    switch phase {
    case .planned:
      sentences.append(
        "Preparation of \(capacity) starts at \(text(status.startAt)) and is done at \(text(status.readyAt)).")
    case .preparing where isLate:
      sentences.append(
        "\(capacity) are expected to be ready at \(text(status.readyAt))\(delay(status.readyAt, sendAt)).")
    case .preparing:
      sentences.append("\(capacity) are on their way and expected to be ready at \(text(status.readyAt)).")
    case .ready: sentences.append("\(capacity) are ready since \(text(status.readyAt)).")
    case .active where isShort:
      let ready = status.floors.reduce(0) { $0 + min($1.ready, $1.replicas) }
      sentences.append(
        "Sent at \(sendAt.whole); of \(capacity) only \(ready) are ready: capacity was lost, others are on their way.")
    case .active: sentences.append("Sent at \(sendAt.whole); \(capacity) are held.")
    case .releasing: sentences.append("The load is falling; floors follow it down.")
    case .released, .cancelled: break
    }
    if let pace = status.pacePerSecond, let rate = status.sendRate {
      let until = phase == .preparing || phase == .planned ? "Until then send" : "Send"
      sentences.append(
        pace > 0
          ? "\(until) at most \(number(pace)) notifications a second (\(number(rate)) requests a second at the edge)."
          : "\(until) nothing: the edge has no capacity to spare.")
    } else if isLate {
      sentences.append("What is ready now takes the whole push.")
    }
    if !problems.isEmpty { sentences.append("Note: \(problems.joined(separator: "; ")).") }
    return sentences.joined(separator: " ")
  }

  private static func text(_ moment: Timestamp?) -> String { moment?.rfc3339 ?? "an unknown time" }

  private static func delay(_ readyAt: Timestamp?, _ sendAt: Timestamp) -> String {
    guard let readyAt, readyAt > sendAt else { return "" }
    return ", \(Int((readyAt - sendAt).rounded(.up))) s after the send"
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() ? String(Int(min(value, 1e15))) : "\(value)"
  }
}

extension PushCampaign {
  /// The condition that capacity is there, and the reason why it is not any more while recipients answer.
  package static let ready = "Ready"
  package static let capacityLost = "CapacityLost"
}
