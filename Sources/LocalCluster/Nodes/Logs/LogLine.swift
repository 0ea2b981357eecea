import Kubernetes

/// One line of a container's log file, in the form of the Container Runtime Interface:
/// `2026-11-24T22:38:00.000000000Z stdout F text`; `P` instead of `F` where the line goes on in the next.
package enum LogLine {
  package enum Stream: String, Sendable { case stdout, stderr }

  static func encode(
    _ text: [UInt8], isPartial: Bool, _ stream: Stream, at moment: Timestamp, into bytes: inout [UInt8]
  ) {
    bytes += moment.formatted(fractionDigits: 9).utf8
    bytes.append(0x20)
    bytes += stream.rawValue.utf8
    bytes += isPartial ? [0x20, 0x50, 0x20] : [0x20, 0x46, 0x20]
    bytes += text
    bytes.append(0x0A)
  }

  struct Parsed {
    var time: ArraySlice<UInt8>
    var text: ArraySlice<UInt8>
    var isPartial: Bool
    var stream: Stream?
    var timestamp: Timestamp? { Timestamp(parsing: String(decoding: time, as: UTF8.self)) }
  }

  /// - Parameter line: without its line break. Nil where it is not in the form, such as one cut by a crash.
  static func parse(_ line: ArraySlice<UInt8>) -> Parsed? {
    let fields = line.split(separator: 0x20, maxSplits: 3, omittingEmptySubsequences: false)
    guard fields.count == 4, fields[2].count == 1, let tag = fields[2].first, tag == 0x50 || tag == 0x46 else {
      return nil
    }
    return Parsed(
      time: fields[0], text: fields[3], isPartial: tag == 0x50,
      stream: Stream(rawValue: String(decoding: fields[1], as: UTF8.self)))
  }
}
