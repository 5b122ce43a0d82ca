package cloud.klink.webhooks.verifier.deduplication;

import cloud.klink.webhooks.verifier.deduplication.Database.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** The table of {@link JdbcProcessedEvents}: makes it, and proves that a database can keep it. */
final class ProcessedEventsTable {
  private static final String NAME = "klink_processed_events";

  /** The proof's time, which no purge that runs meanwhile takes for old. */
  private static final Instant NOW = Instant.parse("9999-01-01T00:00:00Z");

  private static final Instant LEASE_END = NOW.plus(Duration.ofDays(1));

  private ProcessedEventsTable() {}

  static String ddl() {
    try (InputStream in = ProcessedEventsTable.class.getResourceAsStream("processed-events.sql")) {
      if (in == null) {
        throw new IllegalStateException("The jar lacks its processed-events.sql");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the table, unless it is there. Not every database knows IF NOT EXISTS. */
  static void create(Session session) throws SQLException {
    if (exists(session.connection())) {
      return;
    }
    // Drivers differ in whether they take comments and a semicolon.
    String statement = ddl().replaceAll("(?m)^--.*\\R", "").replace(";", "").strip();
    try {
      session.execute(statement);
    } catch (SQLException e) {
      session.afterFailure();
      // Another node may have made it meanwhile.
      if (!exists(session.connection())) {
        throw e;
      }
    }
  }

  /** Looks in the schema that tables are created in, not anywhere on a search path. */
  private static boolean exists(Connection connection) throws SQLException {
    DatabaseMetaData data = connection.getMetaData();
    for (String name : List.of(NAME, NAME.toUpperCase(Locale.ROOT))) {
      try (ResultSet tables =
          data.getTables(connection.getCatalog(), connection.getSchema(), name, null)) {
        while (tables.next()) {
          if (tables.getString("TABLE_NAME").equalsIgnoreCase(NAME)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Does with keys of its own what receivers do, and refuses a database that does otherwise. */
  static void prove(JdbcProcessedEvents events) {
    String prefix = "migrate:" + UUID.randomUUID() + ":";
    Claim small = events.claim(prefix + "a", NOW, LEASE_END);
    Claim capital = events.claim(prefix + "A", NOW, LEASE_END);
    Claim space = events.claim(prefix + "a ", NOW, LEASE_END);
    List<Claim> all = List.of(small, capital, space);
    check(all.stream().allMatch(Claim::isGranted), "it takes different keys for one");
    check(isInProgress(claimAgain(events, small, NOW)), "it gives one key to two");
    check(events.renew(small, LEASE_END.plusSeconds(1)), "it does not renew a claim");
    check(events.done(capital, NOW), "it does not mark a claim");
    check(claimAgain(events, capital, LEASE_END).isDone(), "it forgets what it marked");
    check(events.release(space), "it does not release a claim");
    Claim again = events.claim(space.key(), NOW, LEASE_END);
    check(again.isGranted() && events.release(again), "it keeps what is released");
    all.forEach(claim -> events.remove(claim.key()));
  }

  private static Claim claimAgain(JdbcProcessedEvents events, Claim claim, Instant now) {
    return events.claim(claim.key(), now, now.plusSeconds(1));
  }

  private static boolean isInProgress(Claim claim) {
    return !claim.isGranted() && !claim.isDone();
  }

  private static void check(boolean holds, String fault) {
    if (!holds) {
      throw new ProcessedEventsException(
          NAME + ": this database cannot keep it: " + fault
              + "; use one that JdbcProcessedEvents names, and its table as ddl() has it",
          null);
    }
  }
}
