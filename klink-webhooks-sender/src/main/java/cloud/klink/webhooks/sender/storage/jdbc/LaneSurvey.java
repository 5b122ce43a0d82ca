package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a walk over the lanes saw. A lane is a webhook with deliveries waiting; one look at the
 * index of these finds the next lane, however many wait in it.
 */
final class LaneSurvey {
  private static final String NEXT =
      "SELECT d.webhook_id, d.due_at, w.version, w.pause_cause FROM klink_delivery d"
          + " LEFT JOIN klink_webhook w ON w.id = d.webhook_id"
          + " WHERE d.state = 0 AND d.webhook_id > ? ORDER BY d.state, d.webhook_id, d.due_at"
          + " LIMIT 1";

  private static final String AHEAD =
      "SELECT due_at FROM klink_delivery WHERE state = 0 AND webhook_id = ? AND due_at > ?"
          + " ORDER BY state, webhook_id, due_at LIMIT 1";

  private final List<String> due = new ArrayList<>();
  private final Set<String> orphans = new HashSet<>();
  private long nextDue = Long.MAX_VALUE;

  private LaneSurvey() {}

  /** The first delivery of a lane. */
  private record Lane(
      String webhookId,
      long dueAt,
      boolean isOrphan,
      @Nullable String pauseCause) {
    static Lane of(ResultSet row) throws SQLException {
      return new Lane(
          Objects.requireNonNull(row.getString(1)),
          row.getLong(2),
          Sql.nullableLong(row, "version") == null,
          row.getString(4));
    }
  }

  /** Walks from the cursor to the end, and from the beginning to the cursor. */
  static LaneSurvey of(Connection connection, ClaimRequest request) throws SQLException {
    LaneSurvey survey = new LaneSurvey();
    try (PreparedStatement next = connection.prepareStatement(NEXT);
        PreparedStatement ahead = connection.prepareStatement(AHEAD)) {
      boolean isEnough = survey.walk(next, ahead, request, request.after(), null);
      if (!isEnough) {
        survey.walk(next, ahead, request, "", request.after());
      }
    }
    return survey;
  }

  private boolean walk(
      PreparedStatement next,
      PreparedStatement ahead,
      ClaimRequest request,
      String after,
      @Nullable String last)
      throws SQLException {
    long now = Micros.of(request.now());
    String cursor = after;
    while (due.size() < request.max()) {
      List<Lane> lanes = Sql.query(next, Lane::of, cursor);
      if (lanes.isEmpty() || (last != null && lanes.get(0).webhookId().compareTo(last) > 0)) {
        return false;
      }
      Lane lane = lanes.get(0);
      cursor = lane.webhookId();
      if (lane.isOrphan()) {
        orphans.add(cursor);
      } else if (lane.pauseCause() == null) {
        look(ahead, lane, request, now);
      }
    }
    return true;
  }

  private void look(PreparedStatement ahead, Lane lane, ClaimRequest request, long now)
      throws SQLException {
    if (lane.dueAt() > now) {
      nextDue = Math.min(nextDue, lane.dueAt());
      return;
    }
    if (request.allowance(lane.webhookId()) > 0) {
      due.add(lane.webhookId());
    }
    for (long dueAt : Sql.query(ahead, row -> row.getLong(1), lane.webhookId(), now)) {
      nextDue = Math.min(nextDue, dueAt);
    }
  }

  /** The lanes with something that is due and may be taken, in the order of their turns. */
  List<String> due() {
    return due;
  }

  Claims claims(List<ClaimedDelivery> taken, String after, boolean isCut) {
    Long next = nextDue == Long.MAX_VALUE ? null : nextDue;
    return new Claims(taken, after, Micros.toInstant(next), orphans, isCut);
  }
}
