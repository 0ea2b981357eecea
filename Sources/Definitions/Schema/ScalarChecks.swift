import Kubernetes

extension ShapeChecker {
  mutating func checkScalar(_ node: SourceNode, _ shape: Shape, at path: String) {
    guard case .scalar(let value, let text) = node.content, !value.isNull else {
      return wrongType(
        node, Self.words(for: shape), at: path, node.json.isNull ? "write a value, or leave the field out" : "")
    }
    switch shape {
    case .text: break
    case .string, .prose, .name, .serviceName, .repository, .path, .notation:
      guard let string = value.stringValue else {
        return wrongType(node, Self.words(for: shape), at: path, "put it in quotes")
      }
      checkText(node, string, shape, at: path)
    case .integer(let range):
      guard let number = value.integerValue else { return wrongNumber(node, "a whole number", value, at: path) }
      if !range.contains(Int(clamping: number)) {
        add(node, "\(path): \(number) is out of range", "use \(range.lowerBound) to \(range.upperBound)")
      }
    case .number(let bound):
      guard let number = value.doubleValue else { return wrongNumber(node, "a number", value, at: path) }
      if number <= bound { add(node, "\(path): \(text) is out of range", "use more than \(bound.plain)") }
    case .rate:
      guard let number = value.doubleValue else { return wrongNumber(node, "a number", value, at: path) }
      if number < 0 { add(node, "\(path): \(text) is below zero", "no load is written as 0") }
      if number > 1e9 { add(node, "\(path): \(text) is out of range", "use 1000000000 at most") }
    case .bool:
      if value.boolValue == nil { wrongType(node, "true or false", at: path) }
    case .word(let words):
      if !words.contains(text) {
        let meant = text.nearest(in: words).map { "did you mean \"\($0)\"?" }
        add(node, "\(path): \"\(text)\" is none of \(words.joined(separator: ", "))", meant ?? "use one of them")
      }
    default: checkMeasure(node, text, shape, at: path)
    }
  }

  private mutating func wrongNumber(_ node: SourceNode, _ wanted: String, _ value: JSONValue, at path: String) {
    let isQuoted = value.stringValue.flatMap(Double.init) != nil
    wrongType(node, wanted, at: path, isQuoted ? "remove the quotes" : "write it without a unit")
  }

  private mutating func checkText(_ node: SourceNode, _ text: String, _ shape: Shape, at path: String) {
    switch shape {
    case .notation(let notation):
      if let mistake = notation.mistake(text) {
        add(node, "\(path): \"\(text)\" \(mistake.message)", mistake.remedy)
      }
    case .string where text.isEmpty: add(node, "\(path) is empty", "write a value, or leave the field out")
    case .path where !text.hasPrefix("/"): add(node, "\(path): \"\(text)\" is not a path", "begin it with /")
    case .path where !text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }):
      add(node, "\(path): \"\(text)\" is not a path", "write %XX for what is no printable ASCII letter")
    case .name where !text.isDNSLabel: add(node, "\(path): \"\(text)\" is not a name", Self.nameRemedy)
    case .serviceName where !text.isDNSLabel || text.first?.isNumber == true:
      add(node, "\(path): \"\(text)\" is not a service's name", "\(Self.nameRemedy), and a letter first")
    case .repository where !text.isRepository:
      let hasTag = text.contains(":") || text.contains("@")
      add(
        node, "\(path): \"\(text)\" is not an image's repository",
        hasTag ? "leave out the tag: it comes with the deployment" : "use a-z, 0-9, -, _ and ., with / between parts")
    default: break
    }
  }

  private mutating func checkMeasure(_ node: SourceNode, _ text: String, _ shape: Shape, at path: String) {
    switch shape {
    case .quantity:
      let form = "write it as 250m, 1.5 or 256Mi"
      guard let amount = Quantity(parsing: text) else {
        return add(node, "\(path): \"\(text)\" is not an amount", form)
      }
      if amount <= .zero { add(node, "\(path): \(text) is out of range", "use more than nothing") }
    case .duration:
      guard let seconds = Units.seconds(text) else {
        return add(node, "\(path): \"\(text)\" is not a duration", "write it as 90s, 2m or 500ms")
      }
      if seconds > 86_400 { add(node, "\(path): \(text) is out of range", "use a day at most") }
    case .percent(let most):
      guard let share = Units.share(text) else {
        return add(node, "\(path): \"\(text)\" is not a percentage", "write it as 60%")
      }
      if share <= 0 || share * 100 > most {
        add(node, "\(path): \(text) is out of range", "use more than 0% and up to \(most.plain)%")
      }
    default: break
    }
  }

  static func words(for shape: Shape) -> String {
    switch shape {
    case .notation(let notation): notation.noun
    case .integer: "a whole number"
    case .number, .rate: "a number"
    case .bool: "true or false"
    case .quantity: "an amount, such as 250m or 256Mi"
    case .duration: "a duration, such as 90s"
    case .percent: "a percentage, such as 60%"
    case .name, .serviceName: "a name"
    case .path: "a path"
    default: "a text"
    }
  }
}

extension String {
  /// RFC 1123 as Kubernetes asks for it.
  package var isDNSLabel: Bool {
    isMade(of: { $0.isLowercase || $0.isDigit || $0 == 0x2D }, ends: { $0.isLowercase || $0.isDigit }, lengthMax: 63)
  }

  /// A label's value, or its key without a domain.
  package var isLabelPart: Bool {
    isMade(
      of: { $0.isLetter || $0.isDigit || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F }, ends: { $0.isLetter || $0.isDigit },
      lengthMax: 63)
  }

  var isLabelKey: Bool {
    let parts = split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { return parts.count == 1 && isLabelPart }
    let domain = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    return parts[0].utf8.count <= 253 && domain.allSatisfy { String($0).isDNSLabel } && parts[1].isLabelPart
  }

  /// The path of an image in a registry, as the OCI distribution specification has it; a registry's host may stand first.
  package var isRepository: Bool {
    split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
      String(part).isMade(
        of: { $0.isLowercase || $0.isDigit || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F },
        ends: { $0.isLowercase || $0.isDigit }, lengthMax: 255)
    }
  }

  /// As Kubernetes has it (a C identifier, with - and . too), without the expansion that later versions allow.
  package var isVariableName: Bool {
    let bytes = Array(utf8)
    guard let first = bytes.first, !first.isDigit else { return false }
    return bytes.allSatisfy { $0.isLetter || $0.isDigit || $0 == 0x5F || $0 == 0x2D || $0 == 0x2E }
  }

  private func isMade(of inside: (UInt8) -> Bool, ends: (UInt8) -> Bool, lengthMax: Int) -> Bool {
    let bytes = Array(utf8)
    guard let first = bytes.first, let last = bytes.last, bytes.count <= lengthMax else { return false }
    return ends(first) && ends(last) && bytes.allSatisfy(inside)
  }
}

extension UInt8 {
  var isLowercase: Bool { (0x61...0x7A).contains(self) }
  var isLetter: Bool { isLowercase || (0x41...0x5A).contains(self) }
  var isDigit: Bool { (0x30...0x39).contains(self) }
}

extension Double {
  /// Without a trailing `.0`.
  var plain: String { self == rounded() && abs(self) < 1e15 ? String(Int64(self)) : String(self) }
}
