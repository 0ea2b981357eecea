import Kubernetes

/// What instance types cost an hour, from a table with its date: a file of kind `Prices`, or a part of a rehearsal.
public struct PricesDefinition: Sendable {
  public struct Price: Sendable, Hashable {
    public var onDemandPerHour: Double
    /// Nil where the type is not to be had as spot.
    public var spotPerHour: Double?
  }

  /// The day of which the prices are, such as `2026-11-01`.
  public var date: String
  public var region: String
  /// Such as `USD`.
  public var currency: String
  public var byInstanceType: [String: Price]
  /// Where the types are listed, and each of them.
  public var place: SourcePlace
  public var typePlaces: [String: SourcePlace]

  /// - Throws: `InvalidDefinition` with everything that is wrong in the file.
  public static func read(_ text: String, file: String) throws(InvalidDefinition) -> PricesDefinition {
    let node = try SourceNode.only(in: text, file: file, noun: "table of prices")
    let document = try CheckedDocument(
      node, shape: RehearsalShape.pricesDocument, file: file, environment: nil)
    return try PricesDefinition(document.spec, file: file)
  }

  /// - Parameter node: one that its shape was checked of.
  init(_ node: SourceNode, file: String) throws(InvalidDefinition) {
    date = node["date"]?.text ?? ""
    region = node["region"]?.text ?? ""
    currency = node["currency"]?.text ?? "USD"
    byInstanceType = [:]
    typePlaces = [:]
    let types = node["perHour"] ?? node
    place = types.place(in: file)
    for member in types.members {
      byInstanceType[member.key] = Price(
        onDemandPerHour: member.value["onDemand"]?.json.doubleValue ?? 0,
        spotPerHour: member.value["spot"]?.json.doubleValue)
      typePlaces[member.key] = SourcePlace(file: file, line: member.keyLine, column: member.keyColumn)
    }
    guard Timestamp(parsing: date + "T00:00:00Z") != nil else {
      throw InvalidDefinition([
        Diagnostic(
          at: (node["date"] ?? node).place(in: file), "date: \"\(date)\" is not a day",
          remedy: "write the day of which the prices are, such as 2026-11-01")
      ])
    }
  }

  /// The price of a node of a group.
  /// - Throws: `InvalidDefinition` that names what is missing where the table is written.
  public func perHour(of group: NodeGroup) throws(InvalidDefinition) -> Double {
    let form =
      "add \(group.instanceType): { onDemand: PRICE\(group.isSpot ? ", spot: PRICE" : "") }, in \(currency) an hour"
    guard let price = byInstanceType[group.instanceType] else {
      let known = byInstanceType.keys.sorted()
      let meant = group.instanceType.nearest(in: known).map { ", or did you mean \"\($0)\"?" } ?? ""
      throw InvalidDefinition([
        Diagnostic(
          at: place, "there is no price for \(group.instanceType), of which node group \"\(group.name)\" is",
          remedy: form + meant)
      ])
    }
    guard group.isSpot else { return price.onDemandPerHour }
    guard let spot = price.spotPerHour else {
      throw InvalidDefinition([
        Diagnostic(
          at: typePlaces[group.instanceType] ?? place,
          "there is no spot price for \(group.instanceType), of which spot node group \"\(group.name)\" is",
          remedy: form)
      ])
    }
    return spot
  }
}
