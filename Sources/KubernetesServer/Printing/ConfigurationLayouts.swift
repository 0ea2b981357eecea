import Kubernetes

extension TableLayout {
  static let namespace = TableLayout([.name, Column("Status", "Active, or Terminating."), .age]) { object, now in
    [object.printedName, .string(object.text("status", "phase") ?? ""), object.printedAge(now)]
  }

  static let configMap = TableLayout([.name, Column("Data", "integer", "How many keys there are."), .age]) {
    object, now in
    [object.printedName, entries(object, "data", "binaryData"), object.printedAge(now)]
  }

  static let secret = TableLayout([
    .name, Column("Type", "What the secret is for."), Column("Data", "integer", "How many keys there are."), .age,
  ]) { object, now in
    [object.printedName, .string(object.text("type") ?? ""), entries(object, "data"), object.printedAge(now)]
  }

  private static func entries(_ object: JSONValue, _ keys: String...) -> JSONValue {
    .integer(Int64(keys.reduce(0) { $0 + (object[$1]?.objectValue?.count ?? 0) }))
  }

  static let serviceAccount = TableLayout([
    .name, Column("Secrets", "integer", "How many secrets the account refers to."), .age,
  ]) { object, now in
    [object.printedName, .integer(Int64(object.elements("secrets").count)), object.printedAge(now)]
  }

  static let lease = TableLayout([.name, Column("Holder", "Who holds the lease."), .age]) { object, now in
    [object.printedName, .string(object.text("spec", "holderIdentity") ?? ""), object.printedAge(now)]
  }

  static let customResourceDefinition = TableLayout([
    .name, Column("Created At", "date", "When the definition was created."),
  ]) { object, _ in
    [object.printedName, .string(object.text("metadata", "creationTimestamp") ?? "<unknown>")]
  }

  static let event = TableLayout([
    Column("Last Seen", "How long ago it happened last."),
    Column("Type", "Normal or Warning."),
    Column("Reason", "Why, in one word."),
    Column("Object", "What it happened to."),
    Column("Subobject", wide: true, "The part of the object."),
    Column("Source", wide: true, "Who reported it."),
    Column("Message", "What happened."),
    Column("First Seen", wide: true, "How long ago it happened first."),
    Column("Count", "integer", wide: true, "How often it happened."),
    Column("Name", wide: true, format: "name", "The name of the event."),
  ]) { event, now in
    let first = event["firstTimestamp"]?.nonNull ?? event["eventTime"]?.nonNull
    let last = event[path: ["series", "lastObservedTime"]]?.nonNull ?? event["lastTimestamp"]?.nonNull ?? first
    let count = event.number("series", "count") ?? event.number("count") ?? 0
    let kind = (event.text("involvedObject", "kind") ?? "").lowercased()
    let name = event.text("involvedObject", "name") ?? ""
    return [
      .string(HumanDuration.age(of: last, now: now)), .string(event.text("type") ?? ""),
      .string(event.text("reason") ?? ""), .string(kind.isEmpty ? name : "\(kind)/\(name)"),
      .string(event.text("involvedObject", "fieldPath") ?? ""), .string(source(of: event)),
      .string(trimmed(event.text("message") ?? "")), .string(HumanDuration.age(of: first, now: now)),
      .integer(max(count, 1)), event.printedName,
    ]
  }

  private static func source(of event: JSONValue) -> String {
    let component = event.text("source", "component") ?? event.text("reportingComponent") ?? ""
    let host = event.text("source", "host") ?? event.text("reportingInstance") ?? ""
    return [component, host].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  private static func trimmed(_ text: String) -> String {
    guard let start = text.firstIndex(where: { !$0.isWhitespace }),
      let end = text.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(text[start...end])
  }
}
