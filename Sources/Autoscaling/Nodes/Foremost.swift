extension Sequence {
  /// The first of a long list, in order, without the order of the rest.
  func foremost(_ count: Int, by precedes: (Element, Element) -> Bool) -> [Element] {
    var chosen: [Element] = []
    for element in self where count > 0 {
      if chosen.count == count {
        guard precedes(element, chosen[count - 1]) else { continue }
        chosen.removeLast()
      }
      chosen.insert(element, at: chosen.firstIndex { precedes(element, $0) } ?? chosen.count)
    }
    return chosen
  }
}
