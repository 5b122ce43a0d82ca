package cloud.klink.webhooks.sender.storage.jdbc;

import java.util.Locale;

/** The databases that {@link JdbcStorage} knows. */
public enum JdbcDatabase {
  /** SQLite 3.35 or later, in a file; one machine. */
  SQLITE,

  /** H2 2.2 or later. */
  H2,

  /** PostgreSQL 13 or later; any number of nodes. */
  POSTGRESQL;

  /** The beginning of the names of its resources. */
  String prefix() {
    return name().toLowerCase(Locale.ROOT);
  }
}
