package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Claims step by step, where a statement costs little and writers come one after the other: looks
 * first, and writes only if there is something to take.
 */
final class EmbeddedClaim {
  private static final String ACTIVE =
      "SELECT version FROM klink_webhook WHERE id = ? AND pause_cause IS NULL";

  private static final String PICK = """
      SELECT d.id, d.token, d.environment, d.event_id, d.event_name, d.attempts, d.created_at,
          d.due_at, e.body, e.traceparent
      FROM klink_delivery d
      LEFT JOIN klink_event e ON e.environment = d.environment
        AND e.event_id = d.event_id
      WHERE d.state = 0
        AND d.webhook_id = ?
        AND d.due_at <= ?
        AND (d.lease_until IS NULL OR d.lease_until <= ?)
      ORDER BY d.state, d.webhook_id, d.due_at
      LIMIT ?
      """;

  private static final String LEASE =
      "UPDATE klink_delivery SET lease_until = ?, token = token + 1 WHERE id = ?";

  private final ClaimRequest request;
  private final List<ClaimedDelivery> taken = new ArrayList<>();

  /** The ids of all rows, those too that are damaged and left out: leased, they bar no others. */
  private final List<String> picked = new ArrayList<>();

  private long bytes;
  private boolean isTruncated;

  private EmbeddedClaim(ClaimRequest request) {
    this.request = request;
  }

  static Claims claim(Database database, ClaimRequest request, FullScanSchedule fullScans) {
    BacklogSurvey survey =
        database.read("look for deliveries", c -> BacklogSurvey.of(c, request, fullScans));
    if (survey.due().isEmpty()) {
      return survey.claims(List.of(), request.after(), false);
    }
    EmbeddedClaim claim =
        database.write("claim deliveries", c -> new EmbeddedClaim(request).take(c, survey.due()));
    List<ClaimedDelivery> taken = claim.taken;
    String after =
        taken.isEmpty() ? request.after() : taken.get(taken.size() - 1).webhookId();
    return survey.claims(taken, after, claim.isTruncated);
  }

  private EmbeddedClaim take(Connection connection, List<String> queues) throws SQLException {
    try (PreparedStatement active = connection.prepareStatement(ACTIVE);
        PreparedStatement pick = connection.prepareStatement(PICK);
        PreparedStatement lease = connection.prepareStatement(LEASE)) {
      for (String queue : queues) {
        int limit = Math.min(request.allowance(queue), request.max() - taken.size());
        if (limit == 0 || isTruncated) {
          break;
        }
        List<Long> version = Sql.query(active, row -> row.getLong(1), queue);
        if (!version.isEmpty()) {
          pick(pick, queue, version.get(0), limit);
        }
      }
      long until = EpochMicros.of(request.leaseUntil());
      for (String id : picked) {
        Sql.add(lease, until, id);
      }
      lease.executeBatch();
    }
    return this;
  }

  /** Takes what is due in a queue, row by row, so that no more is read than may be taken. */
  private void pick(PreparedStatement pick, String queue, long version, int limit)
      throws SQLException {
    long now = EpochMicros.of(request.now());
    Sql.bind(pick, queue, now, now, limit);
    try (ResultSet row = pick.executeQuery()) {
      while (!isTruncated && row.next()) {
        Optional<ClaimedDelivery> delivery =
            ClaimedRow.of(row, queue, version, row.getLong("token") + 1, request.leaseUntil());
        int body = delivery.map(one -> one.body().length()).orElse(0);
        isTruncated = !taken.isEmpty() && !request.fits(bytes, body);
        if (!isTruncated) {
          picked.add(row.getString("id"));
          delivery.ifPresent(taken::add);
          bytes += body;
        }
      }
    }
  }
}
