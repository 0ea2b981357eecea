import Kubernetes
import KubernetesClient
import Synchronization
import Testing

@Suite struct LeaderElectionTests {
  static let lease = NamespacedName("news", "prescaler")

  static func election(
    _ name: String, _ server: LeaseServer, _ time: VirtualTime, seed: UInt64 = 1,
    report: @escaping @Sendable (LeaderElection.Notice) -> Void = { _ in }
  ) throws -> LeaderElection {
    let generator = Mutex(SplitMix64(state: seed))
    return try LeaderElection(
      client: server.client(of: name), lease: lease, identity: name, now: { moment(time) },
      chance: { generator.withLock { Double.random(in: 0..<1, using: &$0) } }, report: report)
  }

  static func moment(_ time: VirtualTime) -> Timestamp {
    let parts = time.now.offset.components
    return Timestamp(nanoseconds: (1_800_000_000 + parts.seconds) * 1_000_000_000 + parts.attoseconds / 1_000_000_000)
  }

  /// Takes part until cancelled, working as long as it leads.
  static func participate(_ name: String, _ election: LeaderElection, _ time: VirtualTime, _ ledger: Ledger) async {
    while !Task.isCancelled {
      try? await election.run {
        await ledger.enter(name)
        try? await time.sleep(for: .seconds(1_000_000))
        await ledger.leave(name)
      }
    }
  }

  static func spec(_ server: LeaseServer) async -> Lease.Spec? {
    await server.lease.flatMap { try? Lease(json: $0) }?.spec
  }

  @Test func aLeaseIsTakenRenewedAndGivenBack() throws {
    let time = VirtualTime()
    let server = LeaseServer(clock: time)
    let specs = Mutex<[Lease.Spec?]>([])
    let election = try Self.election("a", server, time)
    time.simulate {
      let value = try? await election.run {
        let taken = await Self.spec(server)
        try await time.sleep(for: .seconds(61))
        let renewed = await Self.spec(server)
        specs.withLock { $0 = [taken, renewed] }
        return election.isLeader ? election.holder : "nobody"
      }
      #expect(value == "a" && !election.isLeader && election.holder.isEmpty)
      let released = await Self.spec(server)
      specs.withLock { $0.append(released) }
    }
    let seen = specs.withLock { $0 }
    #expect(seen[0]?.holderIdentity == "a" && seen[0]?.leaseDurationSeconds == 15 && seen[0]?.leaseTransitions == 0)
    #expect(seen[0]?.json["renewTime"] == "2027-01-15T08:00:00.000000Z")
    #expect(seen[1]?.acquireTime == seen[0]?.acquireTime)
    #expect(seen[1]?.json["renewTime"] == "2027-01-15T08:01:00.000000Z")
    #expect(seen[2]?.json["holderIdentity"] == "" && seen[2]?.leaseDurationSeconds == 1)
    #expect(seen[2]?.leaseTransitions == 0)
  }

  @Test func anothersLeaseIsWaitedForByTheOwnClock() throws {
    let time = VirtualTime()
    let server = LeaseServer(clock: time)
    let election = try Self.election("b", server, time)
    time.simulate {
      var foreign = Lease.Spec()
      foreign.holderIdentity = "go"
      foreign.leaseDurationSeconds = 40
      foreign.leaseTransitions = 6
      // Another machine's clock may say anything.
      foreign.renewTime = MicroTime(Timestamp(seconds: 5))
      await server.set(foreign)
      try? await election.run {
        #expect(time.now.offset >= .seconds(40) && time.now.offset < .seconds(46))
        #expect(await Self.spec(server)?.leaseTransitions == 7)
      }
    }
  }

  @Test func whatCannotBeRenewedInTimeIsLost() throws {
    let time = VirtualTime()
    let server = LeaseServer(clock: time, fate: { request, _ in request > 2 ? .stuck : .answered })
    let election = try Self.election("a", server, time)
    let ended = Mutex<Duration?>(nil)
    time.simulate {
      do {
        try await election.run {
          try? await time.sleep(for: .seconds(1000))
          #expect(!election.isLeader)
          ended.withLock { $0 = time.now.offset }
        }
        Issue.record("the lease should have been lost")
      } catch { #expect((error as? LeaderElectionError)?.code == .lost) }
    }
    #expect(ended.withLock { $0 } == .seconds(10))
  }

  @Test func whoIsReplacedStopsAtOnce() throws {
    let time = VirtualTime()
    let server = LeaseServer(clock: time)
    let election = try Self.election("a", server, time)
    time.simulate {
      do {
        try await election.run {
          var other = Lease.Spec()
          other.holderIdentity = "b"
          other.leaseDurationSeconds = 15
          await server.set(other)
          try? await time.sleep(for: .seconds(1000))
          #expect(time.now.offset == .seconds(2))
        }
      } catch { #expect("\(error)".contains("it is b's")) }
    }
  }

  @Test func aCancelledLeaderKeepsItsLeaseUntilTheWorkHasEnded() throws {
    let time = VirtualTime()
    let server = LeaseServer(clock: time)
    let ledger = Ledger()
    let slow = try Self.election("slow", server, time)
    let next = try Self.election("next", server, time, seed: 2)
    time.simulate {
      let leader = Task(executorPreference: time) {
        try await slow.run {
          await ledger.enter("slow")
          try? await time.sleep(for: .seconds(1000))
          // What the work still has to put in order.
          await Task(executorPreference: time) { try? await time.sleep(for: .seconds(60)) }.value
          await ledger.leave("slow")
        }
      }
      try? await time.sleep(for: .seconds(5))
      let other = Task(executorPreference: time) { await Self.participate("next", next, time, ledger) }
      leader.cancel()
      _ = await leader.result
      #expect(time.now.offset == .seconds(65))
      try? await time.sleep(for: .seconds(6))
      #expect(await ledger.working == ["next"])
      other.cancel()
    }
    time.simulate { #expect(await ledger.overlaps == 0) }
  }

  @Test func aCandidateThatIsCancelledLeavesNothingBehind() throws {
    for cut in 0...3 {
      let time = VirtualTime()
      let server = LeaseServer(
        clock: time, fate: { _, _ in .slow(there: .milliseconds(100), back: .milliseconds(100)) })
      let election = try Self.election("a", server, time)
      time.simulate {
        let task = Task(executorPreference: time) { try await election.run { Issue.record("cancelled before") } }
        try? await time.sleep(for: .milliseconds(50 + 100 * cut))
        task.cancel()
        if case .success = await task.result { Issue.record("should have thrown") }
        let holder = await Self.spec(server)?.holderIdentity
        #expect(holder == nil || holder == "", "cut \(cut)")
      }
    }
  }

  @Test func aTimingThatKeepsNobodyApartIsRefused() {
    let server = LeaseServer(clock: VirtualTime())
    func make(_ change: (inout LeaderElection.Timing) -> Void, identity: String = "a") -> (any Error)? {
      var timing = LeaderElection.Timing()
      change(&timing)
      do {
        _ = try LeaderElection(client: server.client(of: "a"), lease: Self.lease, identity: identity, timing: timing)
        return nil
      } catch { return error }
    }
    #expect(make { _ in } == nil)
    #expect(make({ _ in }, identity: "") != nil)
    #expect(make { $0.leaseDuration = .seconds(10) } != nil)
    #expect(make { $0.retryPeriod = .seconds(9) } != nil)
    #expect(make { $0.retryPeriod = .zero } != nil)
  }
}
