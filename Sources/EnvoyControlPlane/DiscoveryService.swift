import GRPCCore
import Mesh

/// The gRPC service: messages in, the hub asked, answers out. Nothing is decided here.
struct DiscoveryService: Envoy_Service_Discovery_V3_AggregatedDiscoveryService.SimpleServiceProtocol {
  let hub: MeshHub

  func deltaAggregatedResources(
    request: RPCAsyncSequence<Envoy_Service_Discovery_V3_DeltaDiscoveryRequest, any Error>,
    response: RPCWriter<Envoy_Service_Discovery_V3_DeltaDiscoveryResponse>, context: ServerContext
  ) async throws {
    try await serve(.delta(DeltaSession()), request) { message in
      (message.hasNode ? message.node : nil, message.query.map(MeshHub.Query.delta))
    } answer: { answer in
      try await response.write(.init(answer))
    }
  }

  func streamAggregatedResources(
    request: RPCAsyncSequence<Envoy_Service_Discovery_V3_DiscoveryRequest, any Error>,
    response: RPCWriter<Envoy_Service_Discovery_V3_DiscoveryResponse>, context: ServerContext
  ) async throws {
    try await serve(.state(StateSession()), request) { message in
      (message.hasNode ? message.node : nil, message.query.map(MeshHub.Query.state))
    } answer: { answer in
      try await response.write(.init(answer))
    }
  }

  private func serve<Message: Sendable>(
    _ session: MeshHub.Session, _ messages: RPCAsyncSequence<Message, any Error>,
    read: @escaping @Sendable (Message) -> (node: Envoy_Config_Core_V3_Node?, query: MeshHub.Query?),
    answer: @escaping @Sendable (DiscoveryAnswer) async throws -> Void
  ) async throws {
    do {
      let (id, answers) = try await hub.open(session)
      do {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            for try await message in messages {
              let (node, query) = read(message)
              try await hub.identify(id, as: node)
              // A type that the mesh does not have stays unanswered, as for a resource that does not exist.
              if let query { try await hub.receive(id, query) }
            }
          }
          group.addTask {
            for try await one in answers { try await answer(one) }
          }
          defer { group.cancelAll() }
          try await group.next()
        }
        await hub.close(id)
      } catch {
        await hub.close(id)
        throw error
      }
    } catch let refusal as StreamRefusal {
      throw RPCError(code: refusal.code, message: refusal.description)
    }
  }
}

extension StreamRefusal {
  fileprivate var code: RPCError.Code {
    switch self {
    case .anonymous, .unusable: .invalidArgument
    case .full, .overSubscribed, .doesNotRead: .resourceExhausted
    }
  }
}
