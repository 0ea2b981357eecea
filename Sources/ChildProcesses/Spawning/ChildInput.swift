import SpawnShim

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a child reads from.
public enum ChildInput: Sendable, Hashable {
  /// `/dev/null`
  case none
  case pipe
  /// A terminal of this size, for output, too.
  case terminal(columns: UInt16, rows: UInt16)
}

/// The parent's ends of a child's three standard streams.
struct ParentsEnds {
  var input: PipeWriter?
  var output: PipeReader
  var errors: PipeReader

  func close() {
    input?.close()
    output.close()
    errors.close()
  }

  /// The child's ends, which are the caller's to close once the child has them.
  struct ChildsEnds: Sendable {
    var input: Int32 = -1
    var output: Int32
    var errors: Int32
    var isTerminal = false

    func close() {
      for descriptor in Set([input, output, errors]) where descriptor >= 0 { _ = closeDescriptor(descriptor) }
    }
  }

  static func open(_ input: ChildInput, for executable: String) throws(SpawnError) -> (ParentsEnds, ChildsEnds) {
    if case .terminal(let columns, let rows) = input { return try terminal(columns, rows, for: executable) }
    let output = try PipeReader.open(for: executable)
    var child = ChildsEnds(output: output.writeEnd, errors: -1)
    do throws(SpawnError) {
      let errors = try PipeReader.open(for: executable)
      child.errors = errors.writeEnd
      guard input == .pipe else { return (ParentsEnds(output: output.reader, errors: errors.reader), child) }
      var ends: [Int32] = [-1, -1]
      let failure = sakigake_pipe(&ends)
      guard failure == 0 else {
        errors.reader.close()
        throw SpawnError(.resources, executable, code: failure)
      }
      child.input = ends[0]
      return (
        ParentsEnds(input: PipeWriter(adopting: ends[1]), output: output.reader, errors: errors.reader), child
      )
    } catch {
      output.reader.close()
      child.close()
      throw error
    }
  }

  /// One descriptor of the terminal is read and another one written, so that either can be closed by itself.
  private static func terminal(_ columns: UInt16, _ rows: UInt16, for executable: String) throws(SpawnError) -> (
    ParentsEnds, ChildsEnds
  ) {
    var ends: [Int32] = [-1, -1]
    let failure = sakigake_terminal_open(&ends, columns, rows)
    guard failure == 0 else { throw SpawnError(.resources, executable, code: failure) }
    let second = fcntl(ends[0], F_DUPFD_CLOEXEC, 0)
    guard second >= 0 else {
      let code = errno
      _ = closeDescriptor(ends[0])
      _ = closeDescriptor(ends[1])
      throw SpawnError(.resources, executable, code: code)
    }
    let parent = ParentsEnds(
      input: PipeWriter(adopting: second), output: PipeReader(adopting: ends[0]), errors: PipeReader(adopting: -1))
    return (parent, ChildsEnds(input: ends[1], output: ends[1], errors: ends[1], isTerminal: true))
  }
}

func closeDescriptor(_ descriptor: Int32) -> Int32 { close(descriptor) }
