import Kubernetes

/// Writes notes as Event objects; the same note again is counted on the object that it has already.
actor EventRecorder {
  /// Notes remembered; the one longest unused is forgotten first, and starts a new Event when it comes again.
  static let notesMax = 4096
  /// Repetitions within this time are counted, and written with the next one after it.
  static let secondsBetweenWritesMin = 5.0

  private struct Known {
    var target: Change.Target
    var count: Int
    var writtenAt: Timestamp
    var lastUse: UInt64
  }

  private let client: KubernetesClient
  private let component: String
  private let now: @Sendable () -> Timestamp
  private var known: [Change.EventNote: Known] = [:]
  private var uses: UInt64 = 0
  private var limits = EventLimits()

  init(client: KubernetesClient, component: String, now: @escaping @Sendable () -> Timestamp) {
    self.client = client
    self.component = component
    self.now = now
  }

  func record(_ note: Change.EventNote) async throws {
    var note = note
    note.about.resourceVersion = ""  // the same thing said of two versions is the same note
    let moment = now()
    note = limits.combined(note, at: moment)
    uses += 1
    if var entry = known[note] {
      entry.count += 1
      entry.lastUse = uses
      let isDue = moment - entry.writtenAt >= Self.secondsBetweenWritesMin
      if isDue { entry.writtenAt = moment }
      known[note] = entry
      guard isDue, limits.mayWrite(about: note, at: moment) else { return }
      do {
        _ = try await client.patch(
          entry.target, .merge, ["count": entry.count.json, "lastTimestamp": moment.json], fieldManager: component)
        return
      } catch let error as APIError where error.isNotFound {
        known[note] = nil  // the server's time to live is over
      }
    }
    guard limits.mayWrite(about: note, at: moment) else { return }
    let event = event(note, at: moment)
    known[note] = Known(target: Change.Target(event), count: 1, writtenAt: moment, lastUse: uses)
    forgetOldest()
    do { _ = try await client.create(event) } catch {
      known[note] = nil
      throw error
    }
  }

  private func event(_ note: Change.EventNote, at moment: Timestamp) -> Event {
    var event = Event()
    // Cluster-wide objects have their events in `default`.
    event.metadata.namespace = note.about.namespace.isEmpty ? "default" : note.about.namespace
    let unique = String(UInt64(bitPattern: moment.nanoseconds) &+ uses, radix: 16)
    event.metadata.name = "\(note.about.name.prefix(230)).\(unique)"
    event.involvedObject = note.about
    event.reason = note.reason
    event.message = String(note.message.prefix(1024))
    event.type = note.isWarning ? "Warning" : "Normal"
    event.count = 1
    event.firstTimestamp = moment
    event.lastTimestamp = moment
    let component = note.component.isEmpty ? self.component : note.component
    event.source = ["component": .string(component)]
    event.reportingComponent = component
    return event
  }

  private func forgetOldest() {
    guard known.count > Self.notesMax else { return }
    // An eighth at a time, so that the search is paid for rarely.
    let oldest = known.sorted { $0.value.lastUse < $1.value.lastUse }.prefix(Self.notesMax / 8)
    for (note, _) in oldest { known[note] = nil }
  }
}
