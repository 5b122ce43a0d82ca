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
 * What a walk over the queues saw. A queue is a webhook with deliveries waiting; one look at the
 * index of these finds the next queue, however many wait in it. Unless the walk is a full one, it
 * goes on from the queue of a paused webhook to the next active webhook, so that what is held costs
 * nothing; then it may miss queues of deleted webhooks.
 */
final class BacklogSurvey {
  private static final String QUEUE = """
      SELECT d.webhook_id, d.due_at, d.lease_until, w.version, w.pause_cause
      FROM klink_delivery d
      LEFT JOIN klink_webhook w ON w.id = d.webhook_id
      WHERE d.state = 0
        AND d.webhook_id %s ?
      ORDER BY d.state, d.webhook_id, d.due_at
      LIMIT 1
      """;

  private static final String AFTER = QUEUE.formatted(">");

  private static final String FROM = QUEUE.formatted(">=");

  private static final String ACTIVE = """
      SELECT id
      FROM klink_webhook
      WHERE pause_cause IS NULL
        AND id > ?
      ORDER BY pause_cause, id
      LIMIT 1
      """;

  private static final String AHEAD = """
      SELECT due_at
      FROM klink_delivery
      WHERE state = 0
        AND webhook_id = ?
        AND due_at > ?
      ORDER BY state, webhook_id, due_at
      LIMIT 1
      """;

  private static final String FREE = """
      SELECT 1
      FROM klink_delivery
      WHERE state = 0
        AND webhook_id = ?
        AND due_at <= ?
        AND (lease_until IS NULL OR lease_until <= ?)
      ORDER BY state, webhook_id, due_at
      LIMIT 1
      """;

  private final Connection connection;
  private final ClaimRequest request;
  private final boolean isFull;
  private final long now;
  private final List<String> due = new ArrayList<>();
  private final Set<String> orphans = new HashSet<>();
  private long nextDue = Long.MAX_VALUE;
  private int held;

  private BacklogSurvey(Connection connection, ClaimRequest request, boolean isFull) {
    this.connection = connection;
    this.request = request;
    this.isFull = isFull;
    this.now = EpochMicros.of(request.now());
  }

  /** The first delivery of a queue. */
  private record Queue(
      String webhookId,
      long dueAt,
      long leaseUntil,
      boolean isOrphan,
      @Nullable String pauseCause) {
    static Queue of(ResultSet row) throws SQLException {
      return new Queue(
          Objects.requireNonNull(row.getString(1)),
          row.getLong(2),
          row.getLong("lease_until"), // 0 if it is not leased
          Sql.nullableLong(row, "version") == null,
          row.getString("pause_cause"));
    }

    boolean isLeased(long now) {
      return leaseUntil > now;
    }
  }

  /** Walks from the cursor to the end, and from the beginning to the cursor. */
  static BacklogSurvey of(Connection connection, ClaimRequest request, FullScanSchedule fullScans)
      throws SQLException {
    BacklogSurvey survey = new BacklogSurvey(connection, request, fullScans.isDue());
    try (PreparedStatement ahead = connection.prepareStatement(AHEAD)) {
      boolean isEnough = survey.walk(ahead, request.after(), null);
      if (!isEnough) {
        survey.walk(ahead, "", request.after());
      }
    }
    if (survey.isFull) {
      fullScans.made(survey.held);
    }
    return survey;
  }

  private boolean walk(PreparedStatement ahead, String after, @Nullable String last)
      throws SQLException {
    try (PreparedStatement next = connection.prepareStatement(AFTER);
        PreparedStatement from = connection.prepareStatement(FROM);
        PreparedStatement active = connection.prepareStatement(ACTIVE)) {
      List<Queue> queues = Sql.query(next, Queue::of, after);
      while (due.size() < request.max()) {
        if (queues.isEmpty() || (last != null && queues.get(0).webhookId().compareTo(last) > 0)) {
          return false;
        }
        Queue queue = queues.get(0);
        String id = queue.webhookId();
        if (queue.pauseCause() != null && !isFull) {
          List<String> webhooks =
              Sql.query(active, row -> Objects.requireNonNull(row.getString(1)), id);
          queues = webhooks.isEmpty() ? List.of() : Sql.query(from, Queue::of, webhooks.get(0));
        } else {
          look(ahead, queue);
          queues = Sql.query(next, Queue::of, id);
        }
      }
      return true;
    }
  }

  private void look(PreparedStatement ahead, Queue queue) throws SQLException {
    if (queue.isOrphan()) {
      orphans.add(queue.webhookId());
      return;
    }
    if (queue.pauseCause() != null) {
      held++;
      return;
    }
    if (queue.dueAt() > now) {
      nextDue = Math.min(nextDue, queue.dueAt());
      return;
    }
    if (queue.isLeased(now)) {
      nextDue = Math.min(nextDue, queue.leaseUntil());
    }
    if (request.allowance(queue.webhookId()) > 0 && hasFree(queue)) {
      due.add(queue.webhookId());
    }
    for (long dueAt : Sql.query(ahead, row -> row.getLong(1), queue.webhookId(), now)) {
      nextDue = Math.min(nextDue, dueAt);
    }
  }

  /** Whether anything that is due is not leased. What is leased comes first as a rule. */
  private boolean hasFree(Queue queue) throws SQLException {
    return !queue.isLeased(now)
        || !Sql.query(connection, FREE, row -> row.getInt(1), queue.webhookId(), now, now)
            .isEmpty();
  }

  /** The queues with something that is due and may be taken, in the order of their turns. */
  List<String> due() {
    return due;
  }

  Claims claims(List<ClaimedDelivery> taken, String after, boolean isTruncated) {
    Long next = nextDue == Long.MAX_VALUE ? null : nextDue;
    return new Claims(taken, after, EpochMicros.toInstant(next), orphans, isTruncated);
  }
}
