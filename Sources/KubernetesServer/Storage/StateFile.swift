import Dispatch
import SQLiteShim
import Synchronization

/// The SQLite file under the data directory: one row an object, and the last resource version.
///
/// It is written through a write-ahead log. With `.powerCut` a committed transaction also survives a power cut: the log is
/// flushed to the disk before the commit returns. With `.process` it survives the end of the process alone.
///
/// Used by the store's writer only, but for `checkpoint`, which has a connection of its own.
final class StateFile: @unchecked Sendable {
  // @unchecked: `file` and the statements are touched by `load`, before there is a writer, and then by the writer,
  // which is one at a time; `side` is used on `checkpoints` alone.

  /// What one write leaves in the file.
  enum Row: Sendable {
    case insert(StoredObject)
    case update(StoredObject)
    case remove(StoredObject)
  }

  /// Pages in the log from which it is copied into the file beside the writes, and from which writes wait for that.
  private static let checkpointPages = 1_000
  private static let logPagesMax = 16_384

  private let file: SQLiteFile
  private let side: SQLiteFile
  private let checkpoints = DispatchQueue(label: "sakigake.store.checkpoints", qos: .utility)
  private let isCheckpointing = Mutex(false)
  private let begin: SQLiteStatement
  private let commit: SQLiteStatement
  private let insert: SQLiteStatement
  private let update: SQLiteStatement
  private let remove: SQLiteStatement
  private let setVersion: SQLiteStatement

  /// - Throws: `SQLiteFailure`; `.damaged` where the file cannot be trusted.
  init(path: String, durability: EmbeddedAPIServer.Durability) throws {
    // Secrets are in it: SQLite gives its log and index the mode of the file that it finds.
    try PrivateFile.touch(path)
    try StateSchema.checkHeader(path)
    file = try SQLiteFile(path, .create)
    file.keepLogOnClose(true)
    try StateSchema.prepare(file)
    try file.execute("PRAGMA synchronous = \(durability == .powerCut ? "FULL" : "NORMAL")")
    // The log is copied into the file by a connection of its own, so that no write waits for it.
    try file.execute("PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = \(64 << 20); PRAGMA cache_size = -2048")
    side = try SQLiteFile(path, .readWrite)
    side.keepLogOnClose(true)
    try side.execute("PRAGMA cache_size = -512")
    begin = try file.prepare("BEGIN IMMEDIATE")
    commit = try file.prepare("COMMIT")
    insert = try file.prepare(
      "INSERT INTO object (id, resource, namespace, name, version, checksum, body) VALUES (?1, ?4, ?5, ?6, ?2, ?3, ?7)")
    update = try file.prepare("UPDATE object SET version = ?2, checksum = ?3, body = ?7 WHERE id = ?1")
    remove = try file.prepare("DELETE FROM object WHERE id = ?1")
    setVersion = try file.prepare("UPDATE latest SET version = ?1 WHERE id = 0")
    file.measureLog()
  }

  /// The objects in no order, and the last version that was given.
  /// - Throws: `.damaged` where an object is not what was stored.
  func load() throws(SQLiteFailure) -> (objects: [StoredObject], version: Int64) {
    var objects: [StoredObject] = []
    try Self.forEachObject(in: file) { objects.append($0) }
    file.keepLogOnClose(false)
    return (objects, try file.integer("SELECT version FROM latest WHERE id = 0") ?? 1)
  }

  /// - Throws: `.damaged` where an object is not what was stored.
  static func verify(_ file: SQLiteFile) throws(SQLiteFailure) { try forEachObject(in: file) { _ in } }

  private static func forEachObject(in file: SQLiteFile, _ body: (StoredObject) -> Void) throws(SQLiteFailure) {
    let rows = try file.prepare("SELECT id, resource, namespace, name, version, checksum, body FROM object")
    // Resources and namespaces are few: one string for all objects of each.
    var names: [String: String] = [:]
    func shared(_ name: String) -> String {
      if let known = names[name] { return known }
      names[name] = name
      return name
    }
    while try rows.step() {
      let key = ObjectKey(resource: shared(rows.text(1)), namespace: shared(rows.text(2)), name: rows.text(3))
      let bytes = rows.bytes(6)
      guard rows.isNull(5) || rows.integer(5) == Checksum.of(bytes),
        let object = StoredObject(key: key, row: rows.integer(0), version: rows.integer(4), bytes: bytes)
      else {
        throw SQLiteFailure(
          cause: .damaged, path: file.path,
          reason: "the object \(key.resource) \"\(key.namespace)/\(key.name)\" is not what was stored")
      }
      body(object)
    }
  }

  /// Writes all rows and the version in one transaction: all of them, or none where it throws.
  func commit(_ rows: [Row], version: Int64) throws(SQLiteFailure) {
    do throws(SQLiteFailure) {
      try begin.run()
      for row in rows { try write(row) }
      setVersion.bind(1, version)
      try setVersion.run()
      try commit.run()
    } catch {
      // SQLite has rolled some failed transactions back itself.
      if file.isInTransaction { try? file.execute("ROLLBACK") }
      throw error
    }
    shortenLog()
  }

  private func write(_ row: Row) throws(SQLiteFailure) {
    switch row {
    case .insert(let object):
      insert.bind(4, object.key.resource)
      insert.bind(5, object.key.namespace)
      insert.bind(6, object.key.name)
      try put(object, insert)
    case .update(let object): try put(object, update)
    case .remove(let object):
      remove.bind(1, object.row)
      try remove.run()
    }
  }

  private func put(_ object: StoredObject, _ statement: SQLiteStatement) throws(SQLiteFailure) {
    statement.bind(1, object.row)
    statement.bind(2, object.version)
    statement.bind(3, Checksum.of(object.bytes))
    try statement.run(binding: 7, object.bytes)
  }

  /// Copies the log into the file beside the writes; what cannot be copied now stays in the log, and is not lost.
  private func shortenLog() {
    if file.logPages >= Self.logPagesMax { return (try? file.checkpoint(SQLITE_CHECKPOINT_TRUNCATE)) ?? () }
    guard file.logPages >= Self.checkpointPages, !isCheckpointing.withLock({ $0.exchanged(true) }) else { return }
    checkpoints.async { [self] in
      try? side.checkpoint()
      isCheckpointing.withLock { $0 = false }
    }
  }
}

extension Bool {
  fileprivate mutating func exchanged(_ new: Bool) -> Bool {
    defer { self = new }
    return self
  }
}

/// Tells a text from one that the disk changed. Eight bytes at a time; not against people who mean harm.
enum Checksum {
  static func of(_ bytes: [UInt8]) -> Int64 {
    // The multiplier is that of splitmix64 (Steele, Lea, Flood 2014).
    let multiplier: UInt64 = 0xBF58_476D_1CE4_E5B9
    var sum = UInt64(bytes.count) &* multiplier
    bytes.withUnsafeBytes { buffer in
      var index = 0
      while index + 8 <= buffer.count {
        let word = UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        sum = (sum ^ word) &* multiplier
        sum ^= sum >> 29
        index += 8
      }
      while index < buffer.count {
        sum = (sum ^ UInt64(buffer[index])) &* multiplier
        sum ^= sum >> 29
        index += 1
      }
    }
    return Int64(bitPattern: sum)
  }
}
