import Kubernetes

/// The notation of cron: minute, hour, day of the month, month, day of the week, or a word such as `@hourly`.
enum CronSchedule {
  private struct Bounds {
    var range: ClosedRange<Int>
    var names: [String] = []
    /// The number that the first name stands for.
    var firstName = 0
  }

  private static let fields = [
    Bounds(range: 0...59), Bounds(range: 0...23), Bounds(range: 1...31),
    Bounds(
      range: 1...12,
      names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], firstName: 1),
    Bounds(range: 0...6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
  ]

  private static let words: Set<String> = [
    "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly",
  ]

  /// What is wrong with a schedule, in the words of the parser that Kubernetes uses (robfig/cron v3); nil where it can
  /// be read.
  static func problem(_ text: String) -> String? {
    var rest = text[...]
    for prefix in ["TZ=", "CRON_TZ="] where rest.hasPrefix(prefix) {
      guard let space = rest.firstIndex(of: " ") else { return "provided bad location" }
      rest = rest[rest.index(after: space)...].drop { $0 == " " }
    }
    if rest.hasPrefix("@") {
      if words.contains(String(rest)) { return nil }
      if rest.hasPrefix("@every ") { return isDuration(rest.dropFirst(7)) ? nil : "failed to parse duration \(rest)" }
      return "unrecognized descriptor: \(rest)"
    }
    let parts = rest.split(separator: " ")
    guard parts.count == fields.count else {
      return "expected exactly 5 fields, found \(parts.count): [\(parts.joined(separator: " "))]"
    }
    for (part, bounds) in zip(parts, fields) {
      for expression in part.split(separator: ",") {
        if let problem = problem(expression, bounds) { return problem }
      }
    }
    return nil
  }

  private static func problem(_ text: Substring, _ bounds: Bounds) -> String? {
    let steps = text.split(separator: "/", omittingEmptySubsequences: false)
    let ends = (steps.first ?? "").split(separator: "-", omittingEmptySubsequences: false)
    var low = bounds.range.lowerBound
    var high = bounds.range.upperBound
    if ends.first == "*" || ends.first == "?" {
      if ends.count > 1 { return "too many hyphens: \(text)" }
    } else {
      guard let first = value(ends.first ?? "", bounds) else {
        return "failed to parse int from \(ends.first ?? ""): "
          + "strconv.Atoi: parsing \"\(ends.first ?? "")\": invalid syntax"
      }
      low = first
      if ends.count == 2 {
        guard let last = value(ends[1], bounds) else {
          return "failed to parse int from \(ends[1]): strconv.Atoi: parsing \"\(ends[1])\": invalid syntax"
        }
        high = last
      } else if ends.count > 2 {
        return "too many hyphens: \(text)"
      } else if steps.count == 1 {
        high = first
      }
    }
    if steps.count > 2 { return "too many slashes: \(text)" }
    if steps.count == 2 {
      guard let step = Int(steps[1]), step >= 0 else {
        return "failed to parse int from \(steps[1]): strconv.Atoi: parsing \"\(steps[1])\": invalid syntax"
      }
      if step == 0 { return "step of range should be a positive number: \(text)" }
    }
    if low < bounds.range.lowerBound {
      return "beginning of range (\(low)) below minimum (\(bounds.range.lowerBound)): \(text)"
    }
    if high > bounds.range.upperBound {
      return "end of range (\(high)) above maximum (\(bounds.range.upperBound)): \(text)"
    }
    return low > high ? "beginning of range (\(low)) beyond end of range (\(high)): \(text)" : nil
  }

  private static func value(_ text: Substring, _ bounds: Bounds) -> Int? {
    if let index = bounds.names.firstIndex(of: text.lowercased()) { return index + bounds.firstName }
    return Int(text).flatMap { $0 >= 0 ? $0 : nil }
  }

  /// Go's form: `1h30m`, `90s`.
  private static func isDuration(_ text: Substring) -> Bool {
    var rest = text
    var hasAny = false
    while !rest.isEmpty {
      let number = rest.prefix { $0.isNumber || $0 == "." }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard Double(number) != nil, ["ns", "us", "µs", "ms", "s", "m", "h"].contains(unit) else { return false }
      hasAny = true
    }
    return hasAny
  }
}
