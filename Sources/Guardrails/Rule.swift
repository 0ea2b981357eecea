public import Definitions
import Kubernetes

/// Something that every service keeps: what is checked, why, and what to do where it is not so.
///
/// Rules are tables in `Rules/`; they look at objects, whoever made them, and at definitions.
public struct Rule: Sendable {
  public enum Severity: String, Sendable, CaseIterable, Comparable {
    case error, warning, info
    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  enum Check: Sendable {
    case container(@Sendable (PodTemplate.Container, PodTemplate) -> [Hit])
    case pod(@Sendable (PodTemplate, ObjectSet) -> [Hit])
    /// Of these kinds; of all where none is named.
    case object([String], @Sendable (CheckedObject, ObjectSet) -> [Hit])
    case service(@Sendable (ServiceDefinition, PlatformDefinition) -> [Diagnostic])
    /// What the inspection itself finds.
    case built
  }

  public let id: String
  /// Nil for a rule that counts only where a platform asks for it.
  public let severity: Severity?
  /// What is checked, in a sentence without its dot.
  public let subject: String
  public let reason: String
  public let remedy: String
  /// Whether `--fix` can set it right.
  public let isFixable: Bool
  /// The part of a definition that decides it.
  let section: [String]
  /// Whether other objects decide too, so that one alone does not tell.
  let needsOthers: Bool
  let check: Check

  init(
    _ id: String, _ severity: Severity?, _ subject: String, because reason: String, remedy: String,
    in section: [String] = [], isFixable: Bool = false, needsOthers: Bool = false, _ check: Check
  ) {
    self.id = id
    self.severity = severity
    self.subject = subject
    self.reason = reason
    self.remedy = remedy
    self.section = section
    self.isFixable = isFixable
    self.needsOthers = needsOthers
    self.check = check
  }

  /// All rules, in the order in which they are told.
  public static let all: [Rule] = [
    images, resources, probes, identity, hosts, environment, pods, workloads, scaling, jobs, references, network,
    access,
    versions, definitions, built,
  ].flatMap { (rules: [Rule]) in rules }

  /// Those that tell of an object without looking at others.
  static let ofOneObject = all.filter { !$0.needsOthers }

  static let byID = Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
}

/// Where a rule is not kept, in an object.
struct Hit: Sendable {
  var message: String
  var path: ObjectPath
  var fix: Fix?
}

/// A member of a map of an object that is to be another one.
struct Fix: Sendable {
  /// To the map.
  var path: ObjectPath
  var key: String
  var change: Repair.Change

  init(path: ObjectPath, key: String, value: String) { self.init(path: path, key: key, .set(value)) }

  init(path: ObjectPath, key: String, _ change: Repair.Change) {
    self.path = path
    self.key = key
    self.change = change
  }
}

/// A fix where it was written: what is changed of a text.
public struct Repair: Sendable {
  public enum Change: Sendable, Hashable {
    /// In place of its value, or new; as it is written, in one line.
    case set(String)
    case rename(String)
    case remove
  }
  /// The map of the text that the member is in, or comes into.
  let map: SourceNode
  let key: String
  let change: Change

  /// `startingDeadlineSeconds: 300`.
  public var description: String {
    switch change {
    case .set(let value): "\(key): \(value)"
    case .rename(let name): "\(key) is \(name)"
    case .remove: "\(key) removed"
    }
  }
}

/// Where a rule is not kept, as people are told.
public struct Finding: Sendable {
  public var rule: String
  public var severity: Rule.Severity
  public var place: SourcePlace
  /// `Deployment/web`, or `Microservice/web`.
  public var object: String
  /// Of the field in the object.
  public var path: String
  public var message: String
  public var remedy: String
  /// Why it is not kept, and until when, where that was granted.
  public var waiver: Waiver?
  public var repair: Repair?
}
