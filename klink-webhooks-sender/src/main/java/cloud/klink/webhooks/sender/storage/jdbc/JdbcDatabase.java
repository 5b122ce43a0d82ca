package cloud.klink.webhooks.sender.storage.jdbc;

import java.util.Locale;
import java.util.function.Supplier;

/** The databases that {@link JdbcStorage} knows. */
public enum JdbcDatabase {
  /** SQLite 3.35 or later, in a file; one machine. */
  SQLITE("SQLite", SqliteDialect::new),

  /** H2 2.2 or later. */
  H2("H2", H2Dialect::new),

  /** PostgreSQL 13 or later; any number of nodes. */
  POSTGRESQL("PostgreSQL", PostgresDialect::new);

  private final String product;
  private final Supplier<Dialect> dialect;

  JdbcDatabase(String product, Supplier<Dialect> dialect) {
    this.product = product;
    this.dialect = dialect;
  }

  /** The beginning of the names of its resources. */
  String prefix() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its name, as drivers tell it. */
  String product() {
    return product;
  }

  Dialect dialect() {
    return dialect.get();
  }
}
