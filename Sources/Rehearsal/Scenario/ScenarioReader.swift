import Autoscaling
public import Definitions
import Kubernetes
import Rendering

/// Makes a scenario of what people wrote: a rehearsal, the platform and services that it is of, and measured loads.
///
/// Services are rendered as `sakigake apply` renders them, so that what is rehearsed is what runs.
public struct ScenarioReader: Sendable {
  public var definition: RehearsalDefinition
  public var platform: PlatformDefinition
  public var services: [ServiceDefinition]
  /// By service: the files of its `config` directory.
  public var configFiles: [String: [String: String]]
  /// By service: the series of each measured load of the definition.
  public var series: [String: Series]
  /// Nil takes what the platform's node groups say.
  public var prices: PricesDefinition?

  var errors: [Diagnostic] = []

  public init(
    _ definition: RehearsalDefinition, platform: PlatformDefinition, services: [ServiceDefinition],
    configFiles: [String: [String: String]] = [:], series: [String: Series] = [:], prices: PricesDefinition? = nil
  ) {
    self.definition = definition
    self.platform = platform
    self.services = services.sorted { $0.microservice.metadata.name < $1.microservice.metadata.name }
    self.configFiles = configFiles
    self.series = series
    self.prices = prices
  }

  public static let servicesMax = 5000

  /// - Throws: `InvalidDefinition` with everything that is wrong, each at its place in its file.
  public func scenario() throws(InvalidDefinition) -> Scenario {
    var reader = self
    return try reader.read()
  }

  private mutating func read() throws(InvalidDefinition) -> Scenario {
    if services.count > Self.servicesMax {
      add(
        definition.place, "the fleet has \(services.count) services",
        "\(Self.servicesMax) at most are rehearsed at once")
    }
    checkCalls()
    let prescaling = configuration()
    let groups = pricedGroups()
    let rehearsed = rehearsedServices()
    let load = loadCurves()
    let pushes = scheduledPushes(prescaling)
    let troubles = troubles()
    guard errors.isEmpty else { throw InvalidDefinition(errors) }
    let cloud = definition.cloud
    return Scenario(
      name: definition.name, start: definition.start, durationSeconds: definition.durationSeconds, services: rehearsed,
      cloud: RehearsedCloud(
        groups: groups, zones: cloud.zones, bootJitter: cloud.bootJitter,
        interruptionNoticeSeconds: cloud.interruptionNoticeSeconds, metricsDelaySeconds: cloud.metricsDelaySeconds),
      load: load, pushes: pushes, troubles: troubles, prescaling: prescaling,
      objective: .init(successRateMin: definition.successRateMin))
  }

  mutating func add(_ place: SourcePlace, _ message: String, _ remedy: String) {
    errors.append(Diagnostic(at: place, message, remedy: remedy))
  }

  private mutating func configuration() -> PrescalingDecision.Configuration {
    do throws(FieldError) {
      return try PrescalingDecision.Configuration(json: ["pushes": platform.pushes])
    } catch {
      add(definition.place, "the platform's \(error.path): \(error.message)", "correct platform.yaml")
      return .init()
    }
  }
}

/// The fleet.
extension ScenarioReader {
  var names: [String] { services.map(\.microservice.metadata.name) }

