package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.jdbc.Sql.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections to a PostgreSQL that may stop to answer. */
final class PostgresConnections {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcStorage.class);

  /** A server that still works says first that a statement took too long. */
  private static final int GRACE_MILLIS = 5_000;

  private static final Pattern SEVERAL_HOSTS = Pattern.compile("^jdbc:postgresql://[^/?]*,");

  private PostgresConnections() {}

  /**
   * Has each wait for an answer end some time after the deadline, that for a commit too, for which
   * the server has no limit. A shorter limit of the user's is kept.
   */
  static <T> T limited(Connection connection, Deadline deadline, Work<T> work) throws SQLException {
    int before;
    int limit = deadline.millis() + GRACE_MILLIS;
    try {
      before = connection.getNetworkTimeout();
      if (before > 0 && before <= limit) {
        return work.on(connection);
      }
      connection.setNetworkTimeout(Runnable::run, limit);
    } catch (SQLFeatureNotSupportedException e) {
      return work.on(connection);
    }
    try {
      return work.on(connection);
    } finally {
      restore(connection, before);
    }
  }

  private static void restore(Connection connection, int millis) {
    try {
      connection.setNetworkTimeout(Runnable::run, millis);
    } catch (SQLException e) {
      // The connection is closed; what was thrown before says why.
      LOG.debug("cannot set the network timeout back", e);
    }
  }

  /** Ends a transaction of which the driver does not know. */
  static void rollback(Connection connection) {
    try {
      Sql.execute(connection, "ROLLBACK");
    } catch (SQLException e) {
      // The connection is closed; what was thrown before says why.
      LOG.debug("cannot roll back", e);
    }
  }

  /**
   * Whether a connection is broken, its server shuts down, or it can only read, as after a
   * switchover.
   */
  static boolean isUseless(@Nullable String state) {
    return state != null
        && (state.startsWith("08")
            || state.startsWith("57P")
            || state.equals("25006")
            || state.equals("25P03"));
  }

  static List<String> warnings(Connection connection) throws SQLException {
    String url = String.valueOf(connection.getMetaData().getURL());
    List<String> missing = new ArrayList<>();
    if (networkTimeout(connection) == 0) {
      missing.add("socketTimeout");
    }
    if (url.contains("connectTimeout=0")) {
      missing.add("connectTimeout");
    }
    if (!url.contains("tcpKeepAlive=true")) {
      missing.add("tcpKeepAlive=true");
    }
    List<String> warnings = new ArrayList<>();
    if (!missing.isEmpty()) {
      warnings.add("as far as the URL of the PostgreSQL connections shows, " + missing
          + " is not set. Each call is limited all the same, but a server that stops to answer while"
          + " a connection is being made, or in a transaction of your own, may be waited for without"
          + " end; see RUNNING.md");
    }
    if (SEVERAL_HOSTS.matcher(url).find() && !url.contains("targetServerType=")) {
      warnings.add("the URL of the PostgreSQL connections names several hosts without"
          + " targetServerType=primary: a connection may be one to a standby, which cannot be"
          + " written to; see RUNNING.md");
    }
    return warnings;
  }

  private static int networkTimeout(Connection connection) throws SQLException {
    try {
      return connection.getNetworkTimeout();
    } catch (SQLFeatureNotSupportedException e) {
      return 0;
    }
  }
}
