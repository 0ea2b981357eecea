/// In what order the elements of a merged list stand.
enum ListOrder {
  /// As server-side apply does it: what only the live list has keeps its place, what is stated keeps its order, and
  /// what is new stands where it was stated, behind the elements that only the live list has.
  static func weave<ID: Hashable>(_ live: [ID], _ stated: [ID]) -> [ID] {
    let isStated = Set(stated)
    let isLive = Set(live)
    var woven: [ID] = []
    woven.reserveCapacity(live.count + stated.count)
    var position = 0
    for id in stated {
      // A shared element waits for those that only the live list has before it; elements moved forward are passed by.
      while position < live.count {
        let next = live[position]
        if isStated.contains(next) {
          guard next != id, isLive.contains(id) else { break }
        } else {
          woven.append(next)
        }
        position += 1
      }
      if position < live.count, live[position] == id { position += 1 }
      woven.append(id)
    }
    woven.append(contentsOf: live[position...].filter { !isStated.contains($0) })
    return woven
  }

  /// As strategic merge patch does it: the elements named in `first` in that order; the others keep their order among
  /// themselves and stand before the first named element that they preceded in `original`.
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
