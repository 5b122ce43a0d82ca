package cloud.klink.webhooks.sender.storage.jdbc;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The databases that {@link JdbcStorage} knows. */
public enum JdbcDatabase {
  /** SQLite 3.35 or later, in a file; one machine. */
  SQLITE("SQLite"),

  /** H2 2.2 or later. */
  H2("H2"),

  /** PostgreSQL 13 or later; any number of nodes. */
  POSTGRESQL("PostgreSQL");

  private final String product;

  JdbcDatabase(String product) {
    this.product = product;
  }

  /**
   * The database of a product.
   *
   * @param productName the name that {@code DatabaseMetaData.getDatabaseProductName()} gives
   * @return the database; empty if it is not one of these
   */
  public static Optional<JdbcDatabase> ofProduct(String productName) {
    return Arrays.stream(values())
        .filter(database -> database.product.equalsIgnoreCase(productName))
        .findFirst();
  }

  /** The beginning of the names of its resources. */
  String prefix() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its name, as drivers report it. */
  String product() {
    return product;
  }

  Dialect dialect() {
    return switch (this) {
      case SQLITE -> new SqliteDialect();
      case H2 -> new H2Dialect();
      case POSTGRESQL -> new PostgresDialect();
    };
  }
}
