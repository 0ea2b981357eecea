import Kubernetes

/// Which counters may count a group of pods, and which groups a counter may count, so that not all are asked: mostly a
/// counter is about the pods of one owner, or of one value of a label.
struct PickerIndex: Sendable {
  private enum Key: Sendable, Hashable {
    case owner(String)
    case label(String, String)
  }
  /// In the order of their numbers, as all lists here.
  private var counters: [Key: [Int]] = [:]
  private var groups: [Key: [Int]] = [:]
  /// Counters that may be about any pods.
  private var broad: [Int] = []
  private var groupCount = 0

  /// What all groups have that a picker picks; nil where it takes more to tell.
  private static func key(of picker: PodPicker) -> Key? {
    switch picker {
    case .owned(_, let ownerUID): .owner(ownerUID)
    case .spread(_, let selector): selector?.matchLabels.min { $0.key < $1.key }.map { .label($0.key, $0.value) }
    case .matching, .repelling, .drawing: nil
    }
  }

  private static func keys(of group: PodGroup) -> [Key] {
    [.owner(group.ownerUID)] + group.labels.map { .label($0.key, $0.value) }
  }

  /// - Returns: the groups that the next counter may count.
  mutating func addCounter(_ number: Int, _ picker: PodPicker) -> [Int] {
    guard let key = Self.key(of: picker) else {
      broad.append(number)
      return Array(0..<groupCount)
    }
    counters[key, default: []].append(number)
    return groups[key] ?? []
  }

  /// - Returns: the counters that may count the next group.
  mutating func addGroup(_ number: Int, _ group: PodGroup) -> [Int] {
    groupCount += 1
    var found = broad
    for key in Self.keys(of: group) {
      groups[key, default: []].append(number)
      found += counters[key] ?? []
    }
    return found.sorted()
  }
}
