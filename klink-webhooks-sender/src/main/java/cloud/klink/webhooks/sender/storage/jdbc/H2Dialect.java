package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.jdbc.Sql.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/** H2: one writer at a time, by a row that each locks first. */
final class H2Dialect implements EmbeddedDialect {
  private static final String LOCK = "SELECT id FROM klink_writer WHERE id = 1 FOR UPDATE";

  private static final String PLACE =
      "SELECT 'database ' || CURRENT_CATALOG || ', schema ' || CURRENT_SCHEMA";

  /** In memory, at a server, or by a file system that an interrupt does not harm. */
  private static final Pattern SAFE =
      Pattern.compile("^jdbc:h2:(mem|tcp|ssl|async|nioMemFS|nioMemLZF|memFS|memLZF|zip):");

  private static final String INSERT_EVENT = """
      INSERT INTO klink_event (environment, event_id, created_at, body, traceparent)
      SELECT n.environment, n.event_id, n.created_at, n.body, n.traceparent
      FROM (
        SELECT CAST(? AS SMALLINT) AS environment, CAST(? AS VARCHAR) AS event_id,
            CAST(? AS BIGINT) AS created_at, CAST(? AS BLOB) AS body,
            CAST(? AS VARCHAR) AS traceparent
      ) n
      WHERE NOT EXISTS (
        SELECT 1
        FROM klink_event e
        WHERE e.environment = n.environment
          AND e.event_id = n.event_id
      )
      """;

  /** CONCURRENT_UPDATE_1, LOCK_TIMEOUT_1, DEADLOCK_1. */
  private static final Set<Integer> CONFLICTS = Set.of(90131, 50200, 40001);

  /**
   * OBJECT_CLOSED, DATABASE_ALREADY_OPEN_1, IO_EXCEPTION_1, FILE_CORRUPTED_1, IO_EXCEPTION_2,
   * FILE_RENAME_FAILED_2, FILE_DELETE_FAILED_1, FILE_CREATION_FAILED_1, CONNECTION_BROKEN_1,
   * FILE_NOT_FOUND_1, DATABASE_IS_READ_ONLY, DATABASE_IS_CLOSED, OUT_OF_MEMORY,
   * DATABASE_CALLED_AT_SHUTDOWN, DATABASE_IS_IN_EXCLUSIVE_MODE,
   * DATABASE_NOT_FOUND_WITH_IF_EXISTS_1.
   */
  private static final Set<Integer> DOWN = Set.of(
      90007, 90020, 90028, 90030, 90031, 90024, 90025, 90062, 90067, 90124, 90097, 90098, 90108,
      90121, 90135, 90146);

  private static final int BROKEN = 90067;
  private static final int CLOSED = 90098;
  private static final int SHUT_DOWN = 90121;

  private final UninterruptibleThreads shield = new UninterruptibleThreads();

  private final FullScanSchedule fullScans;

  H2Dialect() {
    this(System::nanoTime);
  }

  /** A dialect that tells by a clock of its own when claims walk through all queues. */
  H2Dialect(LongSupplier nanoTime) {
    this.fullScans = new FullScanSchedule(nanoTime);
  }

  @Override
  public JdbcDatabase database() {
    return JdbcDatabase.H2;
  }

  @Override
  public List<String> settings() {
    return List.of("SET WRITE_DELAY 0");
  }

  @Override
  public String countsVersionTables() {
    return """
        SELECT count(*)
        FROM information_schema.tables
        WHERE table_schema = CURRENT_SCHEMA
          AND lower(table_name) = 'klink_schema_version'
        """;
  }

  @Override
  public String place(Connection connection) throws SQLException {
    return Objects.requireNonNull(
        Sql.query(connection, PLACE, row -> row.getString(1)).get(0));
  }

  @Override
  public List<String> warnings(Connection connection) throws SQLException {
    return isFile(connection)
        ? List.of("an interrupt while a thread commits on this H2 closes its file, and the database"
            + " with it. The storage's own threads are safe from that; transactions of your own"
            + " are if the URL begins with jdbc:h2:async:")
        : List.of();
  }

  /** Embedded, in a file, by way of channels that an interrupt closes. */
  private static boolean isFile(Connection connection) throws SQLException {
    String url = connection.getMetaData().getURL();
    return url != null && !SAFE.matcher(url).find();
  }

  /** A connection without a pool may be the first or the last one to its file. */
  @Override
  public boolean opensFiles() {
    return true;
  }

  @Override
  public <T> T shielded(Connection connection, Shielded<T> work) throws SQLException {
    return isFile(connection) ? shield.run(work) : work.run();
  }

  @Override
  public void migrate(Connection connection, Deadline deadline, Work<Integer> migration)
      throws SQLException {
    // H2 commits at each of these statements, and of two nodes at once, one fails in any way. Each
    // statement does no harm when it is run again.
    try {
      migration.on(connection);
    } catch (SQLException e) {
      throw new ConcurrentInsertException(e);
    }
  }

  @Override
  public <T> T limited(Connection connection, Deadline deadline, Work<T> work) throws SQLException {
    // Locks have a time limit of their own, of seconds, and the deadline is over all rounds.
    return work.on(connection);
  }

  @Override
  public <T> T write(Connection connection, Deadline deadline, Work<T> work) throws SQLException {
    return Transactions.run(connection, c -> {
      join(c);
      return work.on(c);
    });
  }

  @Override
  public <T> T read(Connection connection, Deadline deadline, Work<T> work) throws SQLException {
    return Transactions.run(connection, work);
  }

  @Override
  public FailureMeaning meaning(SQLException e) {
    int code = e.getErrorCode();
    if (CONFLICTS.contains(code)) {
      return FailureMeaning.CONFLICT;
    }
    return DOWN.contains(code)
        ? FailureMeaning.UNAVAILABLE
        : FailureMeaning.ofState(e.getSQLState());
  }

  @Override
  public boolean isUseless(SQLException e) {
    return switch (e.getErrorCode()) {
      case BROKEN, CLOSED, SHUT_DOWN -> true;
      default -> false;
    };
  }

  @Override
  public void join(Connection connection) throws SQLException {
    Sql.query(connection, LOCK, row -> row.getInt(1));
  }

  @Override
  public FullScanSchedule fullScans() {
    return fullScans;
  }

  @Override
  public String insertEvent() {
    return INSERT_EVENT;
  }
}
