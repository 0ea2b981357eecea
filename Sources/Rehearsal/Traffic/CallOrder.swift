import Kubernetes

/// Who calls whom among a scenario's services, by index: in an order in which callers come before those they call, and
/// in parts that have nothing to do with one another.
struct CallOrder {
  struct Call {
    var service: Int
    var perRequest: Double
    /// The same as whole calls and a part of one.
    var whole: Int
    var part: Double
  }

  /// Of each service; without those that would close a circle.
  private(set) var calls: [[Call]]
  /// Each part's services, callers first.
  private(set) var parts: [[Int]] = []
  private(set) var partOfService: [Int]

  init(_ services: [RehearsedService]) {
    let indices = Dictionary(services.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
    calls = services.map { service in
      service.microservice.spec.calls.compactMap { call in
        guard call.perRequest > 0, let index = indices[.init(service.key.namespace, call.service)] else { return nil }
        let whole = call.perRequest.rounded(.down)
        return Call(service: index, perRequest: call.perRequest, whole: Int(whole), part: call.perRequest - whole)
      }.sorted { $0.service < $1.service }
    }
    partOfService = services.map { _ in 0 }
    let order = orderCuttingCircles()
    var joined = Array(services.indices)
    func root(_ index: Int) -> Int {
      var index = index
      while joined[index] != index { index = joined[index] }
      return index
    }
    for (index, calls) in calls.enumerated() {
      for call in calls {
        let (one, other) = (root(index), root(call.service))
        joined[max(one, other)] = min(one, other)
      }
    }
    var place: [Int: Int] = [:]
    for index in order {
      let first = root(index)
      let part = place[first] ?? parts.count
      if part == parts.count {
        place[first] = part
        parts.append([])
      }
      parts[part].append(index)
      partOfService[index] = part
    }
  }

  /// Depth first; a call to a service that is still open closes a circle and is left out.
  private mutating func orderCuttingCircles() -> [Int] {
    enum State { case fresh, open, done }
    var states = [State](repeating: .fresh, count: calls.count)
    var finished: [Int] = []
    for start in calls.indices where states[start] == .fresh {
      var stack = [(service: start, next: 0)]
      states[start] = .open
      while let top = stack.last {
        guard top.next < calls[top.service].count else {
          states[top.service] = .done
          finished.append(top.service)
          stack.removeLast()
          continue
        }
        let called = calls[top.service][top.next].service
        switch states[called] {
        case .open: calls[top.service].remove(at: top.next)
        case .fresh:
          stack[stack.count - 1].next += 1
          states[called] = .open
          stack.append((called, 0))
        case .done: stack[stack.count - 1].next += 1
        }
      }
    }
    return finished.reversed()
  }
}
