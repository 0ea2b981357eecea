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
      let tables = LessonsText.tables(lessons)
      if !tables.isEmpty { Console.output(tables) }
      if write == nil, !tables.isEmpty { Console.output("\n" + LessonsText.yaml(lessons)) }
    case .yaml: Console.output(LessonsText.yaml(lessons))
    case .json: Console.output(lessons.json.prettyText)
    }
    guard lessons.problems.isEmpty else {
      throw CommandFailure(.foundProblems, lessons.problems.map { "not learned: \($0)" }.joined(separator: "\n"))
    }
  }
}

/// What the files hold that a `recordings.yaml` names.
struct RecordedFiles {
  let path: String
  private var files: SeriesFiles

  struct Read {
    var campaigns: [CampaignRecording] = []
    var capacities: [CapacityRecording] = []
    var lead: [LeadStage: [Double]] = [:]
    var successRateMin = 0.0
  }

  init(path: String) {
    self.path = path
    files = SeriesFiles(namedBy: path)
  }

  /// - Throws: `InvalidDefinition` with everything that is wrong in all of the files.
  func read() throws -> Read {
    var reader = self
    return try reader.readAll()
  }

  private mutating func readAll() throws -> Read {
    let definition = try RecordingsDefinition.read(try Files.text(of: path), file: path)
    var read = Read(successRateMin: definition.successRateMin)
    for campaign in definition.campaigns {
      guard let load = files.series(campaign.load), let sent = seconds(campaign, by: load) else { continue }
      read.campaigns.append(
        CampaignRecording(
          kind: campaign.kind, audience: campaign.audience, sentAtSeconds: sent, load: load,
          windowSeconds: campaign.windowSeconds))
    }
    for capacity in definition.capacities {
      guard let requests = files.series(capacity.requests), let failed = files.series(capacity.failed),
        let ready = files.series(capacity.ready)
      else { continue }
      read.capacities.append(
        CapacityRecording(service: capacity.service, requests: requests, failed: failed, readyPods: ready))
    }
    for (stage, source) in definition.lead {
      guard let stage = LeadStage(rawValue: stage), let series = files.series(source, events: true) else { continue }
      read.lead[stage] = series.samples.map(\.value)
    }
    guard files.problems.isEmpty else { throw InvalidDefinition(files.problems) }
    return read
  }

  private mutating func seconds(_ campaign: RecordingsDefinition.Campaign, by load: Series) -> Double? {
    switch (campaign.sendAt, load.clock) {
    case (.time(let moment), .unix): return moment.seconds
    case (.timeOfDay(let seconds), .timeOfDay), (.span(let seconds), .unstated): return seconds
    case (.span(let seconds), _): return (load.samples.first?.seconds ?? 0) + seconds
    default:
      files.add(
        campaign.sendAtPlace, "sendAt is by another clock than \(campaign.load.path)",
        load.clock == .unix
          ? "write a moment, 2026-11-24T18:00:00Z, or the span from the series' begin, 300s"
          : "write the span from the series' begin, 300s"
            + (load.clock == .timeOfDay ? ", or a time of day, 18:00" : ""))
      return nil
    }
  }
}
