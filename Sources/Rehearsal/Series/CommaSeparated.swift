import Definitions
import Kubernetes

/// Series as a CSV: the time, then one column a series. RFC 4180, a heading where there is one, lines that begin with
/// `#` left out.
///
/// A time is a number of seconds (since 1970 where it is that large), RFC 3339 (without a zone it is UTC), or a time of
/// day: `18:05` or `18:05:30`.
struct CommaSeparated {
  private struct Field {
    var text: String
    var line: Int
    var column: Int
  }

  private let file: String
  private let readsEvents: Bool
  private var errors: [Diagnostic] = []
  private var clock: Series.Clock?
  private var names: [String] = []
  private var times: [(seconds: Double, place: Field)] = []
  private var columns: [[Double]] = []

  static func read(_ text: String, file: String, events: Bool) throws(InvalidDefinition) -> [Series] {
    var reader = CommaSeparated(file: file, readsEvents: events)
    var lineNumber = 0
    var hasRows = false
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      lineNumber += 1
      guard reader.errors.count < Series.errorsMax else { break }
      let fields = reader.fields(of: line, lineNumber)
      guard let first = fields.first, !line.hasPrefix("#"), fields.count > 1 || !first.text.isEmpty else { continue }
      if !hasRows, reader.names.isEmpty, time(first.text) == nil, fields.count > 1,
        fields.dropFirst().allSatisfy({ Double($0.text) == nil && !$0.text.isEmpty })
      {
        reader.names = fields.dropFirst().map(\.text)
        continue
      }
      hasRows = true
      reader.take(fields)
    }
    if !events { reader.findGaps() }
    guard reader.errors.isEmpty else { throw InvalidDefinition(Array(reader.errors.prefix(Series.errorsMax))) }
    guard let clock = reader.clock else {
      throw InvalidDefinition([
        Diagnostic(
          file: file, line: 0, column: 0, "holds no sample",
          remedy: "write a row for each measurement: its time, a comma, its value")
      ])
    }
    return reader.columns.enumerated().map { index, values in
      Series(
        name: reader.names[index], clock: clock,
        samples: zip(reader.times, values).map { Series.Sample(seconds: $0.seconds, value: $1) })
    }
  }

  private init(file: String, readsEvents: Bool) {
    self.file = file
    self.readsEvents = readsEvents
  }

  private mutating func add(_ place: Field, _ message: String, _ remedy: String) {
    errors.append(Diagnostic(file: file, line: place.line, column: place.column, message, remedy: remedy))
  }

  private mutating func take(_ fields: [Field]) {
    guard fields.count > 1 else {
      let hasOther = fields[0].text.contains { $0 == ";" || $0 == "\t" }
      return add(
        fields[0], "a row needs a time and a value",
        hasOther ? "separate the two by a comma" : "write them as 120,35.5 or 2026-11-24T18:00:00Z,35.5")
    }
    if names.isEmpty { names = fields.count == 2 ? ["value"] : (2...fields.count).map { "column \($0)" } }
    if columns.isEmpty { columns = names.map { _ in [] } }
    guard fields.count == names.count + 1 else {
      return add(
        fields[0], "the row has \(fields.count) columns, those before it have \(names.count + 1)",
        "give every row as many: a value that was not measured is a hole")
    }
    guard let time = Self.time(fields[0].text) else {
      return add(
        fields[0], "\"\(fields[0].text)\" is not a time", "write seconds, 2026-11-24T18:00:00Z, or a time of day, 18:05"
      )
    }
    guard time.clock == clock ?? time.clock else {
      return add(fields[0], "\"\(fields[0].text)\" is a time of another kind than those before", "write all alike")
    }
    if let last = times.last, time.seconds <= last.seconds, !readsEvents {
      let isSame = time.seconds == last.seconds
      return add(
        fields[0], isSame ? "\(fields[0].text) is measured twice" : "\(fields[0].text) is before the row above it",
        isSame ? "remove one of the two rows" : "sort the rows by time")
    }
    let values = fields.dropFirst().enumerated().map { value($1, of: names[$0]) }
    clock = time.clock
    times.append((time.seconds, fields[0]))
    for (index, value) in values.enumerated() { columns[index].append(value) }
  }

  private mutating func value(_ field: Field, of name: String) -> Double {
    guard let value = Double(field.text), value.isFinite else {
      let isHole = ["", "nan", "null", "-", "na", "n/a"].contains(field.text.lowercased())
      add(
        field, isHole ? "\(name): a hole: nothing was measured here" : "\(name): \"\(field.text)\" is not a number",
        isHole ? "fill it in (0 where nothing came), or cut the file there" : "write it as 35.5, without a unit")
      return 0
    }
    if value < 0 { add(field, "\(name): \(field.text) is below zero", "what is counted cannot be: correct the row") }
    return value
  }

  private mutating func findGaps() {
    for index in SeriesGaps.find(times.map(\.seconds)) where errors.count < Series.errorsMax {
      let missing = times[index].seconds - times[index - 1].seconds
      add(
        times[index].place,
        "a hole: \(Self.plain(missing)) s lie between \(times[index - 1].place.text) and \(times[index].place.text)",
        "measure again, fill the rows in, or cut the file there")
    }
  }

  private static func plain(_ value: Double) -> String {
    value == value.rounded() && value < 1e15 ? String(Int(value)) : "\(value)"
  }

  /// - Returns: nil where the text is no time.
  private static func time(_ text: String) -> (seconds: Double, clock: Series.Clock)? {
    if let seconds = Double(text), seconds.isFinite, seconds >= 0 {
      return (seconds, seconds >= 1e9 ? .unix : .unstated)
    }
    if let moment = Timestamp(parsing: text) ?? Timestamp(parsing: text + "Z") { return (moment.seconds, .unix) }
    return Units.timeOfDay(text).map { ($0, .timeOfDay) }
  }

  /// The fields of a line without the space around them. A quoted one may hold commas, and quotes that are doubled.
  private mutating func fields(of line: Substring, _ number: Int) -> [Field] {
    var fields: [Field] = []
    var text = ""
    var start = 1
    var isQuoted = false
    var wasQuote = false
    func field() -> Field {
      let spaces = text.prefix { $0 == " " || $0 == "\u{FEFF}" }.count
      var trimmed = text.dropFirst(spaces)
      while trimmed.last == " " { trimmed.removeLast() }
      return Field(text: String(trimmed), line: number, column: start + spaces)
    }
    for (offset, letter) in line.enumerated() {
      if letter == "\"" {
        if isQuoted || !wasQuote {
          isQuoted.toggle()
        } else {
          text.append("\"")
          isQuoted = true
        }
        wasQuote = !isQuoted
        continue
      }
      wasQuote = false
      if letter == ",", !isQuoted {
        fields.append(field())
        text = ""
        start = offset + 2
      } else {
        text.append(letter)
      }
    }
    fields.append(field())
    if isQuoted { add(fields[fields.count - 1], "a quote is not closed", "close it in the same line") }
    return fields
  }
}
