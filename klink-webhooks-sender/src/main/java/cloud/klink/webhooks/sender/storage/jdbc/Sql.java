package cloud.klink.webhooks.sender.storage.jdbc;

import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Short ways to run statements. */
final class Sql {
  private Sql() {}

  /** Work in a transaction. */
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** Makes a value of a row. */
  interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  /**
   * One query by itself.
   *
   * @param sql the statement, without a semicolon
   * @param row makes a value of each row
   * @param arguments the values of its question marks
   */
  record Query<T>(String sql, Row<T> row, List<@Nullable Object> arguments) {
    List<T> on(Connection connection) throws SQLException {
      return query(connection, sql, row, arguments.toArray());
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static int update(Connection connection, String sql, @Nullable Object... arguments)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, arguments);
      return statement.executeUpdate();
    }
  }

  static <T> List<T> query(
      Connection connection, String sql, Row<T> mapper, @Nullable Object... arguments)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      return query(statement, mapper, arguments);
    }
  }

  static <T> List<T> query(
      PreparedStatement statement, Row<T> mapper, @Nullable Object... arguments)
      throws SQLException {
    bind(statement, arguments);
    try (ResultSet result = statement.executeQuery()) {
      return rows(result, mapper);
    }
  }

  static <T> List<T> rows(ResultSet result, Row<T> mapper) throws SQLException {
    List<T> rows = new ArrayList<>();
    while (result.next()) {
      rows.add(mapper.of(result));
    }
    return rows;
  }

  static void bind(PreparedStatement statement, @Nullable Object... arguments) throws SQLException {
    for (int i = 0; i < arguments.length; i++) {
      Object argument = arguments[i];
      if (argument == null) {
        statement.setNull(i + 1, Types.NULL);
      } else if (argument instanceof byte[] bytes) {
        statement.setBytes(i + 1, bytes);
      } else if (argument instanceof Array array) {
        statement.setArray(i + 1, array);
      } else {
        statement.setObject(i + 1, argument);
      }
    }
  }

  static void add(PreparedStatement batch, @Nullable Object... arguments) throws SQLException {
    bind(batch, arguments);
    batch.addBatch();
  }

  static @Nullable Long nullableLong(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  /** Whether a text can be in a column at all; some databases refuse to look for others. */
  static boolean isStorable(String text) {
    return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /** So many question marks that few different statements come about. */
  static String marks(int values) {
    return "?" + ",?".repeat(Integer.highestOneBit(Math.max(1, values * 2 - 1)) - 1);
  }

  /** The values for {@link #marks}: the last one again for those that are too many. */
  static List<@Nullable Object> padded(Collection<?> values) {
    List<@Nullable Object> all = new ArrayList<>(values);
    int wanted = Integer.highestOneBit(Math.max(1, values.size() * 2 - 1));
    while (all.size() < wanted) {
      all.add(all.get(all.size() - 1));
    }
    return all;
  }
}
