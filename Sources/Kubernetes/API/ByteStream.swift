/// A two-way stream of bytes, such as a connection to a port of a pod. Either direction may end before the other.
public protocol ByteStream: Sendable {
  /// What the other side sends; ends when it has said everything. One reader.
  var incoming: AsyncThrowingStream<[UInt8], any Error> { get }
  /// Suspends while the other side is slow.
  /// - Throws: once the stream is gone.
  func send(_ bytes: [UInt8]) async throws
  /// Tells the other side that nothing more will be sent. Repeating it changes nothing.
  func finishSending() async
  /// Ends both directions. Repeating it changes nothing.
  func close() async
}

/// Opens streams to the ports of one pod.
/// - Throws: where nothing listens there.
public typealias PortConnector = @Sendable (_ port: UInt16) async throws -> any ByteStream

extension ByteStream {
  /// Carries this side's bytes to `target` and back until the target has said everything, or one of the two is gone;
  /// then ends both. That this side has said everything ends nothing yet: the answer may still come.
  public func forwarded(to target: any ByteStream) async {
    await withTaskGroup(of: (isAnswer: Bool, isWhole: Bool).self) { group in
      group.addTask { (false, await Self.carry(from: self, to: target)) }
      group.addTask { (true, await Self.carry(from: target, to: self)) }
      for await end in group where end.isAnswer || !end.isWhole {
        group.cancelAll()
        await self.close()
        await target.close()
      }
    }
  }

  /// - Returns: false where it was cut.
  private static func carry(from source: any ByteStream, to target: any ByteStream) async -> Bool {
    do {
      for try await bytes in source.incoming { try await target.send(bytes) }
      await target.finishSending()
      return true
    } catch { return false }
  }
}
