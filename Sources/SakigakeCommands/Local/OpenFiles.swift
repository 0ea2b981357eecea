#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many files this process may have open: each connection of a client is one.
enum OpenFiles {
  /// What ten thousand watches need, several times over.
  static let wanted: rlim_t = 65_536

  /// Takes as many as the system allows without asking for rights; shells start programs with 1,024.
  static func raiseLimit() {
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < wanted else { return }
    limit.rlim_cur = min(limit.rlim_max, wanted)
    // Where it is refused, what there is stays, and accepts end at it.
    setrlimit(resource, &limit)
  }
}
