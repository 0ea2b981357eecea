/// The order in which go-yaml 2 writes a map's keys: letters behind everything else, runs of digits by their value
/// (https://github.com/go-yaml/yaml/blob/v2/sorter.go).
enum KeyOrder {
  /// The positions of entries in that order.
  static func sorted(_ entries: [YAMLMapping.Entry]) -> [Int] {
    Array(entries.indices).sorted { isLess(entries[$0].key, entries[$1].key) }
  }

  static func isLess(_ left: String, _ right: String) -> Bool {
    var left = left
    var right = right
    return left.withUTF8 { l in
      right.withUTF8 { r in
        var index = 0
        while index < l.count, index < r.count, l[index] == r[index], l[index] < 0x80 { index += 1 }
        if index == l.count || index == r.count { return l.count < r.count }
        if l[index] < 0x80, r[index] < 0x80 {
          // The common case: two letters, or a letter and something else.
          let (lIsLetter, rIsLetter) = (isASCIILetter(l[index]), isASCIILetter(r[index]))
          if lIsLetter && rIsLetter { return l[index] < r[index] }
          if lIsLetter || rIsLetter { return rIsLetter }
        }
        return isLess(
          Array(String(decoding: l, as: UTF8.self).unicodeScalars),
          Array(String(decoding: r, as: UTF8.self).unicodeScalars))
      }
    }
  }

  private static func isASCIILetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  private static func isLess(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Bool {
    for index in 0..<min(left.count, right.count) where left[index] != right[index] {
      let (l, r) = (left[index], right[index])
      let (lIsLetter, rIsLetter) = (isLetter(l), isLetter(r))
      if lIsLetter && rIsLetter { return l.value < r.value }
      if lIsLetter || rIsLetter { return rIsLetter }
      var (lNumber, rNumber) = (0, 0)
      if l == "0" || r == "0" {
        var before = index - 1
        while before >= 0, isDigit(left[before]) {
          if left[before] != "0" {
            (lNumber, rNumber) = (1, 1)
            break
          }
          before -= 1
        }
      }
      let lEnd = number(left, from: index, &lNumber)
      let rEnd = number(right, from: index, &rNumber)
      if lNumber != rNumber { return lNumber < rNumber }
      if lEnd != rEnd { return lEnd < rEnd }
      return l.value < r.value
    }
    return left.count < right.count
  }

  private static func number(_ scalars: [Unicode.Scalar], from start: Int, _ value: inout Int) -> Int {
    var index = start
    while index < scalars.count, isDigit(scalars[index]) {
      value = value &* 10 &+ Int(scalars[index].value) &- 0x30
      index += 1
    }
    return index
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .decimalNumber }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }
}
