package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.internal.Ranges;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;

/** The tables and their version. */
final class Schema {
  /** The version that this library works with, and the number of its migrations. */
  static final int VERSION = 1;

  private static final String READ = "SELECT MAX(version) FROM klink_schema_version";

  private final Dialect dialect;

  Schema(Dialect dialect) {
    this.dialect = dialect;
  }

  /** The settings that a database keeps, and its migrations; each statement ends a line. */
  static String ddl(JdbcDatabase database) {
    StringBuilder ddl = new StringBuilder();
    database.dialect().settings().forEach(setting -> ddl.append(setting).append(";\n\n"));
    return ddl.append(migrations(database, 0)).toString();
  }

  /** The statements of one migration, after the settings if it is the first. */
  static String ddl(JdbcDatabase database, int version) {
    Ranges.check("version", version, 1, VERSION);
    return version == 1 ? ddl(database) : migration(database, version);
  }

  private static String migrations(JdbcDatabase database, int after) {
    StringBuilder ddl = new StringBuilder();
    for (int version = after + 1; version <= VERSION; version++) {
      ddl.append(migration(database, version));
    }
    return ddl.toString();
  }

  private static String migration(JdbcDatabase database, int version) {
    return resource(database.prefix() + "-" + version + ".sql");
  }

  static String resource(String name) {
    try (InputStream in = Schema.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("The jar lacks its " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Refuses a database that is not of this library's version, or cannot keep every text. */
  int check(Connection connection) throws SQLException {
    dialect.checkEncoding(connection);
    int version = version(connection);
    if (version < VERSION) {
      throw wrong(version, "call migrate(), or run the statements of JdbcStorage.ddl");
    }
    refuseNewer(version);
    return version;
  }

  void migrate(Connection connection, Deadline deadline) throws SQLException {
    Transactions.none(connection, c -> migrateIfOlder(c, deadline));
  }

  private int migrateIfOlder(Connection connection, Deadline deadline) throws SQLException {
    dialect.checkEncoding(connection);
    for (String setting : dialect.settings()) {
      Sql.execute(connection, setting);
    }
    int version = version(connection);
    refuseNewer(version);
    if (version < VERSION) {
      dialect.migrate(connection, deadline, this::apply);
    } else {
      dialect.awaitCopies(connection);
    }
    return version;
  }

  private int apply(Connection connection) throws SQLException {
    // Another node may have been faster.
    int version = version(connection);
    refuseNewer(version);
    if (version == VERSION) {
      dialect.awaitCopies(connection);
    }
    for (String statement : migrations(dialect.database(), version).split(";\\s*\n", -1)) {
      if (!statement.isBlank()) {
        Sql.execute(connection, statement);
      }
    }
    return VERSION;
  }

  private int version(Connection connection) throws SQLException {
    boolean there = Sql.query(connection, dialect.countsVersionTables(), row -> row.getInt(1))
            .get(0)
        > 0;
    return there ? Sql.query(connection, READ, row -> row.getInt(1)).get(0) : 0;
  }

  private static void refuseNewer(int version) {
    if (version > VERSION) {
      throw wrong(version, "update this library, which is older than the tables");
    }
  }

  private static StorageException wrong(int version, String remedy) {
    return new StorageException(
        SenderReason.STORAGE_WRONG_VERSION,
        "storage: the tables are of version " + version
            + " (0: there are none), this library needs " + VERSION + "; " + remedy,
        null);
  }
}
