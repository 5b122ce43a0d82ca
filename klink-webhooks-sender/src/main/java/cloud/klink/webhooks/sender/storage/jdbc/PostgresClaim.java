package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Claims in one statement. A queue is a webhook with deliveries waiting. The index of these is
 * walked from queue to queue, one look at each, first those after the cursor and then those up to
 * it, and only as far as is needed to find enough. Rows that another node is claiming, or has
 * leased, are skipped. Of what is found, in the order in which it was, so much is taken as the
 * limit of bytes allows; the length of a body is known without reading it. Where that is slow, the
 * queues are those of active webhooks, each from a bound on: see {@link ClaimScans}.
 */
final class PostgresClaim {
  /** How far a bounded look goes ahead, in microseconds. */
  private static final long HORIZON = 1_000_000;

  private final ClaimScans looks;

  /** What a claim gave; if it has gone around all queues, with what is in them. */
  private record Claimed(Claims claims, @Nullable BacklogBounds seen) {}

  /** What is in the queues. */
  private record Ahead(Optional<Instant> nextDue, Set<String> orphans, BacklogBounds seen) {}

  PostgresClaim(ClaimScans looks) {
    this.looks = looks;
  }

  Claims claim(Database database, ClaimRequest request) {
    BacklogBounds from = looks.next(request.now());
    long[] start = new long[1];
    Claimed claimed = database.write("claim deliveries", connection -> {
      start[0] = looks.start();
      return claim(connection, request, from, start[0]);
    });
    if (from == null) {
      looks.full(start[0], claimed.seen);
    } else {
      looks.bounded(start[0], from, claimed.seen, claimed.claims.deliveries());
    }
    return claimed.claims;
  }

  /** This node has made deliveries due at this time. */
  void due(Instant at) {
    looks.due(EpochMicros.of(at));
  }

  private Claimed claim(
      Connection connection, ClaimRequest request, @Nullable BacklogBounds from, long start)
      throws SQLException {
    Taken taken = take(connection, request, from);
    List<ClaimedDelivery> claimed = taken.deliveries();
    String after =
        claimed.isEmpty() ? request.after() : claimed.get(claimed.size() - 1).webhookId();
    boolean isEnough = taken.isTruncated() || claimed.size() == request.max();
    if (isEnough && (from != null || !looks.isSlow(start))) {
      return new Claimed(
          new Claims(claimed, after, Optional.empty(), Set.of(), taken.isTruncated()), null);
    }
    // There was not enough: the node will wait, and wants to know for how long.
    Ahead ahead = ahead(connection, request.now(), from);
    Claims claims = isEnough
        ? new Claims(claimed, after, Optional.empty(), Set.of(), taken.isTruncated())
        : new Claims(claimed, after, ahead.nextDue, ahead.orphans, false);
    return new Claimed(claims, ahead.seen);
  }

  private static Ahead ahead(Connection connection, Instant time, @Nullable BacklogBounds from)
      throws SQLException {
    long now = EpochMicros.of(time);
    long low = BacklogBounds.lowAt(time);
    if (from == null) {
      return Sql.query(
              connection, PostgresClaimSql.AHEAD, row -> ahead(row, time), low, low, now, now, now)
          .get(0);
    }
    List<@Nullable Object> arguments = bounds(connection, from, "");
    long last = now + HORIZON;
    arguments.addAll(List.of(last, now, now, last, now, last, low, low));
    return Sql.query(
            connection,
            PostgresClaimSql.BOUNDED_AHEAD,
            row -> ahead(row, time),
            arguments.toArray())
        .get(0);
  }

  private static Ahead ahead(ResultSet row, Instant now) throws SQLException {
    Map<String, Long> older = new HashMap<>();
    String[] queues = texts(row, "old");
    Array dueAt = row.getArray("old_due_at");
    Long[] times = dueAt == null ? new Long[0] : (Long[]) dueAt.getArray();
    for (int i = 0; i < queues.length; i++) {
      older.put(queues[i], times[i]);
    }
    return new Ahead(
        EpochMicros.toInstant(Sql.nullableLong(row, "next_due")),
        Set.copyOf(Arrays.asList(texts(row, "orphans"))),
        BacklogBounds.seen(now, older));
  }

  private static String[] texts(ResultSet row, String column) throws SQLException {
    Array array = row.getArray(column);
    return array == null ? new String[0] : (String[]) array.getArray();
  }

  /** What was leased, and whether some of what was found was left. */
  private record Taken(List<ClaimedDelivery> deliveries, boolean isTruncated) {}

  private static Taken take(
      Connection connection, ClaimRequest request, @Nullable BacklogBounds from)
      throws SQLException {
    Instant leaseUntil = request.leaseUntil();
    List<ClaimedDelivery> claimed = new ArrayList<>();
    List<Long> found = Sql.query(
        connection,
        PostgresClaimSql.claim(from != null, !request.allowances().isEmpty()),
        row -> {
          ClaimedRow.of(
                  row,
                  Objects.requireNonNull(row.getString("webhook_id")),
                  row.getLong("version"),
                  row.getLong("token"),
                  leaseUntil)
              .ifPresent(claimed::add);
          return row.getLong("found");
        },
        arguments(connection, request, from).toArray());
    // The statement gives them in any order; their queues come as they were walked.
    Comparator<ClaimedDelivery> queues =
        Comparator.comparing(delivery -> delivery.webhookId().compareTo(request.after()) <= 0);
    claimed.sort(queues
        .thenComparing(ClaimedDelivery::webhookId)
        .thenComparing(ClaimedDelivery::dueAt)
        .thenComparing(ClaimedDelivery::deliveryId));
    return new Taken(claimed, !found.isEmpty() && found.size() < found.get(0));
  }

  private static List<@Nullable Object> bounds(
      Connection connection, BacklogBounds from, String after) throws SQLException {
    List<Map.Entry<String, Long>> queues = List.copyOf(from.queues().entrySet());
    List<@Nullable Object> arguments = new ArrayList<>();
    arguments.add(
        connection.createArrayOf("text", queues.stream().map(Map.Entry::getKey).toArray()));
    arguments.add(connection.createArrayOf(
        "int8", queues.stream().map(Map.Entry::getValue).toArray()));
    arguments.addAll(List.of(from.changedAfter(), from.low(), after));
    return arguments;
  }

  private static List<@Nullable Object> arguments(
      Connection connection, ClaimRequest request, @Nullable BacklogBounds from)
      throws SQLException {
    long now = EpochMicros.of(request.now());
    long leaseUntil = EpochMicros.of(request.leaseUntil());
    String after = request.after();
    List<@Nullable Object> arguments = from == null
        ? new ArrayList<>(List.of(after, after, after))
        : bounds(connection, from, after);
    if (!request.allowances().isEmpty()) {
      List<Map.Entry<String, Integer>> own = List.copyOf(request.allowances().entrySet());
      arguments.add(
          connection.createArrayOf("text", own.stream().map(Map.Entry::getKey).toArray()));
      arguments.add(
          connection.createArrayOf("text", own.stream().map(Map.Entry::getValue).toArray()));
    }
    arguments.addAll(List.of(
        now, now, request.perWebhook(), now, request.max(), leaseUntil, request.maxBytes()));
    return arguments;
  }
}
