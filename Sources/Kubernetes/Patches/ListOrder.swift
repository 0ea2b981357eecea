/// In what order the elements of a merged list stand.
enum ListOrder {
  /// The elements named in `first` in that order; the others keep their order among themselves and stand before the
  /// first named element that they preceded in `original`.
  static func arrange<Element, ID: Hashable>(
    _ merged: [Element], id: (Element) -> ID, first: [ID], then original: [Element]
  ) -> [Element] {
    let named = ranks(first)
    let before = ranks(original.map(id))
    var leading: [(element: Element, id: ID, rank: Int)] = []
    var others: [(element: Element, id: ID)] = []
    for element in merged {
      let id = id(element)
      if let rank = named[id] { leading.append((element, id, rank)) } else { others.append((element, id)) }
    }
    leading.sort { $0.rank < $1.rank }
    others = others.enumerated().sorted { left, right in
      let ranks = (before[left.element.id] ?? .max, before[right.element.id] ?? .max)
      return ranks.0 == ranks.1 ? left.offset < right.offset : ranks.0 < ranks.1
    }.map(\.element)
    var arranged: [Element] = []
    arranged.reserveCapacity(merged.count)
    var next = 0
    for item in leading {
      while next < others.count, let mine = before[others[next].id], let its = before[item.id], mine < its {
        arranged.append(others[next].element)
        next += 1
      }
      arranged.append(item.element)
    }
    arranged.append(contentsOf: others[next...].map(\.element))
    return arranged
  }

  private static func ranks<ID: Hashable>(_ ids: [ID]) -> [ID: Int] {
    var ranks: [ID: Int] = [:]
    ranks.reserveCapacity(ids.count)
    for (index, id) in ids.enumerated() where ranks[id] == nil { ranks[id] = index }
    return ranks
  }
}
