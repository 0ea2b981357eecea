/// A moment as YAML's timestamps write it, in the four forms that go-yaml takes.
struct Timestamp {
  private var date: (year: Int, month: Int, day: Int)
  private var time = (hour: 0, minute: 0, second: 0)
  /// Digits after the second, without zeros at the end.
  private var fraction: [UInt8] = []
  private var offsetMinutes = 0

  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 8, bytes[4] == UInt8(ascii: "-"), bytes[..<4].allSatisfy(PlainScalar.isDigit) else {
      return nil
    }
    var reader = Reader(bytes: bytes)
    guard let year = reader.number(4...4), reader.take("-"), let month = reader.number(1...2), reader.take("-"),
      let day = reader.number(1...2), (1...12).contains(month), (1...Self.days(month, of: year)).contains(day)
    else { return nil }
    date = (year, month, day)
    if reader.isAtEnd { return }
    let hasZone = reader.take("T") || reader.take("t")
    guard hasZone || reader.take(" ") else { return nil }
    guard let hour = reader.number(1...2), hour < 24, reader.take(":"), let minute = reader.number(1...2), minute < 60,
      reader.take(":"), let second = reader.number(1...2), second < 60
    else { return nil }
    time = (hour, minute, second)
    if reader.take(".") || reader.take(",") {
      fraction = Array(reader.digits().prefix(9))
      guard !fraction.isEmpty else { return nil }
      while fraction.last == 0x30 { fraction.removeLast() }
    }
    if hasZone, !reader.take("Z") {
      let isWest = reader.take("-")
      guard isWest || reader.take("+"), let hours = reader.number(2...2), hours <= 24, reader.take(":"),
        let minutes = reader.number(2...2), minutes < 60
      else { return nil }
      offsetMinutes = (isWest ? -1 : 1) * (hours * 60 + minutes)
    }
    guard reader.isAtEnd else { return nil }
  }

  /// As Go writes a moment into JSON: RFC 3339 with as many digits after the second as it takes.
  var rfc3339: String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let year = String(repeating: "0", count: 4 - String(date.year).count) + String(date.year)
    var text = "\(year)-\(two(date.month))-\(two(date.day))T\(two(time.hour)):\(two(time.minute)):\(two(time.second))"
    if !fraction.isEmpty { text += "." + String(decoding: fraction, as: UTF8.self) }
    guard offsetMinutes != 0 else { return text + "Z" }
    let magnitude = abs(offsetMinutes)
    return text + (offsetMinutes < 0 ? "-" : "+") + two(magnitude / 60) + ":" + two(magnitude % 60)
  }

  private static func days(_ month: Int, of year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0
    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
      position += 1
      return true
    }

    mutating func digits() -> [UInt8] {
      let run = Array(bytes[position...].prefix(while: PlainScalar.isDigit))
      position += run.count
      return run
    }

    mutating func number(_ lengths: ClosedRange<Int>) -> Int? {
      let run = bytes[position...].prefix(lengths.upperBound).prefix(while: PlainScalar.isDigit)
      guard run.count >= lengths.lowerBound else { return nil }
      position += run.count
      return run.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
  }
}
