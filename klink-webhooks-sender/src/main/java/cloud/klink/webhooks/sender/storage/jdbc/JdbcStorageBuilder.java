package cloud.klink.webhooks.sender.storage.jdbc;

import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;

/** Builds a {@link JdbcStorage} with settings of its own. Not safe for use by several threads. */
public final class JdbcStorageBuilder {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final JdbcDatabase database;
  private final transient DataSource dataSource;
  private Duration timeout = ConnectionRules.TIMEOUT;
  private boolean isWithoutAutoCommit;

  JdbcStorageBuilder(JdbcDatabase database, DataSource dataSource) {
    this.database = Objects.requireNonNull(database, "database");
    this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
  }

  /**
   * Says that the pool hands out connections with auto-commit off, as HikariCP does with
   * {@code autoCommit=false}. What such a connection has begun is rolled back before the storage
   * uses it, and the storage commits its own work on it.
   *
   * <p>Only for a pool that is configured so. Never for a {@code DataSource} that hands out the
   * connection of a transaction that the caller has open, such as Spring's
   * {@code TransactionAwareDataSourceProxy}: that transaction would be rolled back. Give the
   * storage the {@code DataSource} that the proxy wraps.
   *
   * @return this
   */
  public JdbcStorageBuilder connectionsWithoutAutoCommit() {
    this.isWithoutAutoCommit = true;
    return this;
  }

  /**
   * How long a call may take, all repetitions included; 30 seconds unless set. It limits how long a
   * locked SQLite database is waited for, and how long PostgreSQL may work at a statement. A server
   * that does not answer at all is given up 5 seconds later. What the {@code DataSource} takes to
   * connect is limited by its own settings. {@code migrate()} has 10 minutes instead.
   *
   * @param timeout from 1 second to 10 minutes
   * @return this
   */
  public JdbcStorageBuilder timeout(Duration timeout) {
    this.timeout = Objects.requireNonNull(timeout, "timeout");
    return this;
  }

  /**
   * Builds the storage. It connects to nothing yet.
   *
   * @return the storage
   * @throws IllegalArgumentException if the timeout is out of its range
   */
  public JdbcStorage build() {
    if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "timeout: it must be from 1 second to 10 minutes, not " + timeout);
    }
    return new JdbcStorage(
        dataSource, database.dialect(), new ConnectionRules(timeout, isWithoutAutoCommit));
  }
}
