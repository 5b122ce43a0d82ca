package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A webhook as its rows. */
final class WebhookRow {
  /** Not every database guesses the type of a selected parameter. */
  static final String CASTS = "CAST(? AS VARCHAR), CAST(? AS VARCHAR), CAST(? AS VARCHAR),"
      + " CAST(? AS VARCHAR), CAST(? AS VARCHAR), CAST(? AS VARCHAR), CAST(? AS VARCHAR),"
      + " CAST(? AS VARCHAR), CAST(? AS BIGINT), CAST(? AS BIGINT),"
      + " CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT),"
      + " CAST(? AS BIGINT), CAST(? AS VARCHAR), CAST(? AS SMALLINT)";

  private WebhookRow() {}

  /** The values of all columns but id and environment, and then these. */
  static List<@Nullable Object> values(StoredWebhook stored) {
    Webhook webhook = stored.webhook();
    List<@Nullable Object> values = new ArrayList<>();
    values.add(webhook.name());
    values.add(webhook.method().id());
    values.add(webhook.url());
    values.add(webhook.authenticationHeader().orElse(""));
    values.add(stored.authentication());
    values.add(stored.secret());
    values.add(webhook.pause().map(pause -> pause.cause().id()).orElse(null));
    values.add(webhook.pause().map(Pause::reason).orElse(null));
    values.add(webhook.pause().map(pause -> EpochMicros.of(pause.since())).orElse(null));
    values.add(EpochMicros.of(webhook.activeSince()));
    values.add(EpochMicros.of(webhook.createdAt()));
    values.add(EpochMicros.of(webhook.updatedAt()));
    values.add(webhook.version());
    values.add(stored.secretVersion());
    values.add(stored.authenticationVersion());
    values.add(webhook.id());
    values.add(Environments.code(webhook.environment()));
    return values;
  }

  /** One of the rows that a webhook is read from: the same but for the selector. */
  record Part(String id, Raw raw, @Nullable String selector) {}

  /** Reads rows that are ordered by webhooks, and what those of a webhook share only once. */
  static final class PartReader {
    private @Nullable Part last;

    Part read(ResultSet row) throws SQLException {
      String id = Objects.requireNonNull(row.getString("id"));
      Part before = last;
      Raw raw = before != null && before.id().equals(id) ? before.raw() : Raw.of(row);
      Part part = new Part(id, raw, row.getString("selector"));
      last = part;
      return part;
    }
  }

  /** The versions of a webhook, of its secret and of the value of its authentication header. */
  record Versions(long webhook, long secret, long authentication) {}

  /** The columns as they are, perhaps damaged. */
  record Raw(
      int environment,
      List<@Nullable String> texts,
      List<@Nullable Long> times,
      Versions versions) {
    private static final List<String> TEXTS = List.of(
        "name",
        "method",
        "url",
        "auth_header",
        "auth_value",
        "secret",
        "pause_cause",
        "pause_reason");
    private static final List<String> TIMES =
        List.of("paused_at", "active_since", "created_at", "updated_at");

    static Raw of(ResultSet row) throws SQLException {
      List<@Nullable String> texts = new ArrayList<>();
      for (String column : TEXTS) {
        texts.add(row.getString(column));
      }
      List<@Nullable Long> times = new ArrayList<>();
      for (String column : TIMES) {
        times.add(Sql.nullableLong(row, column));
      }
      Versions versions = new Versions(
          row.getLong("version"), row.getLong("secret_version"), row.getLong("auth_version"));
      return new Raw(row.getInt("environment"), texts, times, versions);
    }

    @Nullable
    String orNull(String column) {
      return texts.get(TEXTS.indexOf(column));
    }

    String text(String column) {
      return Objects.requireNonNull(orNull(column), column);
    }

    long time(String column) {
      return Objects.requireNonNull(times.get(TIMES.indexOf(column)), column);
    }
  }

  /** Throws what the values' own constructors do if a column is damaged. */
  static StoredWebhook toWebhook(List<Part> parts) {
    Raw raw = parts.get(0).raw();
    Webhook webhook = Webhook.builder()
        .id(parts.get(0).id())
        .environment(Environments.of(raw.environment()))
        .name(raw.text("name"))
        .method(DeliveryMethod.ofId(raw.text("method")))
        .url(raw.text("url"))
        .authenticationHeader(raw.text("auth_header"))
        .subscriptions(
            parts.stream().map(Part::selector).filter(Objects::nonNull).toList())
        .pause(pause(raw))
        .activeSince(EpochMicros.toInstant(raw.time("active_since")))
        .createdAt(EpochMicros.toInstant(raw.time("created_at")))
        .updatedAt(EpochMicros.toInstant(raw.time("updated_at")))
        .version(raw.versions().webhook())
        .build();
    return new StoredWebhook(
        webhook,
        raw.text("secret"),
        raw.versions().secret(),
        raw.text("auth_value"),
        raw.versions().authentication());
  }

  private static @Nullable Pause pause(Raw raw) {
    String cause = raw.orNull("pause_cause");
    return cause == null
        ? null
        : new Pause(
            PauseCause.ofId(cause),
            raw.text("pause_reason"),
            EpochMicros.toInstant(raw.time("paused_at")));
  }
}
