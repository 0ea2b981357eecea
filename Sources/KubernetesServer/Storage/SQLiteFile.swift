import SQLiteShim

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An operation on an SQLite file that failed, in terms of what its owner can do.
struct SQLiteFailure: Error, CustomStringConvertible {
  enum Cause: Sendable { case full, damaged, other }
  var cause: Cause
  var path: String
  /// What SQLite and the system say.
  var reason: String

  var description: String {
    switch cause {
    case .full: "the disk that holds \(path) is full (\(reason)): free some space on it"
    case .damaged: "\(path) is damaged: \(reason)"
    case .other: "\(path): \(reason)"
    }
  }
}

/// A connection to an SQLite file (https://www.sqlite.org/c3ref/intro.html). Used by one thread at a time.
final class SQLiteFile {
  enum Access { case read, readWrite, create }

  let path: String
  fileprivate let handle: OpaquePointer

  init(_ path: String, _ access: Access) throws(SQLiteFailure) {
    var opened: OpaquePointer?
    let flags =
      switch access {
      case .read: SQLITE_OPEN_READONLY
      case .readWrite: SQLITE_OPEN_READWRITE
      case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      }
    let code = sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
    guard let opened else {
      throw SQLiteFailure(cause: .other, path: path, reason: String(cString: sqlite3_errstr(code)))
    }
    self.path = path
    handle = opened
    guard code == SQLITE_OK else { throw failure() }
    sqlite3_busy_timeout(handle, Self.busyMillisecondsMax)
  }

  /// Whether closing the file leaves its log beside it, and so the file as it is: for one that may be damaged.
  func keepLogOnClose(_ keeps: Bool) { _ = sakigake_sqlite_keep_log_on_close(handle, keeps ? 1 : 0) }

  /// How long another process may hold the file, in milliseconds.
  private static let busyMillisecondsMax: Int32 = 5_000

  deinit { sqlite3_close_v2(handle) }

  func execute(_ sql: String) throws(SQLiteFailure) {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
  }

  func prepare(_ sql: String) throws(SQLiteFailure) -> SQLiteStatement {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil) == SQLITE_OK,
      let statement
    else { throw failure() }
    return SQLiteStatement(statement, of: self)
  }

  /// The first column of the first row; nil where there is none.
  func integer(_ sql: String) throws(SQLiteFailure) -> Int64? {
    let statement = try prepare(sql)
    return try statement.step() ? statement.integer(0) : nil
  }

  func text(_ sql: String) throws(SQLiteFailure) -> String? {
    let statement = try prepare(sql)
    return try statement.step() ? statement.text(0) : nil
  }

  /// Whether a transaction was begun and not ended.
  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// Copies the write-ahead log into the file as far as nobody is in the way; never waits for anybody.
  /// - Parameter mode: `SQLITE_CHECKPOINT_PASSIVE`, or `_TRUNCATE`, which waits for readers and empties the log.
  func checkpoint(_ mode: Int32 = SQLITE_CHECKPOINT_PASSIVE) throws(SQLiteFailure) {
    let code = sqlite3_wal_checkpoint_v2(handle, nil, mode, nil, nil)
    guard code == SQLITE_OK || code == SQLITE_BUSY else { throw failure() }
  }

  /// The length of the write-ahead log after the last commit, in pages, once `measureLog` was called.
  private(set) var logPages = 0

  func measureLog() {
    // SQLite calls back on the thread that commits, which is the one that uses this connection.
    sqlite3_wal_hook(
      handle,
      { file, _, _, pages in
        if let file { Unmanaged<SQLiteFile>.fromOpaque(file).takeUnretainedValue().logPages = Int(pages) }
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Copies the whole file, as it is at one moment, into another one, whoever writes meanwhile.
  func copy(to target: SQLiteFile) throws(SQLiteFailure) {
    guard let backup = sqlite3_backup_init(target.handle, "main", handle, "main") else { throw target.failure() }
    let step = sqlite3_backup_step(backup, -1)
    let end = sqlite3_backup_finish(backup)
    guard step == SQLITE_DONE, end == SQLITE_OK else { throw target.failure() }
  }

  func failure() -> SQLiteFailure {
    let code = sqlite3_errcode(handle)
    let system = sqlite3_system_errno(handle)
    var reason = String(cString: sqlite3_errmsg(handle))
    let isInputOutput = code & 0xFF == SQLITE_IOERR || code & 0xFF == SQLITE_CANTOPEN
    if isInputOutput, system != 0 { reason += ": \(String(cString: strerror(system)))" }
    let cause: SQLiteFailure.Cause =
      switch code & 0xFF {
      case SQLITE_FULL: .full
      // A quota, or a limit of the process on the size of files, is as good as a full disk.
      case SQLITE_IOERR where [ENOSPC, EDQUOT, EFBIG].contains(system): .full
      case SQLITE_CORRUPT, SQLITE_NOTADB: .damaged
      default: .other
      }
    return SQLiteFailure(cause: cause, path: path, reason: reason)
  }
}

/// A prepared statement. Columns are counted from 0, parameters from 1.
final class SQLiteStatement {
  private let handle: OpaquePointer
  private let file: SQLiteFile
  /// SQLITE_TRANSIENT, a macro that is not imported: SQLite takes a copy.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  fileprivate init(_ handle: OpaquePointer, of file: SQLiteFile) {
    self.handle = handle
    self.file = file
  }

  deinit { sqlite3_finalize(handle) }

  func bind(_ parameter: Int32, _ value: Int64) { sqlite3_bind_int64(handle, parameter, value) }

  func bind(_ parameter: Int32, _ value: String) {
    var value = value
    value.withUTF8 { text in
      _ = text.withMemoryRebound(to: CChar.self) {
        sqlite3_bind_text(handle, parameter, $0.baseAddress, Int32($0.count), Self.copied)
      }
    }
  }

  /// - Returns: whether there is a row to read.
  func step() throws(SQLiteFailure) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw file.failure()
    }
  }

  /// Runs a statement that gives no rows, so that it can be bound and run again.
  func run() throws(SQLiteFailure) {
    defer { sqlite3_reset(handle) }
    _ = try step()
  }

  /// The same with one more parameter, which is not copied.
  func run(binding parameter: Int32, _ bytes: [UInt8]) throws(SQLiteFailure) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(SQLiteFailure) in
      sqlite3_bind_blob64(handle, parameter, buffer.baseAddress, UInt64(buffer.count), nil)
      defer { sqlite3_bind_null(handle, parameter) }
      try run()
    }
  }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  func text(_ column: Int32) -> String { sqlite3_column_text(handle, column).map { String(cString: $0) } ?? "" }

  func bytes(_ column: Int32) -> [UInt8] {
    guard let start = sqlite3_column_blob(handle, column) else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }
}
