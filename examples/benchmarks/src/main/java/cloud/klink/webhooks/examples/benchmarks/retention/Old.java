package cloud.klink.webhooks.examples.benchmarks.retention;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Fills a PostgreSQL with what was delivered long ago, and with deliveries that are waiting. */
record Old(DataSource database, int webhooks) {
  /** 2025-01-01T00:00Z, in microseconds. */
  private static final long START = 1_735_689_600_000_000L;

  private static final String ATTEMPT = "started_at, duration, sent_again, method, url,"
      + " auth_header, error, trace, response, response_headers, connected_to";

  /** From {@code duration} on. */
  private static final String VALUES =
      "500, 0, 'webhook', 'https://example.org/', '', '', '', 'ok', '', ''";

  /** Finished deliveries, an event and an attempt for each. One of twenty failed. */
  void finished(long count) throws SQLException {
    String at = START + " + i * 1000";
    load(
        "INSERT INTO klink_event (environment, event_id, created_at, body) SELECT 1, md5(i::text), "
            + at + ", convert_to(repeat('x', 1000), 'UTF8')" + series(count),
        "INSERT INTO klink_delivery (id, webhook_id, environment, event_id, event_name, state,"
            + " attempts, due_at, token, created_at, finished_at, last_outcome, status_class,"
            + " last_status, last_preview, " + ATTEMPT
            + ") SELECT 'dlo_' || lpad(i::text, 22, '0'), 'wh_' || i % "
            + webhooks + ", 1, md5(i::text), 'group1.changed', CASE WHEN i % 20 = 0 THEN 2 ELSE 1"
            + " END, 1, " + at + ", 1, " + at + ", " + at + " + 500, CASE WHEN i % 20 = 0"
            + " THEN 1 ELSE 0 END, CASE WHEN i % 20 = 0 THEN 5 ELSE 2 END, CASE WHEN i % 20 = 0"
            + " THEN 500 ELSE 200 END, '', CASE WHEN i % 20 > 0 THEN " + at + " END, " + VALUES
            + series(count),
        "INSERT INTO klink_failed_attempt (delivery_id, number, token, webhook_id, failed_at,"
            + " status, outcome, " + ATTEMPT + ") SELECT 'dlo_' || lpad(i::text, 22, '0'), 1, 1,"
            + " 'wh_' || i % " + webhooks + ", " + at + " + 500, 500, 1, " + at + ", " + VALUES
            + series(count) + " WHERE i % 20 = 0");
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
