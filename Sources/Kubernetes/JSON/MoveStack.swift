/// A stack whose top elements can be moved out into an array of exactly their number, without copying each.
///
/// The JSON reader collects the elements of every open container on one such stack, so that each finished container
/// is one allocation of the right size.
struct MoveStack<Element>: ~Copyable {
  private var storage: UnsafeMutablePointer<Element>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = max(capacity, 1)
    storage = .allocate(capacity: self.capacity)
  }

  deinit {
    storage.deinitialize(count: count)
    storage.deallocate()
  }

  @inline(__always)
  mutating func push(_ element: consuming Element) {
    if count == capacity { grow() }
    (storage + count).initialize(to: element)
    count += 1
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: storage, count: count)
    storage.deallocate()
    storage = larger
    capacity *= 2
  }

  subscript(index: Int) -> Element {
    @inline(__always) get { storage[index] }
    @inline(__always) set { storage[index] = newValue }
  }

  /// Takes everything from `start` on off the stack.
  mutating func popAll(from start: Int) -> [Element] {
    let length = count - start
    guard length > 0 else { return [] }
    let source = storage + start
    count = start
    return [Element](unsafeUninitializedCapacity: length) { buffer, initialized in
      buffer.baseAddress?.moveInitialize(from: source, count: length)
      initialized = length
    }
  }
}
