#include <sqlite3.h>

/// Whether closing the last connection copies the write-ahead log into the file and removes it.
/// (sqlite3_db_config takes variable arguments, which Swift does not call.)
static inline int sakigake_sqlite_keep_log_on_close(sqlite3 *database, int keep) {
  return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep, (int *)0);
}
