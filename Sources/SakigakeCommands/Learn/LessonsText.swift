import Autoscaling
import Kubernetes
import Rehearsal

/// What was learned, for people and for the files that it belongs into.
enum LessonsText {
  static func tables(_ lessons: Lessons) -> String {
    var parts: [String] = []
    if !lessons.kinds.isEmpty {
      var table = TextTable(
        header: [
          "PUSH", "AUDIENCE", "OPEN RATE", "RISE", "HOLD", "FALL", "SAMPLES", "RESIDUAL", "EXPLAINED", "CONFIDENCE",
        ])
      for lesson in lessons.kinds {
        for (recording, fit) in lesson.campaigns { table.rows.append(row(lesson.kind, recording, fit)) }
        table.rows.append(
          ["\(lesson.kind), learned", "", percent(lesson.learned.openRate)] + spans(lesson.learned.shape)
            + ["", "", "", words(lesson.confidence)])
      }
      parts.append(table.text)
    }
    if !lessons.capacities.isEmpty {
      var table = TextTable(
        header: ["SERVICE", "A POD SERVES", "WHILE OVERLOADED", "SAMPLES", "OVERLOADED", "MISPLACED", "CONFIDENCE"])
      for (service, fit) in lessons.capacities {
        table.rows.append([
          service, "\(number(fit.requestsPerSecond))/s", fit.servedWhenOverloaded.map { "\(number($0))/s" } ?? "-",
          String(fit.samples), String(fit.overloaded), percent(fit.misplaced), words(fit.confidence),
        ])
      }
      parts.append(table.text)
    }
    if !lessons.stages.isEmpty {
      var table = TextTable(header: ["STAGE", "p50", "p90", "p99", "SAMPLES", "CONFIDENCE"])
      for stage in lessons.stages {
        table.rows.append(
          [stage.stage.rawValue] + [stage.p50, stage.p90, stage.p99].map(seconds) + [
            String(stage.samples), words(stage.confidence),
          ])
      }
      parts.append(table.text)
    }
    return parts.joined(separator: "\n\n")
  }

  private static func row(_ kind: String, _ recording: CampaignRecording, _ fit: ResponseFit) -> [String] {
    let audience = Double(recording.audience)
    return [
      kind, String(recording.audience),
      "\(percent(fit.responses / audience)) ± \(percent(fit.responsesMargin / audience))",
    ]
      + spans(fit.shape) + [String(fit.samples), percent(fit.residual), percent(fit.explained), words(fit.confidence)]
  }

  private static func spans(_ shape: ResponseShape) -> [String] {
    [shape.riseSeconds, shape.holdSeconds, shape.fallSeconds].map(seconds)
  }

  private static func words(_ confidence: Confidence) -> String {
    confidence.grade.rawValue
      + (confidence.reasons.isEmpty ? "" : ": " + confidence.reasons.joined(separator: "; "))
  }

