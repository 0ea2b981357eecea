#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Threads with a stack of a given size, so that what overflows a server's stack overflows here.
enum FuzzThread {
  /// Runs `body` on `count` threads, each with its number, and returns when all have.
  static func runAll(_ count: Int, stackBytes: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let threads = (0..<count).map { index in start(stackBytes) { body(index) } }
    for thread in threads { pthread_join(thread, nil) }
  }

  static func start(_ stackBytes: Int, _ body: @escaping @Sendable () -> Void) -> pthread_t {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, stackBytes)
    let thread = create(&attributes, Unmanaged.passRetained(ThreadJob(body)).toOpaque())
    pthread_attr_destroy(&attributes)
    guard let thread else { fatalError("the system gives no more threads") }
    return thread
  }

  private static func create(_ attributes: inout pthread_attr_t, _ job: UnsafeMutableRawPointer) -> pthread_t? {
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    return pthread_create(&thread, &attributes, runThreadJob, job) == 0 ? thread : nil
  }
}

private final class ThreadJob: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

#if canImport(Darwin)
  private func runThreadJob(_ job: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? { run(job) }
#else
  private func runThreadJob(_ job: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? { job.flatMap(run) }
#endif

private func run(_ job: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  CrashReport.useOwnSignalStack()
  Unmanaged<ThreadJob>.fromOpaque(job).takeRetainedValue().body()
  return nil
}
