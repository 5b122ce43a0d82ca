package cloud.klink.webhooks.sender.storage.jdbc;

/** The statements of {@link PostgresClaim}. */
final class PostgresClaimSql {
  private static final String LIMIT = "?";

  /** The limit of the queue where there is one of its own. */
  private static final String LIMIT_OF_QUEUE =
      "COALESCE(CAST((SELECT limits FROM own) ->> l.webhook_id AS INTEGER), ?)";

  /** The limits of queues that have their own. Finding one takes the same time among thousands. */
  private static final String OWN_LIMITS = """
      own AS MATERIALIZED (
        SELECT jsonb_object(CAST(? AS TEXT[]), CAST(? AS TEXT[])) AS limits
      ),
      """;

  /** All queues, each with what is due first in it. */
  private static final String WALK = """
      WITH RECURSIVE later AS (
        (
          SELECT webhook_id, due_at
          FROM klink_delivery
          WHERE state = 0
            AND webhook_id > ?
          ORDER BY webhook_id, due_at
          LIMIT 1
        )
        UNION ALL
        SELECT n.webhook_id, n.due_at
        FROM later l, LATERAL (
          SELECT webhook_id, due_at
          FROM klink_delivery
          WHERE state = 0
            AND webhook_id > l.webhook_id
          ORDER BY webhook_id, due_at
          LIMIT 1
        ) n
      ),
      earlier AS (
        (
          SELECT webhook_id, due_at
          FROM klink_delivery
          WHERE state = 0
            AND webhook_id <= ?
          ORDER BY webhook_id, due_at
          LIMIT 1
        )
        UNION ALL
        SELECT n.webhook_id, n.due_at
        FROM earlier l, LATERAL (
          SELECT webhook_id, due_at
          FROM klink_delivery
          WHERE state = 0
            AND webhook_id > l.webhook_id
            AND webhook_id <= ?
          ORDER BY webhook_id, due_at
          LIMIT 1
        ) n
      ),
      queue AS NOT MATERIALIZED (
        SELECT *
        FROM later
        UNION ALL
        SELECT *
        FROM earlier
      ),
      """;

  /** Active webhooks, each with the bound from which on it is looked at, in the order of turns. */
  private static final String BOUNDED = """
      WITH bound AS MATERIALIZED (
        SELECT *
        FROM unnest(CAST(? AS TEXT[]), CAST(? AS BIGINT[])) AS b (webhook_id, due_at)
      ),
      queue AS MATERIALIZED (
        SELECT w.id AS webhook_id,
            CASE
              WHEN w.updated_at > ? THEN CAST(0 AS BIGINT)
              ELSE COALESCE(b.due_at, ?)
            END AS due_at
        FROM klink_webhook w
        LEFT JOIN bound b ON b.webhook_id = w.id
        WHERE w.pause_cause IS NULL
        ORDER BY w.id <= ?, w.id
      ),
      """;

  private static final String CLAIM = """
      %s
      picked AS MATERIALIZED (
        SELECT p.*, l.webhook_id, w.version
        FROM queue l,
        LATERAL (
          SELECT version
          FROM klink_webhook
          WHERE id = l.webhook_id
            AND pause_cause IS NULL
          LIMIT 1
        ) w,
        LATERAL (
          SELECT d.ctid AS row, due_at, body, traceparent
          FROM klink_delivery d
          LEFT JOIN LATERAL (
            SELECT body, traceparent
            FROM klink_event
            WHERE environment = d.environment
              AND event_id = d.event_id
            LIMIT 1
          ) e ON true
          WHERE state = 0
            AND webhook_id = l.webhook_id
            AND due_at >= l.due_at
            AND due_at <= ?
            AND (lease_until IS NULL OR lease_until <= ?)
          ORDER BY webhook_id, due_at
          LIMIT %s
          FOR UPDATE OF d SKIP LOCKED
        ) p
        WHERE l.due_at <= ?
        LIMIT ?
      ),
      summed AS (
        SELECT *, row_number() OVER () AS number,
            sum(COALESCE(octet_length(body), 0)) OVER (ROWS UNBOUNDED PRECEDING) AS total,
            count(*) OVER () AS found
        FROM picked
      )
      UPDATE klink_delivery d
      SET lease_until = ?, token = token + 1
      FROM summed p
      WHERE d.ctid = p.row
        AND (p.total <= ? OR p.number = 1)
      RETURNING d.id, d.token, d.environment, d.event_id, d.event_name, d.attempts, d.created_at,
          p.webhook_id, p.version, p.due_at, p.found, p.body, p.traceparent
      """;

