import FoundationEssentials
import GRDB
import Kubernetes

/// The SQLite file under the data directory: one row an object, and the last resource version.
///
/// WAL with `synchronous = NORMAL`: a committed transaction survives the death of the process.
struct StateFile: Sendable {
  /// What one write leaves in the file.
  enum Row: Sendable {
    case put(StoredObject)
    case remove(ObjectKey)
  }

  private let queue: DatabaseQueue

  init(path: String) throws {
    // Secrets are in it: SQLite gives its log and index the mode of the file that it finds.
    try PrivateFile.touch(path)
    var configuration = GRDB.Configuration()
    configuration.journalMode = .wal
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
    }
    queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.write { database in
      try database.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS objects (
            resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
            body BLOB NOT NULL, PRIMARY KEY (resource, namespace, name));
          CREATE TABLE IF NOT EXISTS latest (id INTEGER PRIMARY KEY CHECK (id = 0), version INTEGER NOT NULL);
          INSERT OR IGNORE INTO latest (id, version) VALUES (0, 1);
          """)
    }
  }

  func load() throws -> (objects: [StoredObject], version: Int64) {
    try queue.read { database in
      var objects: [StoredObject] = []
      let rows = try GRDB.Row.fetchCursor(
        database, sql: "SELECT resource, namespace, name, version, body FROM objects")
      while let row = try rows.next() {
        let key = ObjectKey(resource: row[0], namespace: row[1], name: row[2])
        let body: Data = row[4]
        let bytes = [UInt8](body)
        objects.append(
          StoredObject(key: key, version: row[3], value: try JSONValue(parsing: bytes), bytes: bytes))
      }
      let version = try Int64.fetchOne(database, sql: "SELECT version FROM latest WHERE id = 0")
      return (objects, version ?? 1)
    }
  }

  /// Writes all rows and the version in one transaction.
  func commit(_ rows: [Row], version: Int64) throws {
    try queue.write { database in
      let put = try database.cachedStatement(
        sql: """
          INSERT INTO objects (resource, namespace, name, version, body) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (resource, namespace, name) DO UPDATE SET version = excluded.version, body = excluded.body
          """)
      let remove = try database.cachedStatement(
        sql: "DELETE FROM objects WHERE resource = ? AND namespace = ? AND name = ?")
      for row in rows {
        switch row {
        case .put(let object):
          let key = object.key
          try put.execute(arguments: [key.resource, key.namespace, key.name, object.version, Data(object.bytes)])
        case .remove(let key):
          try remove.execute(arguments: [key.resource, key.namespace, key.name])
        }
      }
      try database.cachedStatement(sql: "UPDATE latest SET version = ? WHERE id = 0").execute(arguments: [version])
    }
  }
}
