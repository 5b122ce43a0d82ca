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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Claims in one statement. A lane is a webhook with deliveries waiting. The index of these is
 * walked from lane to lane, one look at each, first those after the cursor and then those up to it,
 * and only as far as is needed to find enough. Rows that somebody else is claiming are skipped. Of
 * what is found, in the order in which it was, so much is taken as the limit of bytes allows; how
 * long a body is can be told without reading it.
 */
final class PostgresClaim {
  private static final String LIMIT = "?";

  /** The limit of the lane where there is one of its own. */
  private static final String LIMIT_OF_LANE =
      "COALESCE((CAST(? AS INTEGER[]))[array_position(CAST(? AS TEXT[]), l.webhook_id)], ?)";

  private static final String CLAIM = "WITH RECURSIVE later AS ("
      + "(SELECT webhook_id, due_at FROM klink_delivery WHERE state = 0 AND webhook_id > ?"
      + " ORDER BY webhook_id, due_at LIMIT 1)"
      + " UNION ALL SELECT n.webhook_id, n.due_at FROM later l, LATERAL ("
      + "SELECT webhook_id, due_at FROM klink_delivery WHERE state = 0"
      + " AND webhook_id > l.webhook_id ORDER BY webhook_id, due_at LIMIT 1) n),"
      + " earlier AS ("
      + "(SELECT webhook_id, due_at FROM klink_delivery WHERE state = 0 AND webhook_id <= ?"
      + " ORDER BY webhook_id, due_at LIMIT 1)"
      + " UNION ALL SELECT n.webhook_id, n.due_at FROM earlier l, LATERAL ("
      + "SELECT webhook_id, due_at FROM klink_delivery WHERE state = 0"
      + " AND webhook_id > l.webhook_id AND webhook_id <= ?"
      + " ORDER BY webhook_id, due_at LIMIT 1) n),"
      + " picked AS MATERIALIZED ("
      + "SELECT p.row, p.due_at, p.bytes, l.webhook_id, w.version"
      + " FROM (SELECT * FROM later UNION ALL SELECT * FROM earlier) l,"
      + " LATERAL (SELECT version FROM klink_webhook"
      + " WHERE id = l.webhook_id AND pause_cause IS NULL LIMIT 1) w,"
      + " LATERAL (SELECT ctid AS row, due_at, (SELECT octet_length(e.body) FROM klink_event e"
      + " WHERE e.environment = d.environment AND e.event_id = d.event_id) AS bytes"
      + " FROM klink_delivery d"
      + " WHERE state = 0 AND webhook_id = l.webhook_id AND due_at <= ?"
      + " ORDER BY webhook_id, due_at LIMIT %s FOR UPDATE SKIP LOCKED) p"
      + " WHERE l.due_at <= ? LIMIT ?),"
      + " summed AS (SELECT row, due_at, webhook_id, version, row_number() OVER () AS number,"
      + " sum(COALESCE(bytes, 0)) OVER (ROWS UNBOUNDED PRECEDING) AS total,"
      + " count(*) OVER () AS found FROM picked),"
      + " taken AS (UPDATE klink_delivery d SET due_at = ?, lease_until = ?, token = token + 1"
      + " FROM summed p WHERE d.ctid = p.row AND (p.total <= ? OR p.number = 1)"
      + " RETURNING d.id, d.token, d.environment, d.event_id, d.event_name, d.attempts,"
      + " p.webhook_id, p.version, p.due_at, p.found)"
      + " SELECT t.id, t.token, t.event_id, t.event_name, t.attempts, t.webhook_id, t.version,"
      + " t.due_at, t.found, e.body FROM taken t LEFT JOIN klink_event e"
      + " ON e.environment = t.environment AND e.event_id = t.event_id";

  private static final String ALL_LANES = CLAIM.formatted(LIMIT);

  private static final String SOME_LANES = CLAIM.formatted(LIMIT_OF_LANE);

