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
