import Kubernetes
import Synchronization

/// The webhooks that are configured, and how they are asked: mutating ones one after another, validating ones at once.
///
/// Nothing waits in the store while a webhook thinks.
final class Webhooks: Sendable {
  static let validating = "validatingwebhookconfigurations.admissionregistration.k8s.io"
  static let mutating = "mutatingwebhookconfigurations.admissionregistration.k8s.io"
  private static let group = "admissionregistration.k8s.io"

  private struct Known: Sendable {
    var versions: [Int64] = []
    var webhooks: [Webhook] = []
  }

  private let store: Store
  private let client: WebhookClient
  private let known = Mutex(Known())

  init(store: Store) {
    self.store = store
    client = WebhookClient(store: store)
  }

  /// In the order of their configurations' names.
  private var webhooks: [Webhook] {
    let versions = [store.version(of: Self.mutating), store.version(of: Self.validating)]
    return known.withLock { known in
      if known.versions == versions { return known.webhooks }
      known.webhooks = read(Self.mutating, .mutating) + read(Self.validating, .validating)
      known.versions = versions
      return known.webhooks
    }
  }

  private func read(_ resource: String, _ kind: Webhook.Kind) -> [Webhook] {
    store.objects(resource).flatMap { object in
      ((try? object.value())?["webhooks"]?.arrayValue ?? []).compactMap { Webhook(json: $0, kind: kind) }
    }
  }

  /// Nothing is to be asked of anybody: the way of almost every request.
  var isIdle: Bool { webhooks.isEmpty }

  /// - Throws: 400 where a webhook has side effects and the request is a dry run.
  private func matches(_ question: AdmissionQuestion, _ kind: Webhook.Kind) throws(APIError) -> [WebhookMatch] {
    // Nobody can lock himself out of changing the configurations.
    guard question.resource.group != Self.group else { return [] }
    var found: [WebhookMatch] = []
    for webhook in webhooks where webhook.kind == kind {
      guard let match = question.match(webhook, namespaceLabels: labels) else { continue }
      if question.isDryRun, webhook.hasSideEffects {
        throw .badRequest("admission webhook \"\(webhook.name)\" does not support dry run")
      }
      found.append(match)
    }
    return found
  }

  private func labels(of namespace: String) -> Labels {
    store.object(ObjectKey(resource: "namespaces", namespace: "", name: namespace))?.labels ?? [:]
  }

  /// Lets mutating webhooks change the object.
  /// - Returns: their warnings.
  func mutate(_ question: inout AdmissionQuestion) async throws(APIError) -> [String] {
    var warnings: [String] = []
    for match in try matches(question, .mutating) {
      guard let verdict = try await ask(match, question) else { continue }
      warnings += verdict.warnings
      guard let patch = verdict.patch, let object = question.object else { continue }
      do throws(WebhookFailure) {
        question.object = try Self.patched(object, patch)
      } catch {
        if match.webhook.failsClosed { throw error.refusal(by: match.webhook.name) }
      }
    }
    return warnings
  }

  private static func patched(_ object: JSONValue, _ patch: [UInt8]) throws(WebhookFailure) -> JSONValue {
    guard let patch = try? JSONValue(parsing: patch) else { throw WebhookFailure("response.patch is not JSON") }
    do throws(PatchError) { return try object.applying(jsonPatch: patch) } catch {
      throw WebhookFailure("the patch cannot be applied: \(error.message)")
    }
  }

  /// Asks all validating webhooks.
  /// - Returns: their warnings.
  /// - Throws: the refusal of the first, in their order.
  func validate(_ question: AdmissionQuestion) async throws(APIError) -> [String] {
    let matches = try matches(question, .validating)
    if matches.isEmpty { return [] }
    let outcomes = await withTaskGroup(of: (Int, Result<AdmissionVerdict?, APIError>).self) { group in
      for (index, match) in matches.enumerated() {
        group.addTask {
          do throws(APIError) { return (index, .success(try await self.ask(match, question))) } catch {
            return (index, .failure(error))
          }
        }
      }
      var outcomes: [(Int, Result<AdmissionVerdict?, APIError>)] = []
      for await outcome in group { outcomes.append(outcome) }
      return outcomes.sorted { $0.0 < $1.0 }
    }
    var warnings: [String] = []
    for (_, outcome) in outcomes { warnings += try outcome.get()?.warnings ?? [] }
    return warnings
  }

  /// - Returns: nil where the webhook could not be asked, and that does not matter to it.
  /// - Throws: its refusal.
  private func ask(_ match: WebhookMatch, _ question: AdmissionQuestion) async throws(APIError) -> AdmissionVerdict? {
    let review = AdmissionReview(question, as: match.resource, uid: UniqueID.make())
    let verdict: AdmissionVerdict
    do throws(WebhookFailure) { verdict = try await client.ask(match.webhook, review) } catch {
      if match.webhook.failsClosed { throw error.refusal(by: match.webhook.name) }
      return nil
    }
    guard verdict.isAllowed else { throw verdict.refusal(by: match.webhook.name) }
    return verdict
  }
}
