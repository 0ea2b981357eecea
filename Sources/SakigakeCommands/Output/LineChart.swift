/// A small chart as SVG: lines over time, a shaded span, and marks. Self-contained, so that a report needs no network.
struct LineChart {
  struct Series {
    var name: String
    /// A CSS class of the page, which gives the colour in light and dark.
    var style: String
    var points: [(second: Double, value: Double)]
    var isArea = false
    var isStep = false
    /// Told apart by more than its colour.
    var isDashed = false
  }
  struct Mark {
    var second: Double
    var label: String
  }

  var title: String
  var unit: String
  var series: [Series]
  var seconds: ClosedRange<Double>
  /// The top of the scale, so that charts side by side compare.
  var maximum: Double
  var shaded: ClosedRange<Double>?
  var marks: [Mark] = []
  /// Times of day, where seconds from a beginning say nothing: the seconds since midnight at second 0.
  var clockAtZero: Double?
  /// What one sees, for those who cannot; the title where it is empty.
  var summary = ""

  private static let (width, height) = (560.0, 190.0)
  private static let (left, right, top, bottom) = (44.0, 12.0, 14.0, 24.0)

  private func x(_ second: Double) -> Double {
    let share = (second - seconds.lowerBound) / max(0.001, seconds.upperBound - seconds.lowerBound)
    return Self.left + min(1, max(0, share)) * (Self.width - Self.left - Self.right)
  }

  private func y(_ value: Double) -> Double {
    Self.height - Self.bottom - min(1, max(0, value / max(1, maximum))) * (Self.height - Self.top - Self.bottom)
  }

  private func f(_ value: Double) -> String { String((value * 10).rounded() / 10) }

  var svg: String {
    let title = HTMLPage.escaped(title)
    let label = summary.isEmpty ? title : HTMLPage.escaped("\(self.title): \(summary)")
    var out = "<figure><figcaption>\(title)<span>\(unit)</span></figcaption>"
    out += "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\" aria-label=\"\(label)\">"
    if let shaded {
      out += "<rect class=\"spike\" x=\"\(f(x(shaded.lowerBound)))\" y=\"\(f(Self.top))\" "
      out +=
        "width=\"\(f(x(shaded.upperBound) - x(shaded.lowerBound)))\" height=\"\(f(Self.height - Self.top - Self.bottom))\"/>"
    }
    out += grid
    for series in series { out += path(series) }
    for (index, mark) in marks.filter({ seconds.contains($0.second) }).enumerated() {
      // Labels of marks that are near each other stand below each other.
      let row = Double(index % 3) * 11
      // Where there is no room to the right, to the left.
      let isLate = x(mark.second) > Self.width - 80
      let anchor = isLate ? " text-anchor=\"end\"" : ""
      out +=
        "<line class=\"mark\" x1=\"\(f(x(mark.second)))\" x2=\"\(f(x(mark.second)))\" y1=\"\(f(Self.top))\" y2=\"\(f(Self.height - Self.bottom))\"/>"
      out +=
        "<text class=\"marktext\" x=\"\(f(x(mark.second) + (isLate ? -3 : 3)))\" y=\"\(f(Self.top + 9 + row))\""
        + "\(anchor)>\(HTMLPage.escaped(mark.label))</text>"
    }
    out += "</svg><div class=\"legend\">"
    for series in series { out += "<span><i class=\"\(series.style)\"></i>\(HTMLPage.escaped(series.name))</span>" }
    return out + "</div></figure>"
  }

  private var grid: String {
    var out = ""
    for value in ticks(maximum, about: 4) {
      out +=
        "<line class=\"grid\" x1=\"\(f(Self.left))\" x2=\"\(f(Self.width - Self.right))\" y1=\"\(f(y(value)))\" y2=\"\(f(y(value)))\"/>"
      out +=
        "<text class=\"tick\" text-anchor=\"end\" x=\"\(f(Self.left - 6))\" y=\"\(f(y(value) + 3.5))\">\(plain(value))</text>"
    }
    for (value, label) in moments {
      // A label under the right edge would be cut.
      let anchor = x(value) > Self.width - Self.right - 8 ? "end" : "middle"
      out +=
        "<text class=\"tick\" text-anchor=\"\(anchor)\" x=\"\(f(x(value)))\" y=\"\(f(Self.height - 7))\">\(label)</text>"
    }
    return out
  }

  private var moments: [(second: Double, label: String)] {
    guard let zero = clockAtZero else {
      return ticks(seconds.upperBound, about: 8).filter { $0 >= seconds.lowerBound }.map { ($0, "\(plain($0)) s") }
    }
    let span = seconds.upperBound - seconds.lowerBound
    let step = [60.0, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600].first { span / $0 <= 8 } ?? 86_400
    let first = ((seconds.lowerBound + zero) / step).rounded(.up) * step
    return stride(from: first, through: seconds.upperBound + zero, by: step).map { clock in
      let minutes = Int(clock / 60) % 1440
      let (hour, minute) = (String(minutes / 60), String(minutes % 60))
      return (clock - zero, (hour.count < 2 ? "0" : "") + hour + ":" + (minute.count < 2 ? "0" : "") + minute)
    }
  }

  private func path(_ series: Series) -> String {
    guard let first = series.points.first, let last = series.points.last else { return "" }
    var data = "M\(f(x(first.second))) \(f(y(first.value)))"
    for point in series.points.dropFirst() {
      data +=
        series.isStep ? "H\(f(x(point.second)))V\(f(y(point.value)))" : "L\(f(x(point.second))) \(f(y(point.value)))"
    }
    guard series.isArea else {
      return "<path class=\"line \(series.style)\(series.isDashed ? " dashed" : "")\" d=\"\(data)\"/>"
    }
    let floor = f(Self.height - Self.bottom)
    return
      "<path class=\"area \(series.style)\" d=\"\(data)L\(f(x(last.second))) \(floor)L\(f(x(first.second))) \(floor)Z\"/>"
  }

  private func plain(_ value: Double) -> String { value == value.rounded() ? String(Int(value)) : f(value) }

  /// Round steps (1, 2 or 5 times a power of ten) from 0 to `limit`.
  private func ticks(_ limit: Double, about count: Double) -> [Double] {
    let rough = max(limit, 1) / count
    var power = 1.0
    while power * 10 <= rough { power *= 10 }
    while power > rough { power /= 10 }
    let step = max([1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? power, limit <= 1 ? 0.5 : 1)
    return Array(stride(from: 0, through: limit, by: step))
  }
}
