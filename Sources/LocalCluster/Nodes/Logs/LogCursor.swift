import ChildProcesses
import Kubernetes
import KubernetesServer

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads one run's log for one client, file after file, and goes on with the growth of the last where that is wanted.
///
/// A file stays open until its end although it was renamed meanwhile; then comes the next one in order, so that two
/// quick rotations lose nothing that still exists.
actor LogCursor {
  private static let chunkBytes = 65_536

  private let files: LogFiles
  private let log: ContainerLog?
  private let options: LogOptions
  private let stream: LogLine.Stream?
  private var growth: AsyncStream<Void>.Iterator?
  private var descriptor: Int32 = -1
  private var path = ""
  private var pending: [UInt8] = []
  private var bytesLeft: Int
  private var isInsideLine = false
  private var isOver = false

  /// - Parameters:
  ///   - log: the writer, while it writes.
  ///   - stream: the only one wanted; nil reads both.
  init(files: LogFiles, log: ContainerLog?, options: LogOptions, only stream: LogLine.Stream? = nil) {
    self.stream = stream
    self.files = files
    self.log = log
    self.options = options
    bytesLeft = options.limitBytes ?? .max
    // Before the first look at the files, or growth in between would go unnoticed.
    if options.follow { growth = log?.growth()?.makeAsyncIterator() }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The next bytes to send; nil at the end.
  func next() async throws -> [UInt8]? {
    if path.isEmpty { try start() }
    while !isOver, bytesLeft > 0 {
      let chunk = try readChunk()
      if !chunk.isEmpty {
        pending += chunk
        let text = takeLines()
        if !text.isEmpty { return text }
        continue
      }
      if try openNext() { continue }
      guard await grown() else { isOver = true; break }
    }
    return nil
  }

  private func grown() async -> Bool {
    guard var iterator = growth else { return false }
    growth = nil
    let element: Void? = await iterator.next(isolation: self)
    growth = iterator
    if element != nil { return true }
    // Closed: what was written last may still be unread, and there are no further signals.
    growth = nil
    return true
  }

  // MARK: Files

  private func start() throws {
    var all = files.rotated + [files.current]
    var offset = 0
    if let lines = options.tailLines {
      (all, offset) = try Self.tail(all, lines: lines)
    }
    guard let first = all.first else { isOver = true; return }
    try open(first, at: offset)
  }

  private func open(_ path: String, at offset: Int) throws {
    if descriptor >= 0 { close(descriptor) }
    descriptor = systemOpen(path)
    if descriptor < 0, errno != ENOENT { throw FileError(path) }
    self.path = path
    if offset > 0 { lseek(descriptor, off_t(offset), SEEK_SET) }
  }

  private func readChunk() throws -> [UInt8] {
    guard descriptor >= 0 else { return [] }
    var count = 0
    let descriptor = descriptor
    let chunk = [UInt8](unsafeUninitializedCapacity: Self.chunkBytes) { buffer, initialized in
      repeat { count = systemRead(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
      initialized = max(0, count)
    }
    if count < 0 { throw FileError(path) }
    return chunk
  }

  /// At the end of a file: whether another one follows.
  private func openNext() throws -> Bool {
    guard descriptor >= 0, let own = FileIdentity(descriptor: descriptor) else {
      // It was not there at all; it may be by now.
      guard FileIdentity(path: files.current) != nil else { return false }
      try open(files.current, at: 0)
      return true
    }
    let all = files.rotated + [files.current]
    var foundOwn = false
    for candidate in all {
      guard let identity = FileIdentity(path: candidate) else { continue }
      if identity == own {
        foundOwn = true
      } else if foundOwn {
        try open(candidate, at: 0)
        return true
      }
    }
    if foundOwn { return false }
    // Set aside and removed while it was read: what there is now is all newer.
    guard let oldest = all.first(where: { access($0, R_OK) == 0 }) else { return false }
    try open(oldest, at: 0)
    return true
  }

  /// Where the last `lines` lines begin: the files from there on, and the offset in the first.
  private static func tail(_ all: [String], lines: Int) throws -> ([String], Int) {
    var wanted = lines
    if wanted <= 0 {
      let size = try PrivateDirectory.read(all[all.count - 1])?.count ?? 0
      return ([all[all.count - 1]], size)
    }
    for index in all.indices.reversed() {
      let bytes = try PrivateDirectory.read(all[index]) ?? []
      var position = bytes.count
      while let lineBreak = bytes[..<position].lastIndex(of: 0x0A) {
        // Each line break but the one before the wanted lines ends one of them.
        if wanted == 0 { return (Array(all[index...]), lineBreak + 1) }
        wanted -= 1
        position = lineBreak
      }
      if wanted == 0 { return (Array(all[index...]), 0) }
    }
    return (all, 0)
  }

  // MARK: Lines

  private func takeLines() -> [UInt8] {
    var result: [UInt8] = []
    var rest = pending[...]
    while let lineBreak = rest.firstIndex(of: 0x0A), bytesLeft > 0 {
      let line = rest[..<lineBreak]
      rest = rest[(lineBreak + 1)...]
      guard let parsed = LogLine.parse(line), stream == nil || parsed.stream == stream else { continue }
      if let since = options.since, let time = parsed.timestamp, time < since { continue }
      var text: [UInt8] = []
      if options.timestamps, !isInsideLine { text += parsed.time + [0x20] }
      text += parsed.text
      if !parsed.isPartial { text.append(0x0A) }
      isInsideLine = parsed.isPartial
      result += text.prefix(bytesLeft)
      bytesLeft -= min(bytesLeft, text.count)
    }
    pending = Array(rest)
    return result
  }
}

private func systemOpen(_ path: String) -> Int32 { open(path, O_RDONLY | O_CLOEXEC) }
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, bytes, count)
}
