package cloud.klink.webhooks.examples.benchmarks.retention;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * The sizes of the tables that grow.
 *
 * @param tables by name
 */
record Sizes(Map<String, Size> tables) {
  private static final double MEGABYTE = 1 << 20;

  private static final String QUERY =
      "SELECT s.relname, pg_total_relation_size(s.relid), pg_indexes_size(s.relid),"
          + " s.n_live_tup, s.n_dead_tup, s.autovacuum_count FROM pg_stat_user_tables s"
          + " WHERE s.relname IN ('klink_delivery', 'klink_event', 'klink_failed_attempt',"
          + " 'klink_statistics', 'klink_status') ORDER BY 1";

  /** What waits for autovacuum, by its own reckoning. */
  private static final String DUE = "SELECT count(*) FROM pg_stat_user_tables s"
      + " JOIN pg_class c ON c.oid = s.relid WHERE s.relname LIKE 'klink_%' AND s.n_dead_tup >"
      + " current_setting('autovacuum_vacuum_threshold')::int + c.reltuples * COALESCE((SELECT"
      + " option_value::float FROM pg_options_to_table(c.reloptions)"
      + " WHERE option_name = 'autovacuum_vacuum_scale_factor'),"
      + " current_setting('autovacuum_vacuum_scale_factor')::float)";

  /**
   * One table.
   *
   * @param total bytes with indexes and TOAST
   * @param indexes bytes of indexes
   * @param live rows
   * @param dead rows that vacuum has not removed yet
   * @param vacuums how often autovacuum was there
   */
  record Size(long total, long indexes, long live, long dead, long vacuums) {}

  static Sizes of(DataSource database) throws SQLException {
    Map<String, Size> sizes = new LinkedHashMap<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(QUERY)) {
      while (rows.next()) {
        sizes.put(
            rows.getString(1),
            new Size(
                rows.getLong(2),
                rows.getLong(3),
                rows.getLong(4),
                rows.getLong(5),
                rows.getLong(6)));
      }
    }
    return new Sizes(sizes);
  }

  static boolean isVacuumDue(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(DUE)) {
      rows.next();
      return rows.getLong(1) > 0;
    }
  }

  long total() {
    return tables.values().stream().mapToLong(Size::total).sum();
  }

  @Override
  public String toString() {
    String each = tables.entrySet().stream()
        .map(table -> String.format(
            Locale.ROOT,
            "%s %.1f MB (indexes %.1f), %,d live, %,d dead, %d vacuums",
            table.getKey().substring("klink_".length()),
            table.getValue().total / MEGABYTE,
            table.getValue().indexes / MEGABYTE,
            table.getValue().live,
            table.getValue().dead,
            table.getValue().vacuums))
        .collect(Collectors.joining("; "));
    return String.format(Locale.ROOT, "%.1f MB: %s", total() / MEGABYTE, each);
  }
}
