import ArgumentParser
import Definitions
import Kubernetes
import Rehearsal

struct LearnCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "Learn from recorded series how crowds answer, what pods serve and how long capacity takes.",
    discussion: """
      Reads a recordings.yaml, which names series (CSV, or Prometheus's answer to a range query) and what they are of: \
      the load around past pushes, a service under load, how long stages took. Prints how well each fits, and what \
      belongs into platform.yaml (pushes) and into each microservice.yaml (capacity). With --write, or with -o yaml, \
      that part alone.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, yaml, json }

  @Argument(help: "The recordings.yaml; the files that it names are beside it.") var recordings: String
  @Option(help: "The percentile of a kind's open rates to plan with: 50 for the usual campaign, 90 to be careful.")
  var percentile = 50
  @Option(help: "Where the settings go as YAML.") var write: String?
  @Option(name: [.short, .customLong("output")], help: "table, yaml or json.") var output = Format.table

  func validate() throws {
    guard (1...100).contains(percentile) else { throw ValidationError("--percentile must be 1 to 100") }
  }

  func run() throws {
    let read = try RecordedFiles(path: recordings).read()
    let lessons = Lessons(
      campaigns: read.campaigns, capacities: read.capacities, lead: read.lead, quantile: Double(percentile) / 100,
      successRateMin: read.successRateMin)
    if let write { try Files.write(LessonsText.yaml(lessons), to: write) }
    switch output {
    case .table:
      Console.output(LessonsText.tables(lessons))
      if write == nil { Console.output("\n" + LessonsText.yaml(lessons)) }
    case .yaml: Console.output(LessonsText.yaml(lessons))
    case .json: Console.output(lessons.json.prettyText)
    }
    guard lessons.problems.isEmpty else {
      throw CommandFailure(.foundProblems, lessons.problems.map { "not learned: \($0)" }.joined(separator: "\n"))
    }
  }
}

/// The files that a `recordings.yaml` names, each read once.
struct RecordedFiles {
  let path: String
  private var known: [String: [Series]] = [:]
  private var problems: [Diagnostic] = []

  struct Read {
    var campaigns: [CampaignRecording] = []
    var capacities: [CapacityRecording] = []
    var lead: [LeadStage: [Double]] = [:]
    var successRateMin = 0.0
  }

  init(path: String) { self.path = path }

  /// - Throws: `InvalidDefinition` with everything that is wrong in all of the files.
  func read() throws -> Read {
    var reader = self
    return try reader.readAll()
  }

  private mutating func readAll() throws -> Read {
    let definition = try RecordingsDefinition.read(try Files.text(of: path), file: path)
    var read = Read(successRateMin: definition.successRateMin)
    for campaign in definition.campaigns {
      guard let load = series(campaign.load), let sent = seconds(campaign, by: load) else { continue }
      read.campaigns.append(
        CampaignRecording(
          kind: campaign.kind, audience: campaign.audience, sentAtSeconds: sent, load: load,
          windowSeconds: campaign.windowSeconds))
    }
    for capacity in definition.capacities {
      guard let requests = series(capacity.requests), let failed = series(capacity.failed),
        let ready = series(capacity.ready)
      else { continue }
      read.capacities.append(
        CapacityRecording(service: capacity.service, requests: requests, failed: failed, readyPods: ready))
    }
    for (stage, source) in definition.lead {
      guard let stage = LeadStage(rawValue: stage), let series = series(source, events: true) else { continue }
      read.lead[stage] = series.samples.map(\.value)
    }
    guard problems.isEmpty else { throw InvalidDefinition(problems) }
    return read
  }

  private mutating func add(_ place: RecordingsDefinition.Place, _ message: String, _ remedy: String) {
    problems.append(Diagnostic(file: path, line: place.line, column: place.column, message, remedy: remedy))
  }

  private mutating func series(_ source: RecordingsDefinition.Source, events: Bool = false) -> Series? {
    let file = Self.beside(path, source.path)
    guard let all = contents(of: file, at: source.place, events: events) else { return nil }
    guard let wanted = source.series else {
      if all.count == 1 { return all[0] }
      add(
        source.place, "\(source.path) holds \(all.count) series: \(Self.names(all))",
        "say which: { file: \(source.path), series: … }")
      return nil
    }
    let exact = all.filter { $0.name == wanted }
    let meant = exact.isEmpty ? all.filter { $0.name.contains(wanted) } : exact
    if meant.count == 1 { return meant[0] }
    add(
      source.place,
      meant.isEmpty
        ? "\(source.path) has no series \"\(wanted)\"" : "\"\(wanted)\" is in several names of \(source.path)",
      "it has \(Self.names(all))")
    return nil
  }

  private mutating func contents(of file: String, at place: RecordingsDefinition.Place, events: Bool) -> [Series]? {
    if let series = known[file] { return series }
    do {
      guard Files.exists(file) else {
        add(place, "there is no file \(file)", "name one that is beside \(path)")
        return nil
      }
      let series = try Series.read(try Files.text(of: file), file: file, events: events)
      known[file] = series
      return series
    } catch let invalid as InvalidDefinition {
      // Named by several recordings, it is told of once.
      problems += invalid.diagnostics.filter { !problems.contains($0) }
    } catch {
      add(place, "\(error)", "")
    }
    return nil
  }

  private mutating func seconds(_ campaign: RecordingsDefinition.Campaign, by load: Series) -> Double? {
    switch (campaign.sendAt, load.clock) {
    case (.time(let moment), .unix): return moment.seconds
    case (.timeOfDay(let seconds), .timeOfDay), (.span(let seconds), .unstated): return seconds
    case (.span(let seconds), _): return (load.samples.first?.seconds ?? 0) + seconds
    default:
      add(
        campaign.sendAtPlace, "sendAt is by another clock than \(campaign.load.path)",
        load.clock == .unix
          ? "write a moment, 2026-11-24T18:00:00Z, or the span from the series' begin, 300s"
          : "write the span from the series' begin, 300s"
            + (load.clock == .timeOfDay ? ", or a time of day, 18:00" : ""))
      return nil
    }
  }

  private static func names(_ series: [Series]) -> String {
    series.prefix(8).map(\.name).joined(separator: ", ") + (series.count > 8 ? ", …" : "")
  }

  private static func beside(_ path: String, _ name: String) -> String {
    guard !name.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return name }
    return path[...slash] + name
  }
}
