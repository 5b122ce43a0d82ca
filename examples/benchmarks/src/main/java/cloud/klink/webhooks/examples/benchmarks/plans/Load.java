package cloud.klink.webhooks.examples.benchmarks.plans;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Fills the tables of a PostgreSQL: finished deliveries with an attempt each, one in twenty of them
 * failed; waiting ones, half of them of one webhook, one in ten not due yet; ten deliveries for
 * each event. One webhook has a tenth of what is finished, one in five million got a redirection.
 */
record Load(DataSource database, int webhooks, long finished, long waiting) {
  /** 2026-01-01T00:00Z, in microseconds. */
  static final long START = 1_767_225_600_000_000L;

  /** Between two deliveries, in microseconds. */
  static final long STEP = 100_000;

  /** The webhook with a tenth of what is finished. */
  static final int LARGE = 2;

  private static final String WEBHOOK = "'wh_' || lpad((%s)::text, 20, '0')";
  private static final String EVENT = "'evt_' || lpad((%s)::text, 20, '0')";
  private static final String DELIVERY = "'dlv_' || lpad((%s)::text, 22, '0')";
  private static final String CREATED = START + " + i * " + STEP;
  private static final String STATUS_CLASS =
      "CASE WHEN i % 5000000 = 20 THEN 3 WHEN i % 20 <> 0 THEN 2 WHEN i % 40 = 0 THEN 5 ELSE 0 END";
  private static final String STATUS =
      "CASE WHEN i % 5000000 = 20 THEN 302 WHEN i % 20 <> 0 THEN 200 WHEN i % 40 = 0 THEN 500 END";
  private static final String OUTCOME =
      "CASE WHEN i % 20 <> 0 THEN 0 WHEN i % 40 = 0 OR i % 5000000 = 20 THEN 1 ELSE 3 END";

  private static final String ATTEMPT = "started_at, duration, sent_again, method, url,"
      + " auth_header, error, trace, response, response_headers, connected_to";

  /** From {@code duration} on. */
  private static final String VALUES =
      "1000, 0, 'webhook', 'https://example.org/', '', '', '', 'ok', '', ''";

  /** The microsecond after the last of them was published. */
  long now() {
    return START + (finished + waiting) * STEP;
  }

  void run() throws SQLException {
    long start = System.nanoTime();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = off");
      webhooks(statement);
      events(statement);
      finished(statement);
      waiting(statement);
      statement.execute("VACUUM ANALYZE");
    }
    System.out.printf("loaded in %.0f s%n", (System.nanoTime() - start) / 1e9);
  }

  private void webhooks(Statement statement) throws SQLException {
    statement.execute("INSERT INTO klink_webhook (id, environment, name, method, url,"
        + " auth_header, auth_value, secret, active_since, created_at, updated_at, version,"
        + " secret_version, auth_version)"
        + " SELECT " + WEBHOOK.formatted("i") + ", 1, 'load', 'webhook', 'https://example.org',"
        + " '', '', 'secret', " + START + ", " + START + ", " + START
        + ", 1, 1, 1" + series(0, webhooks));
    statement.execute("INSERT INTO klink_subscription (environment, selector, webhook_id)"
        + " SELECT 1, 'g' || i || '.*', " + WEBHOOK.formatted("i") + series(0, webhooks));
  }

  private void events(Statement statement) throws SQLException {
    statement.execute("INSERT INTO klink_event (environment, event_id, created_at, body) SELECT 1, "
        + EVENT.formatted("i") + ", " + START + " + i * 10 * " + STEP
        + ", convert_to(repeat('x', 500), 'UTF8')"
        + series(0, Math.max(1, (finished + waiting) / 10)));
  }

  private void finished(Statement statement) throws SQLException {
    String webhook =
        WEBHOOK.formatted("CASE WHEN i % 10 = 5 THEN " + LARGE + " ELSE i % " + webhooks + " END");
    statement.execute("INSERT INTO klink_delivery (id, webhook_id, environment, event_id,"
        + " event_name, state, attempts, due_at, token, created_at, finished_at, last_outcome,"
        + " status_class, last_status, last_preview, " + ATTEMPT + ") SELECT "
        + DELIVERY.formatted("i") + ", "
        + webhook + ", 1, " + EVENT.formatted("i / 10")
        + ", CASE WHEN i % 1000 = 7 THEN 'contact.updated' ELSE 'contact.created' END"
        + ", CASE WHEN i % 20 = 0 THEN 2 ELSE 1 END, 1, " + CREATED + ", 1, " + CREATED + ", "
        + CREATED + " + 1000, " + OUTCOME + ", " + STATUS_CLASS + ", " + STATUS
        + ", CASE WHEN i % 20 = 0 THEN 'Internal Server Error' ELSE '' END, "
        + "CASE WHEN i % 20 > 0 THEN " + CREATED + " END, " + VALUES + series(0, finished));
    statement.execute("INSERT INTO klink_failed_attempt (delivery_id, number, token, webhook_id,"
        + " failed_at, status, outcome, " + ATTEMPT + ") SELECT "
        + DELIVERY.formatted("i") + ", 1, 1, " + webhook + ", " + CREATED + " + 1000, " + STATUS
        + ", " + OUTCOME + ", " + CREATED + ", " + VALUES + series(0, finished)
        + " WHERE i % 20 = 0");
  }

  private void waiting(Statement statement) throws SQLException {
    statement.execute("INSERT INTO klink_delivery (id, webhook_id, environment, event_id,"
        + " event_name, state, attempts, due_at, token, created_at) SELECT "
        + DELIVERY.formatted("i") + ", "
        + WEBHOOK.formatted("CASE WHEN i % 2 = 0 THEN 1 ELSE i % " + webhooks + " END") + ", 1, "
        + EVENT.formatted("i / 10") + ", 'contact.created', 0, 0, CASE WHEN i % 10 = 9 THEN "
        + now() + " + i ELSE " + CREATED + " END, 0, " + CREATED
        + series(finished, finished + waiting));
  }

  private static String series(long from, long to) {
    return " FROM generate_series(CAST(" + from + " AS BIGINT), " + (to - 1) + ") i";
  }
}
