/// When a CronJob is due, in the notation of cron: minute, hour, day of the month, month, day of the week, or a word such
/// as `@hourly`. All times are UTC.
///
/// The notation is that of robfig/cron v3, which Kubernetes uses: lists, ranges, steps, names of months and days, `?` for
/// `*`, `@every 90s`. Where both days are restricted, one of them suffices.
public struct CronSchedule: Sendable, Hashable {
  private enum Form: Hashable {
    case fields(minutes: UInt64, hours: UInt64, days: UInt64, months: UInt64, weekdays: UInt64, daysAreOpen: Bool)
    case every(seconds: Int64)
  }
  private let form: Form

  /// Years after which a date that does not come (February 30th) is given up.
  private static let yearsMax: Int64 = 5

  /// What is wrong with a schedule, in the parser's words.
  public struct Mistake: Error, CustomStringConvertible {
    public var description: String
  }

  public init(parsing text: String) throws(Mistake) {
    let text = text.trimmingPrefix { $0 == " " }
    if text.hasPrefix("@every ") {
      form = .every(seconds: try Self.seconds(text.dropFirst(7)))
      return
    }
    let spelled = try text.hasPrefix("@") ? Self.meaning(text) : String(text)
    let parts = spelled.split { $0 == " " || $0 == "\t" }
    guard parts.count == 5 else {
      throw Mistake(
        description: "expected exactly 5 fields, found \(parts.count): [\(parts.joined(separator: " "))]")
    }
    func isOpen(_ part: Substring) -> Bool {
      part.split(separator: ",").contains { ["*", "?"].contains($0.split(separator: "/").first ?? "") }
    }
    form = .fields(
      minutes: try Field.minute.bits(parts[0]), hours: try Field.hour.bits(parts[1]),
      days: try Field.day.bits(parts[2]), months: try Field.month.bits(parts[3]),
      weekdays: try Field.weekday.bits(parts[4]), daysAreOpen: isOpen(parts[2]) || isOpen(parts[4]))
  }

  private static func meaning(_ word: Substring) throws(Mistake) -> String {
    switch word {
    case "@yearly", "@annually": return "0 0 1 1 *"
    case "@monthly": return "0 0 1 * *"
    case "@weekly": return "0 0 * * 0"
    case "@daily", "@midnight": return "0 0 * * *"
    case "@hourly": return "0 * * * *"
    default: throw Mistake(description: "unrecognized descriptor: \(word)")
    }
  }

  /// Go's form of a duration: `1h30m`, `90s`.
  private static func seconds(_ text: Substring) throws(Mistake) -> Int64 {
    let units: [String: Double] = ["ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600]
    var rest = text
    var total = 0.0
    var isValid = !text.isEmpty
    while isValid, !rest.isEmpty {
      let number = rest.prefix { $0.isNumber || $0 == "." }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      if let amount = Double(number), let factor = units[String(unit)] {
        total += amount * factor
      } else {
        isValid = false
      }
    }
    guard isValid, total < 1e15 else { throw Mistake(description: "failed to parse duration @every \(text)") }
    return max(1, Int64(total))
  }

  /// The first moment after another at which the schedule is due; nil where none comes.
  public func next(after moment: Timestamp) -> Timestamp? {
    let second = Self.floored(moment.nanoseconds, 1_000_000_000)
    guard case .fields(let minutes, let hours, _, let months, _, _) = form else {
      guard case .every(let seconds) = form else { return nil }
      return Timestamp(nanoseconds: (second + seconds) * 1_000_000_000)
    }
    var minute = Self.floored(second, 60) + 1
    let horizon = minute + Self.yearsMax * 366 * 1440
    while minute < horizon {
      let day = Self.floored(minute, 1440)
      let date = CivilDate(daysSinceEpoch: day)
      guard months & (1 << UInt64(date.month)) != 0, matches(date) else {
        minute = (day + 1) * 1440
        continue
      }
      let inDay = minute - day * 1440
      guard hours & (1 << UInt64(inDay / 60)) != 0 else {
        minute = day * 1440 + (inDay / 60 + 1) * 60
        continue
      }
      if minutes & (1 << UInt64(inDay % 60)) != 0 { return Timestamp(nanoseconds: minute * 60 * 1_000_000_000) }
      minute += 1
    }
    return nil
  }

  private func matches(_ date: CivilDate) -> Bool {
    guard case .fields(_, _, let days, _, let weekdays, let daysAreOpen) = form else { return true }
    let day = days & (1 << UInt64(date.day)) != 0
    let weekday = weekdays & (1 << UInt64(date.weekday)) != 0
    return daysAreOpen ? day && weekday : day || weekday
  }

  private static func floored(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }
}

/// A day of the Gregorian calendar.
private struct CivilDate {
  var month: Int64
  var day: Int64
  /// 0 is Sunday.
  var weekday: Int64

