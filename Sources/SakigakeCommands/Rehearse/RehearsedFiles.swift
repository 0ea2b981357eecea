import Definitions
import Kubernetes
import Rehearsal

/// What a `rehearsal.yaml` names: a fleet, its platform, measured loads and prices, all beside it.
struct RehearsedFiles {
  let path: String
  /// Whose settings are laid over the definitions; nil takes what the rehearsal says.
  let environment: String?

  struct Read {
    var definition: RehearsalDefinition
    var scenario: Scenario
    /// Nil where the platform's own prices were taken.
    var prices: PricesDefinition?
    /// What is accepted without the effect that its author may expect.
    var warnings: [Diagnostic]
  }

  /// - Parameter path: a file, or a directory that holds a `rehearsal.yaml`.
  init(path: String, environment: String? = nil) {
    self.path = Files.isDirectory(path) ? path + "/rehearsal.yaml" : path
    self.environment = environment
  }

  /// - Throws: `InvalidDefinition` with everything that is wrong in all of the files, or `CommandFailure` for one that
  ///   cannot be read.
  func read() throws -> Read {
    let definition = try RehearsalDefinition.read(try Files.text(of: path), file: path)
    let fleet = try fleet(of: definition)
    var files = SeriesFiles(namedBy: path)
    var series: [String: Series] = [:]
    for load in definition.loads {
      guard case .measured(let source, _) = load.form else { continue }
      series[load.service.value] = files.series(source)
    }
    var problems = files.problems
    let prices = Self.prices(definition.prices, beside: path, &problems)
    let reader = ScenarioReader(
      definition, platform: fleet.platform, services: fleet.services, configFiles: fleet.configFiles, series: series,
      prices: prices)
    do throws(InvalidDefinition) {
      let scenario = try reader.scenario()
      guard problems.isEmpty else { throw InvalidDefinition(problems) }
      return Read(definition: definition, scenario: scenario, prices: prices, warnings: fleet.warnings)
    } catch {
      throw InvalidDefinition(problems + error.diagnostics.filter { !problems.contains($0) })
    }
  }

  private func fleet(of definition: RehearsalDefinition) throws -> Fleet {
    let paths = definition.fleet.map { Self.directory($0.value, beside: path) }
    let platform = definition.platform.map { Files.beside(path, $0.value) }
    var missing = zip(definition.fleet, paths).filter { !Files.exists($1) }.map { name, path in
      Diagnostic(
        at: name.place, "spec.fleet: there is no \(path)", remedy: "name a directory of definitions, or a file")
    }
    if let name = definition.platform, let platform, !Files.exists(platform) {
      missing.append(
        Diagnostic(at: name.place, "spec.platform: there is no \(platform)", remedy: "name one that is beside \(path)"))
    }
    guard missing.isEmpty else { throw InvalidDefinition(missing) }
    return try Fleet(
      Fleet.Sources(
        paths: paths, platform: platform, environment: environment ?? definition.environment, tag: definition.tag))
  }

  /// `.` is where the rehearsal stands.
  private static func directory(_ name: String, beside path: String) -> String {
    let directory = Files.beside(path, name)
    return directory.hasSuffix("/.") ? String(directory.dropLast(2)) : directory
  }

  private static func prices(
    _ prices: RehearsalDefinition.Prices?, beside path: String, _ problems: inout [Diagnostic]
  ) -> PricesDefinition? {
    switch prices {
    case nil: return nil
    case .table(let table)?: return table
    case .file(let name)?:
      let file = Files.beside(path, name.value)
      guard Files.exists(file) else {
        problems.append(
          Diagnostic(at: name.place, "spec.prices: there is no file \(file)", remedy: "name one that is beside \(path)")
        )
        return nil
      }
      do {
        return try PricesDefinition.read(try Files.text(of: file), file: file)
      } catch let invalid as InvalidDefinition {
        problems += invalid.diagnostics
      } catch {
        problems.append(Diagnostic(at: name.place, "spec.prices: \(error)"))
      }
      return nil
    }
  }
}
