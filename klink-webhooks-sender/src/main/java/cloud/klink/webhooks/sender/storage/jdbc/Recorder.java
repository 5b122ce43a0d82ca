package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.FailureWatch;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Recorded;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes what came of attempts, and pauses webhooks that fail too often. */
final class Recorder {
  static final Recorded NOTHING = new Recorded(Set.of(), Map.of());

  private static final Comparator<Outcome> ORDER =
      Comparator.comparing(outcome -> outcome.lease().deliveryId());

  private static final String ACTIVE =
      "SELECT id, active_since FROM klink_webhook WHERE pause_cause IS NULL AND id IN (";

  private static final String FAILURES =
      "SELECT failed_at FROM klink_attempt WHERE webhook_id = ? AND failed_at IS NOT NULL"
          + " AND failed_at >= ? ORDER BY failed_at DESC LIMIT ?";

  private static final String PAUSE =
      "UPDATE klink_webhook SET pause_cause = ?, pause_reason = ?, paused_at = ?, updated_at = ?,"
          + " version = version + 1 WHERE id = ? AND pause_cause IS NULL";

  private final Dialect dialect;

  Recorder(Dialect dialect) {
    this.dialect = dialect;
  }

  Recorded record(
      Connection connection, List<Outcome> outcomes, Map<String, FailureWatch> watches, Instant now)
      throws SQLException {
    // Locked before anything is written: of two nodes with failures of one webhook, the second
    // waits here for the first one's end, and so sees its failures.
    Map<String, Long> activeSince = lock(connection, failing(outcomes, watches, Set.of()));
    Set<Lease> stale =
        dialect.record(connection, outcomes.stream().sorted(ORDER).toList(), now);
    Map<String, Pause> paused = new HashMap<>();
    for (String id : failing(outcomes, watches, stale)) {
      Long since = activeSince.get(id);
      if (since != null) {
        FailureWatch watch = Objects.requireNonNull(watches.get(id));
        Optional<Pause> pause = watch.decide().apply(failures(connection, id, since, watch, now));
        if (pause.isPresent()) {
          pause(connection, id, pause.get(), now);
          paused.put(id, pause.get());
        }
      }
    }
    return new Recorded(stale, paused);
  }

  /** The watched webhooks with a failure that counts, in the order in which they are locked. */
  private static Set<String> failing(
      List<Outcome> outcomes, Map<String, FailureWatch> watches, Set<Lease> stale) {
    Set<String> failing = new TreeSet<>();
    for (Outcome outcome : outcomes) {
      if (!outcome.attempt().result().succeeded()
          && watches.containsKey(outcome.webhookId())
          && !stale.contains(outcome.lease())) {
        failing.add(outcome.webhookId());
      }
    }
    return failing;
  }

  private Map<String, Long> lock(Connection connection, Set<String> ids) throws SQLException {
    Map<String, Long> activeSince = new TreeMap<>();
    if (!ids.isEmpty()) {
      Sql.query(
          connection,
          ACTIVE + Sql.marks(ids.size()) + ") ORDER BY id" + dialect.forUpdate(),
          row -> activeSince.put(row.getString(1), row.getLong(2)),
          Sql.padded(ids).toArray());
    }
    return activeSince;
  }

  private static List<Instant> failures(
      Connection connection, String id, long activeSince, FailureWatch watch, Instant now)
      throws SQLException {
    long start = Math.max(activeSince, Micros.of(now.minus(watch.window())));
    return Sql.query(
        connection, FAILURES, row -> Micros.toInstant(row.getLong(1)), id, start, watch.sample());
  }

  private static void pause(Connection connection, String id, Pause pause, Instant now)
      throws SQLException {
    Sql.update(
        connection,
        PAUSE,
        pause.cause().id(),
        pause.reason(),
        Micros.of(pause.since()),
        Micros.of(now),
        id);
  }
}