  /// The `pushes` part of a platform.yaml, and the `capacity` of each microservice.yaml, each with what it rests on.
  static func yaml(_ lessons: Lessons) -> String {
    var lines: [String] = []
    if !lessons.kinds.isEmpty || !lessons.stages.isEmpty {
      lines += ["# platform.yaml", "spec:", "  pushes:"]
    }
    if !lessons.stages.isEmpty {
      lines.append("    lead:")
      for stage in lessons.stages {
        lines.append(
          "      # p50 \(seconds(stage.p50)), \(stage.samples) samples; confidence \(words(stage.confidence))")
        lines.append("      \(stage.stage.rawValue): \(seconds(stage.p99))")
      }
    }
    if !lessons.kinds.isEmpty { lines.append("    kinds:") }
    for lesson in lessons.kinds {
      let (kind, shape) = (lesson.learned, lesson.learned.shape)
      let rates = lesson.openRates
      lines.append(
        "      # \(lesson.campaigns.count) campaign\(lesson.campaigns.count == 1 ? "" : "s"), open rates \(percent(rates.lowerBound)) to \(percent(rates.upperBound)); "
          + "confidence \(words(lesson.confidence))")
      lines.append(
        "      \(lesson.kind): { openRate: \(percent(max(kind.openRate, 0.00001))), rise: \(seconds(shape.riseSeconds)), "
          + "hold: \(seconds(shape.holdSeconds)), fall: \(seconds(shape.fallSeconds)) }")
    }
    for (service, fit) in lessons.capacities {
      if !lines.isEmpty { lines.append("---") }
      lines += [
        "# microservice.yaml of \(service): \(fit.samples) samples, \(fit.overloaded) of them overloaded; "
          + "confidence \(words(fit.confidence))",
        "spec:", "  capacity: { requestsPerSecond: \(number(fit.requestsPerSecond)) }",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Cut to three digits, so that nothing is promised that was not measured.
  static func number(_ value: Double) -> String {
    var unit = 1.0
    while value >= 1000 * unit { unit *= 10 }
    while value < 100 * unit, unit > 1e-6 { unit /= 10 }
    let cut =
      unit >= 1
      ? (value / unit + 1e-9).rounded(.down) * unit : (value / unit + 1e-9).rounded(.down) / (1 / unit).rounded()
    return cut == cut.rounded() ? String(Int(cut)) : String(cut)
  }

  static func percent(_ share: Double) -> String {
    let scale = share >= 0.1 ? 10.0 : share >= 0.001 ? 100.0 : 10_000.0
    let value = (share * 100 * scale).rounded() / scale
    return (value == value.rounded() ? String(Int(value)) : String(value)) + "%"
  }

  static func seconds(_ value: Double) -> String {
    let value = value >= 100 ? value.rounded() : (value * 10).rounded() / 10
    return (value == value.rounded() ? String(Int(value)) : String(value)) + "s"
  }
}

extension Lessons {
  var json: JSONValue {
    [
      "kinds": .object(JSONObject(kinds.map { ($0.kind, $0.json) })),
      "capacity": .object(JSONObject(capacities.map { ($0.service, $0.fit.json) })),
      "lead": .object(JSONObject(stages.map { ($0.stage.rawValue, $0.json) })),
      "problems": .array(problems.map(JSONValue.string)),
    ]
  }
}

extension Confidence {
  var json: JSONValue { ["grade": .string(grade.rawValue), "reasons": .array(reasons.map(JSONValue.string))] }
}

extension KindLesson {
  fileprivate var json: JSONValue {
    [
      "openRate": .double(learned.openRate), "riseSeconds": .double(learned.shape.riseSeconds),
      "holdSeconds": .double(learned.shape.holdSeconds), "fallSeconds": .double(learned.shape.fallSeconds),
      "confidence": confidence.json,
      "campaigns": .array(
        campaigns.map { recording, fit in
          [
            "audience": recording.audience.json, "openRate": .double(fit.responses / Double(recording.audience)),
            "openRateMargin": .double(fit.responsesMargin / Double(recording.audience)),
            "riseSeconds": .double(fit.shape.riseSeconds), "holdSeconds": .double(fit.shape.holdSeconds),
            "fallSeconds": .double(fit.shape.fallSeconds), "baseLoad": .double(fit.baseLoad),
            "samples": fit.samples.json, "residual": .double(fit.residual), "explained": .double(fit.explained),
            "confidence": fit.confidence.json,
          ]
        }),
    ]
  }
}

extension CapacityFit {
  fileprivate var json: JSONValue {
    [
      "requestsPerSecond": .double(requestsPerSecond), "samples": samples.json, "overloaded": overloaded.json,
      "misplaced": .double(misplaced), "servedWhenOverloaded": servedWhenOverloaded.map(JSONValue.double) ?? .null,
      "confidence": confidence.json,
    ]
  }
}

extension StageLesson {
  fileprivate var json: JSONValue {
    [
      "p50": .double(p50), "p90": .double(p90), "p99": .double(p99), "samples": samples.json,
      "accidents": accidents.json, "confidence": confidence.json,
    ]
  }
}