  /// A circle of calls never ends: it is an error at the call that closes it.
  private mutating func checkCalls() {
    let byName = Dictionary(
      services.map { ($0.microservice.metadata.name, $0) }, uniquingKeysWith: { first, _ in first })
    var finished: Set<String> = []
    for name in names where !finished.contains(name) {
      // By hand, for a chain of calls may be longer than a stack is deep.
      var path: [(name: String, next: Int)] = [(name, 0)]
      while let (current, next) = path.last {
        guard let service = byName[current], next < service.microservice.spec.calls.count else {
          finished.insert(current)
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let called = service.microservice.spec.calls[next].service
        if let begin = path.firstIndex(where: { $0.name == called }) {
          let circle = (path[begin...].map(\.name) + [called]).joined(separator: " → ")
          let place = next < service.callPlaces.count ? service.callPlaces[next] : service.namePlace
          add(
            place, "spec.calls: calls go in a circle: \(circle)",
            "remove one of these calls: a request would never end")
        } else if !finished.contains(called) {
          path.append((called, 0))
        }
      }
    }
  }

  private mutating func rehearsedServices() -> [RehearsedService] {
    var stated: [String: RehearsalDefinition.PodBehavior] = [:]
    for (service, behavior) in definition.pods {
      if !names.contains(service.value) {
        add(
          service.place, "spec.pods: there is no service \"\(service.value)\" in the fleet",
          Diagnostic.nearest(to: service.value, in: names))
      }
      stated[service.value] = behavior
    }
    // What an image is tagged with changes nothing here.
    let tag = definition.tag ?? (platform.tag.isEmpty ? "rehearsed" : platform.tag)
    let renderer = ServiceRenderer(platform: platform, tag: tag)
    var rehearsed: [RehearsedService] = []
    for service in services {
      let name = service.microservice.metadata.name
      guard let behavior = PodBehavior(of: service.microservice.spec, stated[name] ?? .init()) else {
        add(
          service.namePlace, "what a pod of \(name) serves is not known",
          "add capacity: { requestsPerSecond: N } to its spec, or pods: { \(name): { requestsPerSecond: N } } to the rehearsal"
        )
        continue
      }
      do throws(ServiceRenderer.Failure) {
        rehearsed.append(
          try RehearsedService(
            service.microservice, by: renderer, configFiles: configFiles[name] ?? [:], behavior: behavior))
      } catch { add(service.namePlace, error.description, "correct the definition") }
    }
    return rehearsed
  }

  private mutating func pricedGroups() -> [NodeGroup] {
    if platform.nodeGroups.isEmpty {
      add(definition.place, "the platform \"\(platform.name)\" has no node groups", "add nodeGroups to its spec")
    }
    var groups = platform.nodeGroups
    for index in groups.indices {
      guard let prices else {
        if groups[index].pricePerHour <= 0, index < platform.nodeGroupPlaces.count {
          add(
            platform.nodeGroupPlaces[index], "there is no price for node group \"\(groups[index].name)\"",
            "add pricePerHour here, or prices: a table, to the rehearsal")
        }
        continue
      }
      do throws(InvalidDefinition) {
        groups[index].pricePerHour = try prices.perHour(of: groups[index])
      } catch {
        // Several groups of one type lack one price.
        errors += error.diagnostics.filter { new in !errors.contains { $0.line == new.line && $0.remedy == new.remedy }
        }
      }
    }
    return groups
  }
}

extension PodBehavior {
  /// From the definition, as far as nothing is stated: a pod serves what is declared, and at that uses the whole of the
  /// processor time that it asks for.
  /// - Returns: nil where nobody says what a pod serves.
  init?(of spec: MicroserviceSpec, _ stated: RehearsalDefinition.PodBehavior) {
    let target = spec.scale.on.lazy.compactMap { $0["requestsPerSecond"]?.doubleValue }.first
    guard let capacity = stated.requestsPerSecond ?? spec.capacity?.requestsPerSecond ?? target, capacity > 0 else {
      return nil
    }
    self.init(requestsPerSecond: capacity)
    let requested = (spec.resources["cpu"] ?? Quantity(milli: 250)).doubleValue * 1000
    idleMillicores = stated.idle.map { $0.doubleValue * 1000 } ?? idleMillicores
    millicoresPerRequest =
      stated.cpuPerRequest.map { $0.doubleValue * 1000 } ?? max(0, requested - idleMillicores) / capacity
    memoryBytes = (stated.memory ?? spec.resources["memory"]).map { $0.doubleValue } ?? memoryBytes
    serviceSeconds = stated.serviceSeconds ?? serviceSeconds
    queueMax = stated.queueMax.map(Double.init) ?? queueMax
    timeoutSeconds = stated.timeoutSeconds ?? timeoutSeconds
    retriesMax = stated.retriesMax ?? retriesMax
    startSeconds = stated.startSeconds ?? startSeconds
    imagePullSeconds = stated.imagePullSeconds ?? imagePullSeconds
  }
}
