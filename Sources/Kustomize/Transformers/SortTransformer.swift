/// Puts the resources into the legacy order: by kind, then by ID.
struct SortTransformer: Transformer {
  let options: SortOptions?
  let place: Place

  func transform(_ set: ResourceSet) throws(KustomizeError) {
    guard let options else { return }
    guard ["fifo", "legacy"].contains(options.order) else {
      throw KustomizeError(at: place, "the field 'sortOptions.order' must be one of [fifo, legacy]")
    }
    if options.order == "fifo" {
      guard options.legacy == nil else {
        throw KustomizeError(
          at: place,
          "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'",
          remedy: "say order: legacy")
      }
      return
    }
    let ranks = options.legacy.map { KindRanks(first: $0.first, last: $0.last) } ?? .standard
    let keyed = set.resources.map {
      resource -> (rank: Int, gvk: GVK, kindText: String, text: String, resource: Resource) in
      let id = resource.currentID
      let text = [id.gvk.text, id.namespace.isEmpty ? "~X" : id.namespace, id.name.isEmpty ? "~N" : id.name]
        .joined(separator: "|")
      return (ranks.rank(id.gvk.kind), id.gvk, id.gvk.sortText, text, resource)
    }
    let sorted = keyed.sorted { left, right in
      if left.gvk == right.gvk { return Self.isLess(left.text, right.text) }
      if left.rank != right.rank { return left.rank < right.rank }
      if left.gvk.kind == "Namespace", right.gvk.kind == "Namespace", left.gvk.group.isEmpty || right.gvk.group.isEmpty
      {
        return Self.isLess(right.kindText, left.kindText)
      }
      return Self.isLess(left.kindText, right.kindText)
    }
    set.reorder(sorted.map(\.resource))
    try set.checkDistinct()
  }

  /// By bytes, as Go compares.
  private static func isLess(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}
