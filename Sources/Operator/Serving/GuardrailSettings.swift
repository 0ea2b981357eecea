import Definitions
import Kubernetes
import Logging
import Synchronization

/// How strict the platform is, as its settings in the cluster say.
package final class GuardrailSettings: Sendable {
  package enum State: Sendable {
    case unread
    /// Nil where the cluster has no platform.
    case known(PlatformDefinition.Guardrails?)
  }

  private let state = Mutex(State.unread)
  private let logger: Logger

  package init(logger: Logger) { self.logger = logger }

  package var current: State { state.withLock { $0 } }
  var isKnown: Bool { if case .known = current { true } else { false } }

  /// - Parameter platform: `platform.json`; nil where there is none.
  package func use(_ platform: JSONValue?) {
    do throws(FieldError) {
      var guardrails: PlatformDefinition.Guardrails?
      // A platform that says nothing of guardrails lets nobody waive them.
      if let platform { guardrails = try PlatformDefinition.Guardrails(json: platform["guardrails"] ?? [:]) }
      state.withLock { [guardrails] in $0 = .known(guardrails) }
    } catch {
      logger.error("the platform's guardrails cannot be used; those before stay", metadata: ["error": "\(error)"])
      state.withLock { state in
        if case .unread = state { state = .known(PlatformDefinition.Guardrails()) }
      }
    }
  }
}
