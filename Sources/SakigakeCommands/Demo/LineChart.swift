/// A small chart as SVG: lines over seconds, a shaded span, and marks. Self-contained, so that a report needs no network.
struct LineChart {
  struct Series {
    var name: String
    /// A CSS class of the page, which gives the colour in light and dark.
    var style: String
    var points: [(second: Double, value: Double)]
    var isArea = false
    var isStep = false
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
    var out = "<figure><figcaption>\(title)<span>\(unit)</span></figcaption>"
    out += "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\" aria-label=\"\(title)\">"
    if let shaded {
      out += "<rect class=\"spike\" x=\"\(f(x(shaded.lowerBound)))\" y=\"\(f(Self.top))\" "
      out +=
        "width=\"\(f(x(shaded.upperBound) - x(shaded.lowerBound)))\" height=\"\(f(Self.height - Self.top - Self.bottom))\"/>"
    }
    out += grid
    for series in series { out += path(series) }
    for mark in marks where seconds.contains(mark.second) {
      out +=
        "<line class=\"mark\" x1=\"\(f(x(mark.second)))\" x2=\"\(f(x(mark.second)))\" y1=\"\(f(Self.top))\" y2=\"\(f(Self.height - Self.bottom))\"/>"
      out += "<text class=\"marktext\" x=\"\(f(x(mark.second) + 3))\" y=\"\(f(Self.top + 9))\">\(mark.label)</text>"
    }
    out += "</svg><div class=\"legend\">"
    for series in series { out += "<span><i class=\"\(series.style)\"></i>\(series.name)</span>" }
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
    for value in ticks(seconds.upperBound, about: 8) where value >= seconds.lowerBound {
      out +=
        "<text class=\"tick\" text-anchor=\"middle\" x=\"\(f(x(value)))\" y=\"\(f(Self.height - 7))\">\(plain(value)) s</text>"
    }
    return out
  }

  private func path(_ series: Series) -> String {
    guard let first = series.points.first, let last = series.points.last else { return "" }
    var data = "M\(f(x(first.second))) \(f(y(first.value)))"
    for point in series.points.dropFirst() {
      data +=
        series.isStep ? "H\(f(x(point.second)))V\(f(y(point.value)))" : "L\(f(x(point.second))) \(f(y(point.value)))"
    }
    guard series.isArea else { return "<path class=\"line \(series.style)\" d=\"\(data)\"/>" }
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
