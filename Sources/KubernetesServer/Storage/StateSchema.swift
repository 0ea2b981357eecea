#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The tables of the state file, and the way there from older ones.
enum StateSchema {
  /// `PRAGMA user_version` of files in this form.
  static let version: Int64 = 2

  private static let tables = """
    CREATE TABLE object (
      id INTEGER PRIMARY KEY, resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
      version INTEGER NOT NULL, checksum INTEGER, body BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS latest (id INTEGER PRIMARY KEY CHECK (id = 0), version INTEGER NOT NULL);
    INSERT OR IGNORE INTO latest (id, version) VALUES (0, 1);
    """

  /// The first bytes of every SQLite file (https://www.sqlite.org/fileformat2.html#magic_header_string).
  private static let magic = Array("SQLite format 3\0".utf8)

  /// SQLite takes a file that is shorter than its header for an empty one, and would write over it.
  /// - Throws: `.damaged` for a file that has something in it, but no database.
  static func checkHeader(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure(operation: "open", path: path, code: errno) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: magic.count)
    let count = read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw FileFailure(operation: "read", path: path, code: errno) }
    // Nothing is in a file that is about to be made, and in one whose log was not yet copied into it.
    if count == 0 || bytes == magic { return }
    throw SQLiteFailure(cause: .damaged, path: path, reason: "file is not a database")
  }

  /// Makes or checks the tables.
  /// - Throws: `.damaged` where the file is not what SQLite left, `.other` where it is of a later program.
  static func prepare(_ file: SQLiteFile) throws(SQLiteFailure) {
    try file.execute("PRAGMA journal_mode = WAL")
    try check(file)
    let found = try file.integer("PRAGMA user_version") ?? 0
    if found == version { return }
    guard found < version else {
      throw SQLiteFailure(cause: .other, path: file.path, reason: "it was written by a newer version of this program")
    }
    try file.execute("BEGIN IMMEDIATE")
    try file.execute(tables)
    if try file.integer("SELECT 1 FROM sqlite_schema WHERE name = 'objects'") != nil {
      try file.execute(
        """
        INSERT INTO object (resource, namespace, name, version, body)
          SELECT resource, namespace, name, version, body FROM objects;
        DROP TABLE objects;
        """)
    }
    try file.execute("PRAGMA user_version = \(version); COMMIT")
  }

  /// - Throws: `.damaged` where SQLite finds its own structures broken.
  static func check(_ file: SQLiteFile) throws(SQLiteFailure) {
    let verdict = try file.text("PRAGMA quick_check(1)") ?? "ok"
    guard verdict == "ok" else { throw SQLiteFailure(cause: .damaged, path: file.path, reason: verdict) }
  }
}
