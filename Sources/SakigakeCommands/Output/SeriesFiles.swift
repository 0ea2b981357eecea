import Definitions
import Rehearsal

/// The files of measurements that a definition names, each read once.
struct SeriesFiles {
  /// The definition's own file: what it names is beside it.
  let definition: String
  private var known: [String: [Series]] = [:]
  private(set) var problems: [Diagnostic] = []

  init(namedBy definition: String) { self.definition = definition }

  /// - Parameter events: as `Series.read` has it.
  /// - Returns: nil where it cannot be read; `problems` says why.
  mutating func series(_ source: SeriesSource, events: Bool = false) -> Series? {
    guard let all = contents(of: Files.beside(definition, source.path), at: source.place, events: events) else {
      return nil
    }
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

  mutating func add(_ place: SourcePlace, _ message: String, _ remedy: String) {
    problems.append(Diagnostic(at: place, message, remedy: remedy))
  }

  private mutating func contents(of file: String, at place: SourcePlace, events: Bool) -> [Series]? {
    if let series = known[file] { return series }
    do {
      guard Files.exists(file) else {
        add(place, "there is no file \(file)", "name one that is beside \(definition)")
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

  private static func names(_ series: [Series]) -> String {
    series.prefix(8).map(\.name).joined(separator: ", ") + (series.count > 8 ? ", …" : "")
  }
}
