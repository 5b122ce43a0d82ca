package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.storage.jdbc.WebhookRow.Part;
import cloud.klink.webhooks.sender.storage.jdbc.WebhookRow.PartReader;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tables of webhooks and subscriptions. */
final class WebhookTable {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcStorage.class);

  /** No database takes any number of values in one statement. */
  private static final int MAX_IDS = 1_024;

  private static final String COLUMNS =
      "name, method, url, auth_header, auth_value, secret, pause_cause, pause_reason,"
          + " paused_at, active_since, created_at, updated_at, version, secret_version,"
          + " auth_version";

  private static final String INSERT = """
      INSERT INTO klink_webhook (%s, id, environment)
      SELECT %s
      WHERE NOT EXISTS (
        SELECT 1
        FROM klink_webhook
        WHERE id = ?
      )
      """.formatted(COLUMNS, WebhookRow.CASTS);

  private static final String UPDATE = """
      UPDATE klink_webhook
      SET %s
      WHERE id = ?
        AND environment = ?
        AND version = ?
      """.formatted(COLUMNS.replaceAll("(\\w+)", "$1 = ?"));

  private static final String DELETE = "DELETE FROM klink_webhook WHERE id = ?";

  private static final String DELETE_SUBSCRIPTIONS =
      "DELETE FROM klink_subscription WHERE webhook_id = ?";

  private static final String INSERT_SUBSCRIPTION =
      "INSERT INTO klink_subscription (environment, selector, webhook_id) VALUES (?, ?, ?)";

  private static final String SELECT = """
      SELECT w.id, w.environment, w.name, w.method, w.url, w.auth_header,
          w.auth_value, w.secret, w.pause_cause, w.pause_reason, w.paused_at, w.active_since,
          w.created_at, w.updated_at, w.version, w.secret_version, w.auth_version, s.selector
      FROM klink_webhook w
      LEFT JOIN klink_subscription s ON s.webhook_id = w.id
      WHERE w.id IN (
      """;

  private static final String PAGE =
      "SELECT id FROM klink_webhook WHERE environment = ? AND id > ? ORDER BY id LIMIT ?";

  private static final String MATCHING = """
      SELECT id
      FROM klink_webhook
      WHERE environment = ?
        AND id > ?
        AND (id = ? OR LOWER(name) LIKE ? ESCAPE '!' OR LOWER(url) LIKE ? ESCAPE '!')
      ORDER BY id
      LIMIT ?
      """;

  boolean insert(Connection connection, StoredWebhook webhook) throws SQLException {
    List<Object> values = WebhookRow.values(webhook);
    values.add(webhook.id());
    try {
      if (Sql.update(connection, INSERT, values.toArray()) == 0) {
        return false;
      }
    } catch (SQLException e) {
      if (e.getSQLState() != null && e.getSQLState().startsWith("23")) {
        throw new ConcurrentInsertException(e);
      }
      throw e;
    }
    insertSubscriptions(connection, webhook.webhook());
    return true;
  }

  boolean update(Connection connection, StoredWebhook webhook) throws SQLException {
    List<Object> values = WebhookRow.values(webhook);
    values.add(webhook.webhook().version() - 1);
    if (Sql.update(connection, UPDATE, values.toArray()) == 0) {
      return false;
    }
    Sql.update(connection, DELETE_SUBSCRIPTIONS, webhook.id());
    insertSubscriptions(connection, webhook.webhook());
    return true;
  }

  private static void insertSubscriptions(Connection connection, Webhook webhook)
      throws SQLException {
    int environment = Environments.code(webhook.environment());
    try (PreparedStatement batch = connection.prepareStatement(INSERT_SUBSCRIPTION)) {
      for (String selector : webhook.subscriptions()) {
        Sql.add(batch, environment, selector, webhook.id());
      }
      batch.executeBatch();
    }
  }

  boolean delete(Connection connection, String id) throws SQLException {
    boolean deleted = Sql.update(connection, DELETE, id) > 0;
    Sql.update(connection, DELETE_SUBSCRIPTIONS, id);
    return deleted;
  }

  Map<String, StoredWebhook> find(Connection connection, Collection<String> ids)
      throws SQLException {
    List<String> all = List.copyOf(new LinkedHashSet<>(ids));
    Map<String, StoredWebhook> found = new LinkedHashMap<>();
    for (int from = 0; from < all.size(); from += MAX_IDS) {
      List<String> some = all.subList(from, Math.min(all.size(), from + MAX_IDS));
      String sql = SELECT + Sql.marks(some.size()) + ") ORDER BY w.id";
      List<Part> parts =
          Sql.query(connection, sql, new PartReader()::read, Sql.padded(some).toArray());
      for (StoredWebhook webhook : assemble(parts, all.size() > 1)) {
        found.put(webhook.id(), webhook);
      }
    }
    return found;
  }

  List<Webhook> list(Connection connection, Environment environment, String after, int limit)
      throws SQLException {
    String sql = SELECT + "SELECT p.id FROM (" + PAGE + ") p) ORDER BY w.id";
    List<Part> parts = Sql.query(
        connection, sql, new PartReader()::read, Environments.code(environment), after, limit);
    return assemble(parts, true).stream().map(StoredWebhook::webhook).toList();
  }

  List<Webhook> search(
      Connection connection, Environment environment, String text, String after, int limit)
      throws SQLException {
    if (text.isEmpty()) {
      return list(connection, environment, after, limit);
    }
    if (!Sql.isStorable(text) || !Sql.isStorable(after)) {
      return List.of();
    }
    String pattern = "%" + text.toLowerCase(Locale.ROOT).replaceAll("[!%_]", "!$0") + "%";
    String sql = SELECT + "SELECT p.id FROM (" + MATCHING + ") p) ORDER BY w.id";
    List<Part> parts = Sql.query(
        connection,
        sql,
        new PartReader()::read,
        Environments.code(environment),
        after,
        text,
        pattern,
        pattern,
        limit);
    return assemble(parts, true).stream().map(StoredWebhook::webhook).toList();
  }

  /** Puts the rows of each webhook together, which follow each other, one for a subscription. */
  private static List<StoredWebhook> assemble(List<Part> parts, boolean leaveOutDamaged) {
    Map<String, List<Part>> byId = new LinkedHashMap<>();
    for (Part part : parts) {
      byId.computeIfAbsent(part.id(), id -> new ArrayList<>()).add(part);
    }
    List<StoredWebhook> webhooks = new ArrayList<>();
    byId.forEach((id, rows) -> {
      try {
        webhooks.add(WebhookRow.toWebhook(rows));
      } catch (RuntimeException e) {
        if (!leaveOutDamaged) {
          throw new StorageException(
              SenderReason.STORAGE_CORRUPT,
              "storage: the row of webhook " + id + " holds what no row may hold: "
                  + e.getMessage(),
              e);
        }
        LOG.warn("The row of webhook {} is damaged and left out", id, e);
      }
    });
    return webhooks;
  }
}
