package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Recorded;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the outcomes of attempts, and pauses webhooks that fail too often. */
final class OutcomeRecorder {
  static final Recorded NOTHING = new Recorded(Set.of(), Map.of());

  /** No database takes any number of values in one statement. */
  private static final int MAX_IDS = 1_024;

  private static final Comparator<Outcome> ORDER =
      Comparator.comparing(outcome -> outcome.lease().deliveryId());

  private static final String WATCHED = """
      SELECT id, active_since, pause_cause, pause_reason, paused_at
      FROM klink_webhook
      WHERE id IN (
      """;

  private static final String THERE = "SELECT id FROM klink_webhook WHERE id IN (";

  private static final String WRITTEN = """
      SELECT delivery_id, token, started_at, outcome
      FROM klink_failed_attempt
      WHERE delivery_id IN (%1$s)
      UNION ALL
      SELECT id, token, started_at, last_outcome
      FROM klink_delivery
      WHERE id IN (%1$s)
        AND started_at IS NOT NULL
      """;

  private static final String EXISTING = "SELECT id FROM klink_delivery WHERE id IN (";

  private static final String LOCK = "SELECT id FROM klink_delivery WHERE state < 1 AND id IN (";

  private static final String FAILURES = """
      SELECT failed_at, outcome, status
      FROM klink_failed_attempt
      WHERE webhook_id = ?
        AND failed_at >= ?
      ORDER BY failed_at DESC
      LIMIT ?
      """;

  private static final String PAUSE = """
      UPDATE klink_webhook
      SET pause_cause = ?, pause_reason = ?, paused_at = ?, updated_at = ?, version = version + 1
      WHERE id = ?
        AND pause_cause IS NULL
      """;

  private final Dialect dialect;
  private final StatisticsTable statistics;

  OutcomeRecorder(Dialect dialect) {
    this.dialect = dialect;
    this.statistics = new StatisticsTable(dialect);
  }

  /** A webhook whose row is locked by this transaction. */
  private record Watched(String id, long activeSince, boolean isPaused, Optional<Pause> pause) {
    static Watched of(ResultSet row) throws SQLException {
      return new Watched(
          Objects.requireNonNull(row.getString("id")),
          row.getLong("active_since"),
          row.getString("pause_cause") != null,
          pause(row));
    }

