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
  let check: Check

  init(
    _ id: String, _ severity: Severity?, _ subject: String, because reason: String, remedy: String,
    in section: [String] = [], isFixable: Bool = false, _ check: Check
  ) {
    self.id = id
    self.severity = severity
    self.subject = subject
    self.reason = reason
    self.remedy = remedy
    self.section = section
    self.isFixable = isFixable
    self.check = check
  }

  /// All rules, in the order in which they are told.
  public static let all: [Rule] = [
    images, resources, probes, identity, hosts, environment, pods, workloads, scaling, jobs, references, network,
    access,
    versions, definitions, built,
  ].flatMap { (rules: [Rule]) in rules }

  static let byID = Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
}

/// Where a rule is not kept, in an object.
struct Hit: Sendable {
  var message: String
  var path: ObjectPath
  var fix: Fix?
}

/// A member that is set in a map of a manifest: in place of its value, or new.
public struct Fix: Sendable, Hashable {
  public var path: ObjectPath
  public var key: String
  /// As it is written, in one line.
  public var value: String
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
  public var fix: Fix?
}