  /** What is due next in each lane, and the lanes without a webhook. */
  private static final String AHEAD = "WITH RECURSIVE lane AS ("
      + "(SELECT webhook_id, due_at FROM klink_delivery WHERE state = 0"
      + " ORDER BY webhook_id, due_at LIMIT 1)"
      + " UNION ALL SELECT n.webhook_id, n.due_at FROM lane l, LATERAL ("
      + "SELECT webhook_id, due_at FROM klink_delivery WHERE state = 0"
      + " AND webhook_id > l.webhook_id ORDER BY webhook_id, due_at LIMIT 1) n)"
      + " SELECT min(a.due_at) FILTER (WHERE NOT a.orphan) AS next_due,"
      + " array_agg(a.webhook_id) FILTER (WHERE a.orphan) AS orphans FROM ("
      + "SELECT l.webhook_id, w.id IS NULL AS orphan, CASE WHEN l.due_at > ? THEN l.due_at"
      + " ELSE (SELECT d.due_at FROM klink_delivery d WHERE d.state = 0"
      + " AND d.webhook_id = l.webhook_id AND d.due_at > ?"
      + " ORDER BY d.webhook_id, d.due_at LIMIT 1) END AS due_at"
      + " FROM lane l LEFT JOIN LATERAL (SELECT id, pause_cause FROM klink_webhook"
      + " WHERE id = l.webhook_id LIMIT 1) w ON true WHERE w.pause_cause IS NULL) a";

  Claims claim(Connection connection, ClaimRequest request) throws SQLException {
    Taken taken = take(connection, request);
    List<ClaimedDelivery> claimed = taken.deliveries();
    String after =
        claimed.isEmpty() ? request.after() : claimed.get(claimed.size() - 1).webhookId();
    if (taken.isCut() || claimed.size() == request.max()) {
      return new Claims(claimed, after, Optional.empty(), Set.of(), taken.isCut());
    }
    // There was not enough: the node will wait, and wants to know for how long.
    long now = Micros.of(request.now());
    return Sql.query(connection, AHEAD, row -> ahead(row, claimed, after), now, now)
        .get(0);
  }

  private static Claims ahead(ResultSet row, List<ClaimedDelivery> claimed, String after)
      throws SQLException {
    Optional<Instant> nextDue = Micros.toInstant(Sql.nullableLong(row, "next_due"));
    Array orphans = row.getArray("orphans");
    Set<String> ids =
        orphans == null ? Set.of() : Set.copyOf(Arrays.asList((String[]) orphans.getArray()));
    return new Claims(claimed, after, nextDue, ids, false);
  }

  /** What was leased, and whether some of what was found was left. */
  private record Taken(List<ClaimedDelivery> deliveries, boolean isCut) {}

  private static Taken take(Connection connection, ClaimRequest request) throws SQLException {
    Instant leaseUntil = request.leaseUntil();
    List<ClaimedDelivery> claimed = new ArrayList<>();
    List<Long> found = Sql.query(
        connection,
        request.allowances().isEmpty() ? ALL_LANES : SOME_LANES,
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
        arguments(connection, request).toArray());
    // The statement gives them in any order; their lanes come as they were walked.
    Comparator<ClaimedDelivery> lanes =
        Comparator.comparing(delivery -> delivery.webhookId().compareTo(request.after()) <= 0);
    claimed.sort(lanes
        .thenComparing(ClaimedDelivery::webhookId)
        .thenComparing(ClaimedDelivery::dueAt)
        .thenComparing(ClaimedDelivery::deliveryId));
    return new Taken(claimed, !found.isEmpty() && found.size() < found.get(0));
  }

  private static List<@Nullable Object> arguments(Connection connection, ClaimRequest request)
      throws SQLException {
    long now = Micros.of(request.now());
    long leaseUntil = Micros.of(request.leaseUntil());
    List<@Nullable Object> arguments =
        new ArrayList<>(List.of(request.after(), request.after(), request.after(), now));
    if (!request.allowances().isEmpty()) {
      List<Map.Entry<String, Integer>> own = List.copyOf(request.allowances().entrySet());
      arguments.add(
          connection.createArrayOf("int4", own.stream().map(Map.Entry::getValue).toArray()));
      arguments.add(
          connection.createArrayOf("text", own.stream().map(Map.Entry::getKey).toArray()));
    }
    arguments.addAll(List.of(
        request.perWebhook(), now, request.max(), leaseUntil, leaseUntil, request.maxBytes()));
    return arguments;
  }
}