    /** Empty as well if it is damaged: that must not keep the outcomes from being written. */
    private static Optional<Pause> pause(ResultSet row) throws SQLException {
      String cause = row.getString("pause_cause");
      String reason = row.getString("pause_reason");
      try {
        return cause == null || reason == null
            ? Optional.empty()
            : Optional.of(new Pause(
                PauseCause.ofId(cause), reason, EpochMicros.toInstant(row.getLong("paused_at"))));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  /**
   * Writes outcomes.
   *
   * @param mayBeLocked whether to leave out deliveries that another transaction has locked; asking
   *     for locks first costs time, so only a call that has failed does it
   */
  Recorded record(
      Connection connection,
      List<Outcome> outcomes,
      Map<String, PausePolicy> policies,
      Instant now,
      int slot,
      boolean mayBeLocked)
      throws SQLException {
    Set<Lease> locked = mayBeLocked ? lockedDeliveries(connection, outcomes) : Set.of();
    List<Outcome> free = locked.isEmpty()
        ? outcomes
        : outcomes.stream().filter(one -> !locked.contains(one.lease())).toList();
    return record(connection, free, policies, now, slot, locked);
  }

  private Recorded record(
      Connection connection,
      List<Outcome> outcomes,
      Map<String, PausePolicy> policies,
      Instant now,
      int slot,
      Set<Lease> lockedDeliveries)
      throws SQLException {
    // Locked before anything is written: of two nodes with failures of one webhook, the second does
    // not get the lock before the first one's end, and so sees its failures when it does.
    List<Watched> observed = lock(connection, policies.keySet());
    Set<Lease> stale = new HashSet<>();
    if (!outcomes.isEmpty()) {
      stale.addAll(dialect.record(connection, outcomes.stream().sorted(ORDER).toList(), now));
      statistics.add(connection, outcomes, stale, slot);
      Set<Lease> written = written(connection, outcomes, stale);
      if (!written.isEmpty()) {
        dialect.awaitCopies(connection);
      }
      stale.removeAll(written);
    }
    Map<String, Pause> paused = new HashMap<>();
    Map<String, Pause> alreadyPaused = new HashMap<>();
    for (Watched webhook : observed) {
      webhook.pause.ifPresent(pause -> alreadyPaused.put(webhook.id, pause));
      if (!webhook.isPaused) {
        PausePolicy policy = Objects.requireNonNull(policies.get(webhook.id));
        Optional<Pause> pause =
            policy.decide(failures(connection, webhook.id, webhook.activeSince, policy, now), now);
        if (pause.isPresent()) {
          pause(connection, webhook.id, pause.get());
          paused.put(webhook.id, pause.get());
        }
      }
    }
    return new Recorded(
        stale,
        missing(connection, stale),
        paused,
        alreadyPaused,
        locked(connection, policies.keySet(), observed),
        lockedDeliveries);
  }

  /** Locks waiting deliveries, and returns the leases of those that others have locked. */
  private Set<Lease> lockedDeliveries(Connection connection, List<Outcome> outcomes)
      throws SQLException {
    Set<Lease> leases = outcomes.stream().map(Outcome::lease).collect(Collectors.toSet());
    if (dialect.skipLocked().isEmpty()) {
      return Set.of();
    }
    Set<String> free = ids(connection, LOCK, leases, " ORDER BY id" + dialect.skipLocked());
    leases.removeIf(lease -> free.contains(lease.deliveryId()));
    Set<String> waiting = ids(connection, LOCK, leases, "");
    leases.removeIf(lease -> !waiting.contains(lease.deliveryId()));
    return leases;
  }

  /** The watched webhooks, without those that another transaction is changing or has deleted. */
  private List<Watched> lock(Connection connection, Set<String> ids) throws SQLException {
    return ids.isEmpty()
        ? List.of()
        : Sql.query(
            connection,
            WATCHED + Sql.marks(ids.size()) + ") ORDER BY id" + dialect.skipLocked(),
            Watched::of,
            Sql.padded(new TreeSet<>(ids)).toArray());
  }

  private static Set<String> locked(
      Connection connection, Set<String> observed, List<Watched> found) throws SQLException {
    Set<String> missing = new TreeSet<>(observed);
    found.forEach(webhook -> missing.remove(webhook.id));
    return missing.isEmpty()
        ? Set.of()
        : new HashSet<>(Sql.query(
            connection,
            THERE + Sql.marks(missing.size()) + ")",
            row -> Objects.requireNonNull(row.getString(1)),
            Sql.padded(missing).toArray()));
  }

  /** What tells that an attempt is the one that an outcome is about. */
  private record Written(Lease lease, long startedAt, int outcome) {
    static Written of(ResultSet row) throws SQLException {
      Lease lease = new Lease(Objects.requireNonNull(row.getString(1)), row.getLong(2));
      return new Written(lease, row.getLong(3), row.getInt(4));
    }

    static Written of(Outcome outcome) {
      return new Written(
          outcome.lease(),
          EpochMicros.of(outcome.attempt().startedAt()),
          outcome.attempt().result().outcome().code());
    }
  }

  /**
   * Those that an earlier call has written, of which nobody knew that it was done. A statement of
   * its own, so that it sees what was committed while the one before waited.
   */
  private static Set<Lease> written(
      Connection connection, List<Outcome> outcomes, Set<Lease> unchanged) throws SQLException {
    List<Outcome> asked =
        outcomes.stream().filter(one -> unchanged.contains(one.lease())).toList();
    Set<Lease> written = new HashSet<>();
    for (int from = 0; from < asked.size(); from += MAX_IDS) {
      List<Outcome> some = asked.subList(from, Math.min(asked.size(), from + MAX_IDS));
      List<String> ids = some.stream().map(one -> one.lease().deliveryId()).toList();
      List<@Nullable Object> twice = new ArrayList<>(Sql.padded(ids));
      twice.addAll(Sql.padded(ids));
      Set<Written> found = new HashSet<>(Sql.query(
          connection, WRITTEN.formatted(Sql.marks(ids.size())), Written::of, twice.toArray()));
      some.stream()
          .filter(one -> found.contains(Written.of(one)))
          .forEach(one -> written.add(one.lease()));
    }
    return written;
  }

  /** Those of stale leases whose delivery does not exist. */
  private static Set<Lease> missing(Connection connection, Set<Lease> stale) throws SQLException {
    Set<String> existing = ids(connection, EXISTING, stale, "");
    Set<Lease> missing = new HashSet<>(stale);
    missing.removeIf(lease -> existing.contains(lease.deliveryId()));
    return missing;
  }

  /** The ids of those deliveries of leases that a query finds. */
  private static Set<String> ids(Connection connection, String query, Set<Lease> leases, String end)
      throws SQLException {
    List<String> ids = leases.stream().map(Lease::deliveryId).sorted().toList();
    Set<String> found = new HashSet<>();
    for (int from = 0; from < ids.size(); from += MAX_IDS) {
      List<String> some = ids.subList(from, Math.min(ids.size(), from + MAX_IDS));
      found.addAll(Sql.query(
          connection,
          query + Sql.marks(some.size()) + ")" + end,
          row -> Objects.requireNonNull(row.getString(1)),
          Sql.padded(some).toArray()));
    }
    return found;
  }

  private static List<Failure> failures(
      Connection connection, String id, long activeSince, PausePolicy policy, Instant now)
      throws SQLException {
    long start = Math.max(activeSince, EpochMicros.of(now.minus(policy.window())));
    return Sql.query(connection, FAILURES, DeliveryTable::failure, id, start, policy.sample());
  }

  private static void pause(Connection connection, String id, Pause pause) throws SQLException {
    Sql.update(
        connection,
        PAUSE,
        pause.cause().id(),
        pause.reason(),
        EpochMicros.of(pause.since()),
        EpochMicros.of(pause.since()),
        id);
  }
}