  private static final String ALL_QUEUES = CLAIM.formatted(WALK, LIMIT);

  private static final String SOME_QUEUES = CLAIM.formatted(WALK + OWN_LIMITS, LIMIT_OF_QUEUE);

  private static final String ALL_BOUNDED = CLAIM.formatted(BOUNDED, LIMIT);

  private static final String SOME_BOUNDED = CLAIM.formatted(BOUNDED + OWN_LIMITS, LIMIT_OF_QUEUE);

  /**
   * What is due next in each queue, or when the lease of its first delivery ends; which queues have
   * older deliveries, and those of no webhook.
   */
  static final String AHEAD = """
      WITH RECURSIVE queue AS (
        (
          SELECT webhook_id, due_at, lease_until
          FROM klink_delivery
          WHERE state = 0
          ORDER BY webhook_id, due_at
          LIMIT 1
        )
        UNION ALL
        SELECT n.*
        FROM queue l, LATERAL (
          SELECT webhook_id, due_at, lease_until
          FROM klink_delivery
          WHERE state = 0
            AND webhook_id > l.webhook_id
          ORDER BY webhook_id, due_at
          LIMIT 1
        ) n
      )
      SELECT min(a.next_due) FILTER (WHERE NOT a.orphan) AS next_due,
          array_agg(a.webhook_id) FILTER (WHERE a.orphan) AS orphans,
          array_agg(a.webhook_id) FILTER (WHERE a.due_at < ?) AS old,
          array_agg(a.due_at) FILTER (WHERE a.due_at < ?) AS old_due_at
      FROM (
        SELECT l.webhook_id, l.due_at, w.id IS NULL AS orphan,
            CASE
              WHEN l.due_at > ? THEN l.due_at
              ELSE LEAST((
                SELECT d.due_at
                FROM klink_delivery d
                WHERE d.state = 0
                  AND d.webhook_id = l.webhook_id
                  AND d.due_at > ?
                ORDER BY d.webhook_id, d.due_at
                LIMIT 1
              ), CASE WHEN l.lease_until > ? THEN l.lease_until END)
            END AS next_due
        FROM queue l
        LEFT JOIN LATERAL (
          SELECT id, pause_cause
          FROM klink_webhook
          WHERE id = l.webhook_id
          LIMIT 1
        ) w ON true
        WHERE w.pause_cause IS NULL
      ) a
      """;

  /** The same by bounds, and no further than some time ahead. */
  static final String BOUNDED_AHEAD = """
      %s
      seen AS MATERIALIZED (
        SELECT l.webhook_id, d.due_at, d.lease_until
        FROM queue l, LATERAL (
          SELECT due_at, lease_until
          FROM klink_delivery
          WHERE state = 0
            AND webhook_id = l.webhook_id
            AND due_at >= l.due_at
            AND due_at <= ?
          ORDER BY webhook_id, due_at
          LIMIT 1
        ) d
      )
      SELECT LEAST(
            min(CASE
              WHEN s.due_at > ? THEN s.due_at
              ELSE LEAST((
                SELECT d.due_at
                FROM klink_delivery d
                WHERE d.state = 0
                  AND d.webhook_id = s.webhook_id
                  AND d.due_at > ?
                  AND d.due_at <= ?
                ORDER BY d.webhook_id, d.due_at
                LIMIT 1
              ), CASE WHEN s.lease_until > ? THEN s.lease_until END)
            END),
            ?) AS next_due,
          CAST(NULL AS TEXT[]) AS orphans,
          array_agg(s.webhook_id) FILTER (WHERE s.due_at < ?) AS old,
          array_agg(s.due_at) FILTER (WHERE s.due_at < ?) AS old_due_at
      FROM seen s
      """.formatted(BOUNDED);

  private PostgresClaimSql() {}

  /**
   * What claims.
   *
   * @param isBounded whether it begins at bounds, instead of walking all queues
   * @param hasOwnLimits whether some webhooks have limits of their own
   */
  static String claim(boolean isBounded, boolean hasOwnLimits) {
    if (isBounded) {
      return hasOwnLimits ? SOME_BOUNDED : ALL_BOUNDED;
    }
    return hasOwnLimits ? SOME_QUEUES : ALL_QUEUES;
  }
}
