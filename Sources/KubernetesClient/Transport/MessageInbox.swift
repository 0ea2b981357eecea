import Kubernetes
import Synchronization

/// Messages that came and were not read yet, up to a limit in bytes: one side of a two-way stream.
final class MessageInbox: Sendable {
  /// A message that finds less than this is taken whole.
  static let bytesMax = 256 << 10

  fileprivate struct State {
    var messages: [ChannelMessage] = []
    var first = 0
    var bytes = 0
    var end: Result<Void, any Error>?
    var reader: CheckedContinuation<ChannelMessage?, any Error>?
    var writers: [Int: CheckedContinuation<Bool, Never>] = [:]
    var nextWriter = 0
  }
  private let state = Mutex(State())
  private let hasRoomAgain: @Sendable () -> Void

  /// - Parameter hasRoomAgain: called after a reader made room in an inbox that was full.
  init(hasRoomAgain: @escaping @Sendable () -> Void = {}) { self.hasRoomAgain = hasRoomAgain }

  var isFull: Bool { state.withLock { $0.bytes >= Self.bytesMax } }

  /// Takes a message whatever the room; dropped after the end.
  func put(_ message: ChannelMessage) {
    let reader = state.withLock { state -> CheckedContinuation<ChannelMessage?, any Error>? in
      guard state.end == nil else { return nil }
      if let reader = state.reader {
        state.reader = nil
        return reader
      }
      state.messages.append(message)
      state.bytes += message.bytes.count + 1
      return nil
    }
    reader?.resume(returning: message)
  }

  /// Takes a message once there is room.
  /// - Throws: `TransportError` after the end.
  func putWhenRoom(_ message: ChannelMessage) async throws {
    while true {
      let end = state.withLock { $0.end }
      if end != nil { throw TransportError(.connection, "the other side has ended the stream") }
      if !isFull { return put(message) }
      guard await untilRoom() else { throw CancellationError() }
    }
  }

  /// - Returns: false when the task was cancelled.
  private func untilRoom() async -> Bool {
    let identifier = state.withLock { state in
      state.nextWriter += 1
      return state.nextWriter
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let resumes = state.withLock { state -> Bool in
          if state.bytes < Self.bytesMax || state.end != nil || Task.isCancelled { return true }
          state.writers[identifier] = continuation
          return false
        }
        if resumes { continuation.resume(returning: !Task.isCancelled) }
      }
    } onCancel: {
      state.withLock { $0.writers.removeValue(forKey: identifier) }?.resume(returning: false)
    }
  }

  /// No more messages come; those that are there can still be read. The first end counts.
  func finish(_ error: (any Error)? = nil) {
    let (reader, writers) = state.withLock { state in
      if state.end == nil { state.end = error.map { .failure($0) } ?? .success(()) }
      defer {
        state.reader = nil
        state.writers = [:]
      }
      return (state.reader, Array(state.writers.values))
    }
    if let error { reader?.resume(throwing: error) } else { reader?.resume(returning: nil) }
    for writer in writers { writer.resume(returning: true) }
  }

  private enum Step { case message(ChannelMessage), end(Result<Void, any Error>), wait }

  /// The next message; nil after the last one, or when the task was cancelled. One reader.
  func next() async throws -> ChannelMessage? {
    var wasFull = false
    let step = state.withLock { state -> Step in
      guard state.first < state.messages.count else { return state.end.map { .end($0) } ?? .wait }
      wasFull = state.bytes >= Self.bytesMax
      return .message(state.takeFirst())
    }
    switch step {
    case .message(let message):
      if wasFull { madeRoom() }
      return message
    case .end(let result):
      try result.get()
      return nil
    case .wait: return try await waited()
    }
  }

  private func madeRoom() {
    let writers = state.withLock { state -> [CheckedContinuation<Bool, Never>] in
      guard state.bytes < Self.bytesMax else { return [] }
      defer { state.writers = [:] }
      return Array(state.writers.values)
    }
    for writer in writers { writer.resume(returning: true) }
    if !isFull { hasRoomAgain() }
  }

  private func waited() async throws -> ChannelMessage? {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let step = state.withLock { state -> Step in
          if state.first < state.messages.count { return .message(state.takeFirst()) }
          if let end = state.end { return .end(end) }
          if Task.isCancelled || state.reader != nil { return .end(.success(())) }
          state.reader = continuation
          return .wait
        }
        switch step {
        case .message(let message): continuation.resume(returning: message)
        case .end(.success): continuation.resume(returning: nil)
        case .end(.failure(let error)): continuation.resume(throwing: error)
        case .wait: break
        }
      }
    } onCancel: {
      state.withLock { state in
        defer { state.reader = nil }
        return state.reader
      }?.resume(returning: nil)
    }
  }
}

extension MessageInbox.State {
  fileprivate mutating func takeFirst() -> ChannelMessage {
    let message = messages[first]
    messages[first] = ChannelMessage(0, [])
    first += 1
    bytes -= message.bytes.count + 1
    if first == messages.count || first > 1024 {
      messages.removeFirst(first)
      first = 0
    }
    return message
  }
}
