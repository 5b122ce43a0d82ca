package cloud.klink.webhooks.examples.benchmarks.plans;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Storage;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * What a claim costs where much stands in its way: index entries of finished deliveries that an old
 * snapshot keeps, and deliveries that paused webhooks hold. Each claim finds one delivery.
 *
 * @param database an empty PostgreSQL with the tables; it is empty again afterwards
 * @param storage a storage in it
 * @param finished how many deliveries are finished while the snapshot is open
 * @param paused how many webhooks are paused, with a delivery each
 */
record ClaimCosts(DataSource database, Storage storage, int finished, int paused) {
  private static final AtomicInteger LAST_ID = new AtomicInteger();
  private static final int ROUNDS = 40;
  private static final int ACTIVE = 100;
  private static final long NOW = Load.START + 3_600_000_000L;
  private static final Instant TIME = Instant.EPOCH.plus(NOW, ChronoUnit.MICROS);
  private static final String TABLES =
      "klink_webhook, klink_subscription, klink_event, klink_delivery, klink_failed_attempt,"
          + " klink_statistics, klink_status";

  void run() throws SQLException {
    webhooks("a", ACTIVE, "NULL", "contact.created");
    measure("nothing in the way");
    try (Connection old = database.getConnection()) {
      old.setAutoCommit(false);
      old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      execute(old, "SELECT 1 FROM klink_webhook");
      deliveries("a", "i % " + ACTIVE, finished);
      execute("UPDATE klink_delivery SET state = 1, finished_at = " + NOW + " WHERE state = 0");
      measure(finished + " finished deliveries, whose entries an old snapshot keeps");
      old.rollback();
    }
    execute("TRUNCATE " + TABLES);
    webhooks("a", ACTIVE, "NULL", "contact.created");
    webhooks("p", paused, "'user'", "contact.updated");
    deliveries("p", "i", paused);
    execute("ANALYZE");
    measure(paused + " paused webhooks with a delivery each");
    execute("TRUNCATE " + TABLES);
  }

  private void measure(String title) {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      String id = "claimed" + LAST_ID.incrementAndGet();
      storage.publish(List.of(event(id)), () -> id);
      long start = System.nanoTime();
      int claimed = storage
          .claim(new ClaimRequest(TIME, TIME.plusSeconds(60), 200, 10, Map.of(), ""))
          .deliveries()
          .size();
      millis.add((System.nanoTime() - start) / 1e6);
      if (claimed != 1) {
        throw new IllegalStateException(claimed + " deliveries were claimed, not 1");
      }
    }
    List<Double> later = new ArrayList<>(millis.subList(ROUNDS / 2, ROUNDS));
    Collections.sort(later);
    System.out.printf(
        "claim with %s: the first %.0f ms, the median of the last %d %.1f ms (%.1f to %.1f)%n",
        title,
        millis.get(0),
        later.size(),
        later.get(later.size() / 2),
        later.get(0),
        later.get(later.size() - 1));
  }

  private static NewEvent event(String id) {
    return new NewEvent(
        Environment.PRODUCTION, id, EventName.CONTACT_CREATED, EventBody.of(new byte[500]), TIME);
  }

  private void webhooks(String prefix, int count, String pause, String selector)
      throws SQLException {
    execute("INSERT INTO klink_webhook (id, environment, name, method, url, auth_header,"
        + " auth_value, secret, pause_cause, paused_at, active_since, created_at, updated_at,"
        + " version, secret_version, auth_version) SELECT '" + prefix + "' || i, 1, 'load',"
        + " 'webhook', 'https://example.org', '', '', 'secret', " + pause + ", CASE WHEN "
        + pause
        + " IS NULL THEN NULL ELSE "
        + Load.START + " END, " + Load.START + ", " + Load.START + ", " + Load.START
        + ", 1, 1, 1 FROM generate_series(0, " + (count - 1) + ") i");
    execute("INSERT INTO klink_subscription (environment, selector, webhook_id)" + " VALUES (1, '"
        + selector + "', '" + prefix + "0')");
  }

  private void deliveries(String prefix, String webhook, int count) throws SQLException {
    execute("INSERT INTO klink_delivery (id, webhook_id, environment, event_id, event_name, state,"
        + " attempts, due_at, token, created_at) SELECT '" + prefix + "' || i, '" + prefix
        + "' || (" + webhook + "), 1, 'e', 'contact.created', 0, 0, " + Load.START + " + i, 0, "
        + Load.START + " FROM generate_series(0, " + (count - 1) + ") i");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.getConnection()) {
      execute(connection, sql);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
