import Kubernetes

/// In which order the changes of one look are made: what an announced push needs comes first, and what it means for
/// other pushes' status after it, in slices between which a further announcement is let in. What is then left out is
/// decided anew by the next look.
package struct LookPlan {
  package static let sliceChanges = 8

  package private(set) var first: [Change] = []
  package private(set) var rest: [[Change]] = []

  package init(_ changes: [Change], announced: Set<NamespacedName>) {
    var later: [Change] = []
    for change in changes {
      let isFirst = !announced.isEmpty && (Self.campaign(of: change).map(announced.contains) ?? true)
      if isFirst { first.append(change) } else { later.append(change) }
    }
    for change in later {
      // A note stays with the change that it tells of.
      if case .record = change, !rest.isEmpty {
        rest[rest.count - 1].append(change)
      } else if let last = rest.last, last.count < Self.sliceChanges {
        rest[rest.count - 1].append(change)
      } else {
        rest.append([change])
      }
    }
  }

  /// The campaign that a change is about; nil where it is about something else.
  private static func campaign(of change: Change) -> NamespacedName? {
    switch change {
    case .patch(let target, _, _, _, _) where target.resource == .pushCampaigns:
      NamespacedName(target.namespace, target.name)
    case .record(let note) where note.about.kind == PushCampaign.resource.kind:
      NamespacedName(note.about.namespace, note.about.name)
    default: nil
    }
  }
}