  /// By Howard Hinnant's `civil_from_days` (https://howardhinnant.github.io/date_algorithms.html).
  init(daysSinceEpoch days: Int64) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    weekday = ((days % 7) + 11) % 7
  }
}

/// One of the five fields.
private struct Field {
  let range: ClosedRange<Int>
  var names: [String] = []

  static let minute = Field(range: 0...59)
  static let hour = Field(range: 0...23)
  static let day = Field(range: 1...31)
  static let month = Field(
    range: 1...12, names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
  static let weekday = Field(range: 0...6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])

  /// A bit for each value that is meant.
  func bits(_ text: Substring) throws(CronSchedule.Mistake) -> UInt64 {
    var all: UInt64 = 0
    for expression in text.split(separator: ",") { all |= try bits(of: expression) }
    return all
  }

  private func bits(of text: Substring) throws(CronSchedule.Mistake) -> UInt64 {
    let steps = text.split(separator: "/", omittingEmptySubsequences: false)
    let ends = (steps.first ?? "").split(separator: "-", omittingEmptySubsequences: false)
    var low = range.lowerBound
    var high = range.upperBound
    if ends.first == "*" || ends.first == "?" {
      if ends.count > 1 { throw mistake("too many hyphens: \(text)") }
    } else {
      low = try value(ends.first ?? "")
      switch ends.count {
      case 1: if steps.count == 1 { high = low }
      case 2: high = try value(ends[1])
      default: throw mistake("too many hyphens: \(text)")
      }
    }
    var step = 1
    if steps.count > 2 { throw mistake("too many slashes: \(text)") }
    if steps.count == 2 {
      step = try number(steps[1])
      if step == 0 { throw mistake("step of range should be a positive number: \(text)") }
    }
    if low < range.lowerBound {
      throw mistake("beginning of range (\(low)) below minimum (\(range.lowerBound)): \(text)")
    }
    if high > range.upperBound { throw mistake("end of range (\(high)) above maximum (\(range.upperBound)): \(text)") }
    if low > high { throw mistake("beginning of range (\(low)) beyond end of range (\(high)): \(text)") }
    var bits: UInt64 = 0
    for value in Swift.stride(from: low, through: high, by: step) { bits |= 1 << UInt64(value) }
    return bits
  }

  private func value(_ text: Substring) throws(CronSchedule.Mistake) -> Int {
    if let index = names.firstIndex(of: text.lowercased()) { return index + range.lowerBound }
    return try number(text)
  }

  private func number(_ text: Substring) throws(CronSchedule.Mistake) -> Int {
    guard let number = Int(text) else {
      throw mistake("failed to parse int from \(text): strconv.Atoi: parsing \"\(text)\": invalid syntax")
    }
    if number < 0 { throw mistake("negative number (\(number)) not allowed: \(text)") }
    return number
  }

  private func mistake(_ text: String) -> CronSchedule.Mistake { CronSchedule.Mistake(description: text) }
}
