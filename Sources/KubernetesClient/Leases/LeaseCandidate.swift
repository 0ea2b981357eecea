import Kubernetes

/// One candidate's dealings with a Lease: each attempt takes or renews it, or tells who has it.
///
/// The steps are those of client-go's `tryAcquireOrRenew` (tools/leaderelection): the holder writes at once, against the
/// version it wrote last; everybody else reads first, and waits until the record has stood unchanged for its
/// `leaseDurationSeconds` by the candidate's *own* clock. The times in the record are for people: no two machines'
/// clocks are compared.
actor LeaseCandidate {
  enum Attempt: Sendable {
    /// The Lease is this candidate's; `sent` is when the write that says so was sent, by `elapsed`.
    case holds(sent: Duration)
    case held(by: String)
    case failed(any Error)
  }

  private let client: KubernetesClient
  private let lease: NamespacedName
  private let identity: String
  private let durationSeconds: Int
  private let elapsed: @Sendable () -> Duration
  private let now: @Sendable () -> Timestamp
  /// As last read or written, and when that was first seen.
  private var observed: Lease?
  private var observedAt = Duration.zero

  init(
    client: KubernetesClient, lease: NamespacedName, identity: String, durationSeconds: Int,
    elapsed: @escaping @Sendable () -> Duration, now: @escaping @Sendable () -> Timestamp
  ) {
    self.client = client
    self.lease = lease
    self.identity = identity
    self.durationSeconds = durationSeconds
    self.elapsed = elapsed
    self.now = now
  }

  func acquireOrRenew() async -> Attempt {
    let asked = elapsed()
    if let observed, observed.spec.holderIdentity == identity, isValid(at: asked) {
      // Whatever this meets (a conflict, a lost answer), reading tells what is so.
      if let attempt = try? await write(renewed(observed)) { return attempt }
    }
    do {
      var found: Lease
      do { found = try await client.get(Lease.self, lease.name, namespace: lease.namespace) } catch let error
        as APIError
        where error.isNotFound
      {
        return try await create()
      }
      observe(found)
      let holder = found.spec.holderIdentity ?? ""
      if holder == identity { return try await write(renewed(found)) }
      if !holder.isEmpty, isValid(at: asked) { return .held(by: holder) }
      found.spec.leaseTransitions = (found.spec.leaseTransitions ?? 0) + 1
      found.spec.acquireTime = MicroTime(now())
      return try await write(renewed(found))
    } catch {
      return .failed(error)
    }
  }

  /// Lets the others have the Lease at once, where it is still this candidate's.
  func release() async throws {
    for _ in 0..<Self.releaseAttemptsMax {
      do {
        var found = try await client.get(Lease.self, lease.name, namespace: lease.namespace)
        guard found.spec.holderIdentity == identity else { return }
        let moment = MicroTime(now())
        found.spec.holderIdentity = ""
        found.spec.leaseDurationSeconds = 1
        found.spec.renewTime = moment
        found.spec.acquireTime = moment
        observe(try await client.replace(found))
        return
      } catch let error as APIError {
        if error.isNotFound { return }
        // A renewal under way when the work ended may have been written after the read.
        guard error.isConflict else { throw error }
      }
    }
  }

  private static let releaseAttemptsMax = 5

  private func create() async throws -> Attempt {
    var fresh = Lease()
    fresh.metadata.namespace = lease.namespace
    fresh.metadata.name = lease.name
    fresh.spec.acquireTime = MicroTime(now())
    fresh.spec.leaseTransitions = 0
    let sent = elapsed()
    observe(try await client.create(renewed(fresh)))
    return .holds(sent: sent)
  }

  /// Writes against the version that `lease` was read at.
  private func write(_ lease: Lease) async throws -> Attempt {
    let sent = elapsed()
    observe(try await client.replace(lease))
    return .holds(sent: sent)
  }

  private func renewed(_ lease: Lease) -> Lease {
    var lease = lease
    lease.spec.holderIdentity = identity
    lease.spec.leaseDurationSeconds = durationSeconds
    lease.spec.renewTime = MicroTime(now())
    return lease
  }

  /// A change of the record starts its time anew; one of labels alone does not.
  private func observe(_ lease: Lease) {
    if observed?.spec != lease.spec { observedAt = elapsed() }
    observed = lease
  }

  private func isValid(at moment: Duration) -> Bool {
    observedAt + .seconds(observed?.spec.leaseDurationSeconds ?? 0) > moment
  }
}
