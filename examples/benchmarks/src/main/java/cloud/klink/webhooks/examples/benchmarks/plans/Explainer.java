package cloud.klink.webhooks.examples.benchmarks.plans;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a storage and its database, and has each statement explained, with its values,
 * before it is run. What the explanation changes is rolled back.
 */
final class Explainer {
  private static final Pattern STATEMENT =
      Pattern.compile("(?s)(SELECT|WITH|INSERT|UPDATE|DELETE).*klink_.*");

  /** A query that is sent with its transaction: what comes before it, and the query. */
  private static final Pattern WITH_TRANSACTION =
      Pattern.compile("(?s)BEGIN;(.*?);((SELECT|WITH).*klink_.*);COMMIT");

  private final String explain;
  private final List<Way> ways;
  private int bad;

  /**
   * A way to explain a statement.
   *
   * @param name what the way is, for people
   * @param settings what to run before
   * @param whole how a line of a plan looks that reads the whole of a table
   */
  record Way(String name, List<String> settings, Pattern whole) {}

  /**
   * An explainer.
   *
   * @param explain what to put before a statement
   * @param ways the ways in which each statement is explained
   */
  Explainer(String explain, Way... ways) {
    this.explain = explain;
    this.ways = List.of(ways);
  }

  int bad() {
    return bad;
  }

  void title(String title) {
    System.out.println();
    System.out.println("=== " + explain.trim() + ": " + title);
  }

  DataSource explaining(DataSource database) {
    return proxy(DataSource.class, (proxy, method, arguments) -> {
      Object result = invoke(database, method, arguments);
      return result instanceof Connection connection ? explaining(connection) : result;
    });
  }

  private Connection explaining(Connection connection) {
    return proxy(Connection.class, (proxy, method, arguments) -> {
      Object result = invoke(connection, method, arguments);
      return result instanceof PreparedStatement statement && arguments != null
          ? explaining(connection, statement, (String) arguments[0])
          : result;
    });
  }

  private PreparedStatement explaining(
      Connection connection, PreparedStatement statement, String sql) {
    Map<Integer, Binding> values = new LinkedHashMap<>();
    Matcher transaction = WITH_TRANSACTION.matcher(sql);
    boolean hasTransaction = transaction.matches();
    boolean[] done = {!hasTransaction && !STATEMENT.matcher(sql).matches()};
    return proxy(PreparedStatement.class, (proxy, method, arguments) -> {
      if (method.getName().startsWith("set") && arguments != null && arguments.length > 1) {
        values.put((Integer) arguments[0], other -> invoke(other, method, arguments));
      } else if (!done[0] && method.getName().matches("execute(Query|Update)?|addBatch")) {
        done[0] = true;
        if (hasTransaction) {
          explain(connection, transaction.group(1), transaction.group(2), values);
        } else {
          explain(connection, sql, values);
        }
      }
      return invoke(statement, method, arguments);
    });
  }

  private void explain(Connection connection, String sql, Map<Integer, Binding> values)
      throws Throwable {
    System.out.println("--- " + sql);
    for (Way way : ways) {
      explain(connection, sql, values, way);
    }
  }

  private void explain(
      Connection connection, String settings, String sql, Map<Integer, Binding> values)
      throws Throwable {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(settings);
    }
    explain(connection, sql, values);
    connection.rollback();
    connection.setAutoCommit(true);
  }

  private void explain(Connection connection, String sql, Map<Integer, Binding> values, Way way)
      throws Throwable {
    Savepoint before = connection.getAutoCommit() ? null : connection.setSavepoint();
    if (before != null) {
      try (Statement statement = connection.createStatement()) {
        for (String setting : way.settings()) {
          statement.execute(setting);
        }
      }
    }
    System.out.println("  " + way.name() + ":");
    try (PreparedStatement statement = connection.prepareStatement(explain + sql)) {
      for (Binding value : values.values()) {
        value.to(statement);
      }
      print(statement, way.whole());
    }
    if (before != null) {
      connection.rollback(before);
    }
  }

  private void print(PreparedStatement statement, Pattern whole) throws SQLException {
    try (ResultSet plan = statement.executeQuery()) {
      int column = plan.getMetaData().getColumnCount();
      while (plan.next()) {
        String line = plan.getString(column);
        boolean isBad = whole.matcher(line).find();
        bad += isBad ? 1 : 0;
        System.out.println((isBad ? "!!! " : "    ") + line);
      }
    }
  }

  /** Gives a value to another statement too. */
  private interface Binding {
    void to(PreparedStatement statement) throws Throwable;
  }

  private static @Nullable Object invoke(
      Object target, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(Explainer.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
