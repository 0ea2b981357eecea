import Kubernetes

/// Looks for other places for pods that are to leave their nodes, on nodes that are there.
///
/// It keeps what is known of each shape of pod between passes over the same fleet.
struct PodMover: Sendable {
  private var kinds: [PodRequirements] = []
  private var kindOfShape: [ObjectIdentifier: Int] = [:]
  private static let kindsMax = 10_000
  /// By node: whether pods may be moved there.
  private var isOpen: [Bool] = []

  /// Opens the nodes that are ready and not on their way out; those outside all groups count too.
  mutating func open(_ fleet: NodeFleet) {
    isOpen = [Bool](repeating: false, count: fleet.snapshot.nodes.count)
    for node in fleet.members.indices { isOpen[node] = fleet.members[node].isReady && !fleet.members[node].isClosed }
  }

  mutating func setOpen(_ open: Bool, _ node: Int) { isOpen[node] = open }

  var openNodes: [Int] { isOpen.indices.filter { isOpen[$0] } }

  private func isOpen(_ node: Int) -> Bool { node < isOpen.count && isOpen[node] }

  /// Places all of the pods, each where it was planned if that is still good, else on the first node that takes it.
  /// - Returns: the node of each; nil where one finds none, with some of the others placed.
  mutating func places(for pods: [PodInfo], planned: [Int], in snapshot: inout ClusterSnapshot) -> [Int]? {
    var places: [Int] = []
    var start = 0
    var lastShape: PodShape?
    for (number, pod) in pods.enumerated() {
      if lastShape !== pod.shape { start = 0 }
      lastShape = pod.shape
      let plan = number < planned.count ? planned[number] : nil
      guard let place = place(pod, preferring: plan, from: &start, in: &snapshot) else { return nil }
      places.append(place)
    }
    return places
  }

  /// Whether nothing but room and the node itself decides where they may be.
  mutating func arePlain(_ pods: [PodInfo], in snapshot: inout ClusterSnapshot) -> Bool {
    for pod in pods {
      let kind = kind(of: pod.shape, in: &snapshot)
      kinds[kind].refresh(snapshot)
      if !kinds[kind].isPlain { return false }
    }
    return true
  }

  /// `places` for pods that are plain, of which the snapshot is not told.
  /// - Parameter rooms: what is left on each node; less by these pods where all of them find a place.
  mutating func places(
    for pods: [PodInfo], planned: [Int], within rooms: inout NodeRooms, in snapshot: inout ClusterSnapshot
  ) -> [Int]? {
    var places: [Int] = []
    var start = 0
    var lastShape: PodShape?
    for (number, pod) in pods.enumerated() {
      if lastShape !== pod.shape { start = 0 }
      lastShape = pod.shape
      let kind = kind(of: pod.shape, in: &snapshot)
      var place = number < planned.count ? planned[number] : -1
      if place < 0 || !isOpen(place) || !kinds[kind].fits(rooms[place], ofNode: place, in: snapshot) {
        start = Self.next(from: start, isOpen, kinds[kind].need, rooms) {
          kinds[kind].fits(rooms[$0], ofNode: $0, in: snapshot)
        }
        place = start
      }
      guard place < isOpen.count else {
        for (pod, place) in zip(pods, places) { rooms.take(pod.requests, times: -1, at: place) }
        return nil
      }
      rooms.take(pod.requests, times: 1, at: place)
      places.append(place)
    }
    return places
  }

  /// Places one pod.
  /// - Parameter start: nodes before it are passed over; on return, where the next equal pod may start.
  mutating func place(
    _ pod: PodInfo, preferring planned: Int? = nil, from start: inout Int, in snapshot: inout ClusterSnapshot
  ) -> Int? {
    let kind = kind(of: pod.shape, in: &snapshot)
    kinds[kind].refresh(snapshot)
    // Nodes only fill up, but where others are looked at they may become better.
    if !kinds[kind].looksOnlyAtTheNode { start = 0 }
    var place: Int?
    if let planned, isOpen(planned), kinds[kind].fits(planned, in: snapshot) {
      place = planned
    } else {
      start = Self.next(from: start, isOpen, kinds[kind].need, snapshot.rooms) {
        kinds[kind].fits($0, in: snapshot)
      }
      if start < isOpen.count { place = start }
    }
    guard let place else { return nil }
    snapshot.assume(pod, group: kinds[kind].group, onNode: place)
    return place
  }

  /// Places one pod on a node, open or not.
  /// - Returns: whether it fits there.
  mutating func place(_ pod: PodInfo, onNode node: Int, in snapshot: inout ClusterSnapshot) -> Bool {
    let kind = kind(of: pod.shape, in: &snapshot)
    kinds[kind].refresh(snapshot)
    guard kinds[kind].fits(node, in: snapshot) else { return false }
    snapshot.assume(pod, group: kinds[kind].group, onNode: node)
    return true
  }

  /// The first open node from one on that has the room and fits; as many as there are, or more, where none does.
  private static func next(
    from start: Int, _ isOpen: [Bool], _ need: RoomNeed, _ rooms: NodeRooms, where fits: (Int) -> Bool
  ) -> Int {
    var node = rooms.nextHope(for: need, from: start)
    while node < isOpen.count, !(isOpen[node] && fits(node)) { node = rooms.nextHope(for: need, from: node + 1) }
    return node
  }

  /// What is known of a shape, which is held with it, so that its identity stays its own.
  private mutating func kind(of shape: PodShape, in snapshot: inout ClusterSnapshot) -> Int {
    if let known = kindOfShape[ObjectIdentifier(shape)] { return known }
    if kinds.count > Self.kindsMax {
      kinds.removeAll()
      kindOfShape.removeAll()
    }
    kinds.append(PodRequirements(shape, in: &snapshot))
    kindOfShape[ObjectIdentifier(shape)] = kinds.count - 1
    return kinds.count - 1
  }
}
