package cloud.klink.webhooks.examples.benchmarks.retention;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Fills a PostgreSQL with what was delivered long ago, and with deliveries that are waiting. */
record Old(DataSource database, int webhooks) {
  /** 2025-01-01T00:00Z, in microseconds. */
  private static final long START = 1_735_689_600_000_000L;

  /** Finished deliveries, an event and an attempt for each. */
  void finished(long count) throws SQLException {
    String at = START + " + i * 1000";
    load(
        "INSERT INTO klink_event (environment, event_id, created_at, body) SELECT 1, md5(i::text), "
            + at + ", convert_to(repeat('x', 1000), 'UTF8')" + series(count),
        "INSERT INTO klink_delivery (id, webhook_id, environment, event_id, event_name, state,"
            + " attempts, due_at, token, created_at, finished_at, last_outcome, status_class,"
            + " last_status, last_preview) SELECT 'dlo_' || lpad(i::text, 22, '0'), 'wh_' || i % "
            + webhooks + ", 1, md5(i::text), 'group1.changed', CASE WHEN i % 20 = 0 THEN 2 ELSE 1"
            + " END, 1, " + at + ", 1, " + at + ", " + at + " + 500, 0, 2, 200, ''"
            + series(count),
        "INSERT INTO klink_attempt (delivery_id, number, token, webhook_id, started_at, duration,"
            + " failed_at, status, outcome, sent_again, method, url, auth_header, error, trace, response,"
            + " response_headers, connected_to)"
            + " SELECT 'dlo_' || lpad(i::text, 22, '0'), 1, 1, 'wh_' || i % " + webhooks + ", " + at
            + ", 500, NULL, 200, 0, 0, 'webhook', 'https://example.org/', '', '', '', 'ok', '', ''"
            + series(count));
  }

  /** What waits, without its events: nobody will send it. */
  void waiting(long count) throws SQLException {
    load("INSERT INTO klink_delivery (id, webhook_id, environment, event_id, event_name, state,"
        + " attempts, due_at, token, created_at) SELECT 'dlw_' || lpad(i::text, 22, '0'), 'wh_'"
        + " || i % " + webhooks + ", 1, 'w' || i / 10, 'group1.changed', 0, 0, " + START
        + " + i, 0, " + START + " + i" + series(count));
  }

  private static String series(long count) {
    return " FROM generate_series(1, " + count + ") i";
  }

  private void load(String... statements) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = off");
      for (String sql : statements) {
        statement.execute(sql);
      }
      statement.execute("ANALYZE");
    }
  }
}
