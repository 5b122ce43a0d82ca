package cloud.klink.webhooks.verifier.receive;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Runs single statements, each a transaction of its own. */
final class Sql {
  private final DataSource dataSource;
  private final int timeoutSeconds;

  Sql(DataSource dataSource, Duration statementTimeout) {
    this.dataSource = dataSource;
    this.timeoutSeconds = (int) statementTimeout.toSeconds();
  }

  /** Work on one connection. */
  interface Work<T> {
    T on(Session session) throws SQLException;
  }

  <T> T run(String what, Work<T> work) {
    try (Connection connection = dataSource.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(true);
      try {
        return work.on(new Session(connection, timeoutSeconds));
      } finally {
        connection.setAutoCommit(autoCommit);
      }
    } catch (SQLException e) {
      throw new ProcessedEventsException("klink_processed_events: cannot " + what, e);
    }
  }

  /** A connection for some statements. */
  record Session(Connection connection, int timeoutSeconds) {
    int update(String sql, Object... arguments) throws SQLException {
      try (PreparedStatement statement = prepare(sql, arguments)) {
        return statement.executeUpdate();
      }
    }

    /** Reads a number, perhaps null, from the first row; empty if there is no row. */
    Optional<Row> read(String sql, Object... arguments) throws SQLException {
      try (PreparedStatement statement = prepare(sql, arguments);
          ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        long value = rows.getLong(1);
        return Optional.of(new Row(rows.wasNull() ? null : value));
      }
    }

    private PreparedStatement prepare(String sql, Object... arguments) throws SQLException {
      PreparedStatement statement = connection.prepareStatement(sql);
      statement.setQueryTimeout(timeoutSeconds);
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      return statement;
    }
  }

  /** A row of one number. */
  record Row(@Nullable Long value) {}
}
