/// In what order the elements of a merged list stand.
enum ListOrder {
  /// Where an element of a woven list comes from.
  enum Source: Equatable {
    case live(Int)
    case stated(Int)
  }

  /// As server-side apply does it: what only the live list has keeps its place, what is stated keeps its order, and
  /// what is new stands where it was stated, behind the elements that only the live list has
  /// (https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/typed/merge.go).
  /// - Parameters:
  ///   - live: may have elements twice; those that are stated, too, then appear once.
  ///   - stated: distinct elements.
  static func weave<ID: Hashable>(_ live: [ID], _ stated: [ID]) -> [Source] {
    let isStated = Set(stated)
    let isLive = Set(live)
    // What both lists have comes in the stated order: the next of them that is still to come.
    let shared = stated.filter(isLive.contains)
    var nextShared = 0
    var taken: Set<ID> = []
    var woven: [Source] = []
    woven.reserveCapacity(live.count + stated.count)
    var (left, right) = (0, 0)

    func take() {
      let id = stated[right]
      taken.insert(id)
      woven.append(.stated(right))
      right += 1
      if nextShared < shared.count, shared[nextShared] == id { nextShared += 1 }
    }

    while left < live.count || right < stated.count {
      if left < live.count, right < stated.count {
        if live[left] == stated[right] {
          left += 1
          take()
          continue
        }
        if isStated.contains(live[left]), nextShared < shared.count, shared[nextShared] != live[left] {
          left += 1
          continue
        }
      }
      if left < live.count {
        if !isStated.contains(live[left]) {
          woven.append(.live(left))
          left += 1
          continue
        }
        if taken.contains(live[left]) { left += 1 }
      }
      if right < stated.count { take() }
    }
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
