package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.health.HealthStatus;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.storage.InterceptedStorage;
import cloud.klink.webhooks.sender.storage.Storage;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A database that refuses one outcome for good, as by a rule of its owner's. */
class RefusedOutcomeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CountingEndpoints receivers = new CountingEndpoints();

  @TempDir
  private Path directory;

  @AfterEach
  void close() {
    receivers.close();
  }

  @ParameterizedTest
  @EnumSource
  void outcome_whoseTextIsRefused_isWrittenWithoutItsTexts(JdbcDatabase kind) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    receivers.answer("orders", CountingEndpoints.answer(200, "thanks \u2705"));
    try (WebhookSender sender = started(kind, database)) {
      refuse(kind, database, "UPDATE", "klink_delivery", "NEW.response LIKE '%\u2705%'");
      receivers.webhook(sender, "orders");
      receivers.webhook(sender, "others");

      String refused = CountingEndpoints.publish(sender, "orders", "evt_refused");
      List<String> others = publishMany(sender, 50);

      others.forEach(id -> awaitState(sender, id, DeliveryState.SUCCEEDED));
      awaitState(sender, refused, DeliveryState.SUCCEEDED);
      List<Attempt> attempts = sender.deliveries().attempts(refused);
      assertThat(attempts).hasSize(1);
      assertThat(attempts.get(0).result().status()).hasValue(200);
      assertThat(attempts.get(0).result().response()).isEmpty();
      assertThat(attempts.get(0).result().responseHeaders()).isEmpty();
      assertThat(attempts.get(0).result().connectedTo()).isEmpty();
      assertThat(attempts.get(0).result().error()).contains("the storage refused");
      assertThat(receivers.got("orders")).containsExactly("evt_refused");
    }
  }

  @ParameterizedTest
  @EnumSource
  void outcome_whoseAttemptIsRefused_endsItsDeliveryWithoutIt(JdbcDatabase kind)
      throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    try (WebhookSender sender = started(kind, database)) {
      String webhookId = receivers.webhook(sender, "orders").id();
      receivers.webhook(sender, "others");
      refuse(
          kind,
          database,
          "UPDATE",
          "klink_delivery",
          "NEW.started_at IS NOT NULL AND NEW.webhook_id = '" + webhookId + "'");

      String refused = CountingEndpoints.publish(sender, "orders", "evt_refused");
      List<String> others = publishMany(sender, 50);

      others.forEach(id -> awaitState(sender, id, DeliveryState.SUCCEEDED));
      awaitState(sender, refused, DeliveryState.SUCCEEDED);
      assertThat(sender.deliveries().attempts(refused)).isEmpty();
      assertThat(sender.deliveries().find(refused).orElseThrow().attempts()).isEqualTo(1);
      assertThat(receivers.got("orders")).containsExactly("evt_refused");
    }
  }

  @ParameterizedTest
  @EnumSource
  void outcome_whoseFailedAttemptIsRefused_isRepeatedWithoutIt(JdbcDatabase kind)
      throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    receivers.answer("orders", CountingEndpoints.answer(500, "broken"));
    try (WebhookSender sender = started(kind, database)) {
      String webhookId = receivers.webhook(sender, "orders").id();
      receivers.webhook(sender, "others");
      refuse(
          kind, database, "INSERT", "klink_failed_attempt", "NEW.webhook_id = '" + webhookId + "'");

      String refused = CountingEndpoints.publish(sender, "orders", "evt_refused");
      List<String> others = publishMany(sender, 50);

      others.forEach(id -> awaitState(sender, id, DeliveryState.SUCCEEDED));
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(sender.deliveries().find(refused).orElseThrow().attempts())
                  .isPositive());
      assertThat(sender.deliveries().attempts(refused)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void outcome_ofWhichNothingCanBeWritten_harmsNoOtherAndIsTold(JdbcDatabase kind)
      throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    try (WebhookSender sender = started(kind, database)) {
      String webhookId = receivers.webhook(sender, "orders").id();
      receivers.webhook(sender, "others");
      refuseSuccessOf(webhookId, kind, database);

      String refused = CountingEndpoints.publish(sender, "orders", "evt_refused");
      List<String> others = publishMany(sender, 50);

      others.forEach(id -> awaitState(sender, id, DeliveryState.SUCCEEDED));
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(sender.health().status()).isEqualTo(HealthStatus.DEGRADED));
      assertThat(sender.health().problems()).anyMatch(problem -> problem.contains("refuse"));
      others = publishMany(sender, 50);
      others.forEach(id -> awaitState(sender, id, DeliveryState.SUCCEEDED));
      allow(kind, database, "klink_delivery");
      awaitState(sender, refused, DeliveryState.SUCCEEDED);
    }
  }

  /**
   * States by which a database usually says that it does not work: resources, disks, a shutdown.
   */
  @ParameterizedTest
  @ValueSource(strings = {"53400", "58030", "57P01"})
  void outcome_atWhichTheDatabaseFails_harmsNoOtherAndIsTold(String state) throws SQLException {
    JdbcDatabase kind = JdbcDatabase.POSTGRESQL;
    DataSource database = EmptyDatabase.of(kind, directory);
    try (WebhookSender sender = started(kind, database)) {
      String webhookId = receivers.webhook(sender, "orders").id();
      receivers.webhook(sender, "others");
      failAtOutcomesOf(webhookId, state, database);

      String kept = setAside(sender);
      List<String> others = publishMany(sender, 50);

      others.forEach(id -> awaitState(sender, id, DeliveryState.SUCCEEDED));
      assertThat(sender.health().status()).isEqualTo(HealthStatus.DEGRADED);
      assertThat(sender.health().problems()).anyMatch(problem -> problem.contains("fails at"));
      allow(kind, database, "klink_delivery");
      awaitState(sender, kept, DeliveryState.SUCCEEDED);
      assertThat(sender.deliveries().attempts(kept)).hasSize(1);
    }
    assertThat(receivers.got("orders")).containsExactly("evt_refused");
  }

  /** To try takes time, in which nothing is known to be better. */
  @ParameterizedTest
  @EnumSource
  void outcome_whileItIsTriedAgain_isToldAsBefore(JdbcDatabase kind) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    AtomicReference<WebhookSender> watched = new AtomicReference<>();
    List<HealthStatus> told = new CopyOnWriteArrayList<>();
    UnaryOperator<Storage> watching = storage -> InterceptedStorage.of(storage, call -> {
      WebhookSender sender = watched.get();
      if (call.is("record") && sender != null) {
        told.add(sender.health().status());
      }
      return call.proceed();
    });
    try (WebhookSender sender = started(kind, database, watching)) {
      refuseSuccessOf(receivers.webhook(sender, "orders").id(), kind, database);
      String kept = setAside(sender);
      watched.set(sender);

      await().atMost(PATIENCE).until(() -> told.size() >= 3);
      watched.set(null);
      assertThat(told).containsOnly(HealthStatus.DEGRADED);
      allow(kind, database, "klink_delivery");
      awaitState(sender, kept, DeliveryState.SUCCEEDED);
      await().untilAsserted(() -> assertThat(sender.health().outcomesSetAside()).isZero());
    }
  }

  @ParameterizedTest
  @EnumSource
  void stop_whenARefusalHasPassed_writesWhatWasSetAside(JdbcDatabase kind) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    String refused;
    try (WebhookSender sender = started(kind, database)) {
      String webhookId = receivers.webhook(sender, "orders").id();
      refuseSuccessOf(webhookId, kind, database);
      refused = setAside(sender);
      allow(kind, database, "klink_delivery");

      sender.stop(PATIENCE).toCompletableFuture().join();

      assertThat(sender.deliveries().find(refused).orElseThrow().state())
          .isEqualTo(DeliveryState.SUCCEEDED);
    }
    assertThat(receivers.got("orders")).containsExactly("evt_refused");
  }

  @ParameterizedTest
  @EnumSource
  void stop_whileARefusalLasts_givesItUpSoon(JdbcDatabase kind) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    try (WebhookSender sender = started(kind, database)) {
      String webhookId = receivers.webhook(sender, "orders").id();
      refuseSuccessOf(webhookId, kind, database);
      String refused = setAside(sender);

      assertThat(sender.stop(Duration.ofMinutes(10)).toCompletableFuture())
          .succeedsWithin(PATIENCE);

      assertThat(sender.deliveries().find(refused).orElseThrow().state())
          .isEqualTo(DeliveryState.WAITING);
    }
  }

  private WebhookSender started(JdbcDatabase kind, DataSource database) {
    return started(kind, database, UnaryOperator.identity());
  }

  private WebhookSender started(
      JdbcDatabase kind, DataSource database, UnaryOperator<Storage> intercepted) {
    JdbcStorage storage = EmptyDatabase.storage(kind, database);
    storage.migrate();
    WebhookSender sender = WebhookSender.builder(intercepted.apply(storage))
        .endpoints(EndpointPolicy.forDevelopment())
        .build();
    sender.start();
    return sender;
  }

  private int published;

  private List<String> publishMany(WebhookSender sender, int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(CountingEndpoints.publish(sender, "others", "evt_other_" + published++));
    }
    return ids;
  }

  private static void awaitState(WebhookSender sender, String id, DeliveryState state) {
    await()
        .pollDelay(Duration.ZERO)
        .atMost(PATIENCE)
        .until(() -> sender.deliveries().find(id).orElseThrow().state() == state);
  }

  /** A delivery whose outcome the storage does not take. */
  private static String setAside(WebhookSender sender) {
    String delivery = CountingEndpoints.publish(sender, "orders", "evt_refused");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(sender.health().outcomesSetAside()).isEqualTo(1));
    return delivery;
  }

  private static void refuseSuccessOf(String webhookId, JdbcDatabase kind, DataSource database)
      throws SQLException {
    refuse(
        kind,
        database,
        "UPDATE",
        "klink_delivery",
        "NEW.state = 1 AND NEW.webhook_id = '" + webhookId + "'");
  }

  private static void failAtOutcomesOf(String webhookId, String state, DataSource database)
      throws SQLException {
    TestPostgres.execute(
        database,
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$BEGIN RAISE EXCEPTION 'not this one' USING ERRCODE = '" + state + "'; END$$");
    TestPostgres.execute(
        database,
        "CREATE TRIGGER refuse BEFORE UPDATE ON klink_delivery FOR EACH ROW WHEN (NEW.state = 1 AND"
            + " NEW.webhook_id = '" + webhookId + "') EXECUTE FUNCTION fail()");
  }

  /** The database's owner has a rule that some rows break. */
  static void refuse(
      JdbcDatabase kind, DataSource database, String event, String table, String condition)
      throws SQLException {
    switch (kind) {
      case SQLITE ->
        TestPostgres.execute(
            database,
            "CREATE TRIGGER refuse BEFORE " + event + " ON " + table + " WHEN " + condition
                + " BEGIN SELECT RAISE(ABORT, 'not this one'); END");
      case H2 ->
        TestPostgres.execute(
            database,
            "ALTER TABLE " + table + " ADD CONSTRAINT refuse CHECK (NOT ("
                + condition.replace("NEW.", "") + ")) NOCHECK");
      case POSTGRESQL -> {
        TestPostgres.execute(
            database,
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$BEGIN RAISE EXCEPTION 'not this one'; END$$");
        TestPostgres.execute(
            database,
            "CREATE TRIGGER refuse BEFORE " + event + " ON " + table + " FOR EACH ROW WHEN ("
                + condition + ") EXECUTE FUNCTION refuse()");
      }
    }
  }

  /** The rule is gone. */
  static void allow(JdbcDatabase kind, DataSource database, String table) throws SQLException {
    TestPostgres.execute(
        database,
        switch (kind) {
          case SQLITE -> "DROP TRIGGER refuse";
          case H2 -> "ALTER TABLE " + table + " DROP CONSTRAINT refuse";
          case POSTGRESQL -> "DROP TRIGGER refuse ON " + table;
        });
  }
}
