package cloud.klink.webhooks.examples.benchmarks.plans;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Fills the tables of a PostgreSQL: finished deliveries with an attempt each, one in twenty of them
 * failed; waiting ones, half of them of one webhook, one in ten not due yet; ten deliveries for
 * each event.
 */
record Load(DataSource database, int webhooks, long finished, long waiting) {
  /** 2026-01-01T00:00Z, in microseconds. */
  static final long START = 1_767_225_600_000_000L;

  /** When the last of them was published. */
  static final long NOW = START + 1_000_000_000_000L;

  private static final String WEBHOOK = "'wh_' || lpad((%s)::text, 20, '0')";
  private static final String EVENT = "'evt_' || lpad((%s)::text, 20, '0')";
  private static final String DELIVERY = "'dlv_' || lpad((%s)::text, 22, '0')";

  void run() throws SQLException {
    long start = System.nanoTime();
    long events = Math.max(1, (finished + waiting) / 10);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = off");
      statement.execute("INSERT INTO klink_webhook (id, environment, name, method, url, auth_kind,"
          + " auth_header, auth_value, secret, active_since, created_at, updated_at, version)"
          + " SELECT " + WEBHOOK.formatted("i") + ", 1, 'load', 'webhook', 'https://example.org',"
          + " 'none', '', '', 'secret', " + START + ", " + START + ", " + START + ", 1"
          + " FROM generate_series(0, " + (webhooks - 1) + ") i");
      statement.execute("INSERT INTO klink_subscription SELECT 1, 'g' || i || '.*', "
          + WEBHOOK.formatted("i") + " FROM generate_series(0, " + (webhooks - 1) + ") i");
      statement.execute("INSERT INTO klink_event SELECT 1, " + EVENT.formatted("i")
          + ", convert_to(repeat('x', 500), 'UTF8') FROM generate_series(0, " + (events - 1)
          + ") i");
      String columns =
          "INSERT INTO klink_delivery (id, webhook_id, environment, event_id, event_name,"
              + " state, attempts, due_at, token, created_at, finished_at) SELECT ";
      statement.execute(columns + DELIVERY.formatted("i") + ", "
          + WEBHOOK.formatted("i % " + webhooks) + ", 1, " + EVENT.formatted("i / 10")
          + ", 'contact.created', CASE WHEN i % 20 = 0 THEN 2 ELSE 1 END, 1, " + START
          + " + i, 1, " + START + " + i, " + START + " + i + 1000 FROM generate_series(0, "
          + (finished - 1) + ") i");
      statement.execute(columns + DELIVERY.formatted("i") + ", "
          + WEBHOOK.formatted("CASE WHEN i % 2 = 0 THEN 1 ELSE i % " + webhooks + " END") + ", 1, "
          + EVENT.formatted("i / 10") + ", 'contact.created', 0, 0, " + NOW
          + " + CASE WHEN i % 10 = 9 THEN i ELSE -i END, 0, " + START + " + i, NULL"
          + " FROM generate_series(" + finished + ", " + (finished + waiting - 1) + ") i");
      statement.execute("INSERT INTO klink_attempt SELECT " + START + " + i, 1000, CASE WHEN i % 20"
          + " = 0 THEN " + START + " + i + 1000 END, 1, 200, " + DELIVERY.formatted("i") + ", "
          + WEBHOOK.formatted("i % " + webhooks) + ", '', '', 'ok' FROM generate_series(0, "
          + (finished - 1) + ") i");
      statement.execute("VACUUM ANALYZE");
    }
    System.out.printf("loaded in %.0f s%n", (System.nanoTime() - start) / 1e9);
  }
}
