package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.InterceptedStorage;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is published in a transaction of the user's is sent after its commit without a claim. */
class JoinedTransactionTest {
  private static final Environment PRODUCTION = Environment.PRODUCTION;

  private final CountingEndpoints receivers = new CountingEndpoints();
  private final AtomicInteger claimed = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();

  @TempDir
  private Path directory;

  @AfterEach
  void close() {
    receivers.close();
  }

  @ParameterizedTest
  @EnumSource
  void wakeUp_afterTheCommit_sendsWithoutAClaim(JdbcDatabase kind) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    try (WebhookSender sender = started(watched(kind, database));
        Connection connection = database.getConnection()) {
      receivers.webhook(sender, "orders");
      connection.setAutoCommit(false);
      for (int i = 0; i < 20; i++) {
        String id = publish(sender, connection, "evt_" + i);
        connection.commit();
        sender.wakeUp();
        awaitState(sender, id, DeliveryState.SUCCEEDED);
      }

      assertThat(receivers.got("orders")).hasSize(20).doesNotHaveDuplicates();
      assertThat(claimed).hasValue(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void commit_withoutAWakeUp_isFoundWithoutAClaim(JdbcDatabase kind) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    try (WebhookSender sender = started(watched(kind, database));
        Connection connection = database.getConnection()) {
      receivers.webhook(sender, "orders");
      connection.setAutoCommit(false);
      String id = publish(sender, connection, "evt_1");
      connection.commit();

      awaitState(sender, id, DeliveryState.SUCCEEDED);
      assertThat(claimed).hasValue(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void wakeUp_beforeTheCommitOrAfterARollback_sendsNothing(JdbcDatabase kind) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    try (WebhookSender sender = started(watched(kind, database));
        Connection connection = database.getConnection()) {
      receivers.webhook(sender, "orders");
      connection.setAutoCommit(false);
      publish(sender, connection, "evt_rolled_back");
      sender.wakeUp();
      connection.rollback();
      sender.wakeUp();
      publish(sender, connection, "evt_before");
      Savepoint savepoint = connection.setSavepoint();
      publish(sender, connection, "evt_undone");
      connection.rollback(savepoint);
      String last = publish(sender, connection, "evt_after");
      connection.commit();
      sender.wakeUp();

      awaitState(sender, last, DeliveryState.SUCCEEDED);
      await()
          .untilAsserted(() -> assertThat(receivers.got("orders"))
              .containsExactlyInAnyOrder("evt_before", "evt_after"));
    }
  }

  /** More than are handed off, in one call and in one transaction. */
  @ParameterizedTest
  @EnumSource
  void commit_ofThousandsOfEvents_isSentOnceEach(JdbcDatabase kind) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    try (WebhookSender sender = started(watched(kind, database));
        Connection connection = database.getConnection()) {
      receivers.webhook(sender, "orders");
      connection.setAutoCommit(false);
      List<Event> events =
          IntStream.range(0, 2_000).mapToObj(i -> event("evt_" + i)).toList();
      sender.publishAll(connection, PRODUCTION, events);
      connection.commit();
      sender.wakeUp();

      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(receivers.got("orders")).hasSize(2_000));
      assertThat(receivers.got("orders")).doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @EnumSource
  void commit_whileTheStorageFailsToLook_isSentWhenItWorksAgain(JdbcDatabase kind)
      throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    failures.set(3);
    try (WebhookSender sender = started(watched(kind, database));
        Connection connection = database.getConnection()) {
      receivers.webhook(sender, "orders");
      connection.setAutoCommit(false);
      String id = publish(sender, connection, "evt_1");
      connection.commit();
      sender.wakeUp();

      awaitState(sender, id, DeliveryState.SUCCEEDED);
      assertThat(receivers.got("orders")).containsExactly("evt_1");
    }
  }

  /** Its lease does not delay it at another node. */
  @ParameterizedTest
  @EnumSource
  void stop_beforeACommitIsFound_leavesTheDeliveryToOthersAtOnce(JdbcDatabase kind)
      throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    Storage storage = EmptyDatabase.storage(kind, database);
    failures.set(Integer.MAX_VALUE);
    String id;
    try (WebhookSender sender = started(watched(kind, database));
        Connection connection = database.getConnection()) {
      receivers.webhook(sender, "orders");
      connection.setAutoCommit(false);
      id = publish(sender, connection, "evt_1");
      connection.commit();
    }

    assertThat(JdbcTestData.claim(storage, Instant.now(), 10).deliveries())
        .extracting(one -> one.deliveryId())
        .containsExactly(id);
  }

  /** A storage of the user's own that does not know of handing off. */
  @ParameterizedTest
  @EnumSource
  void commit_onAStorageThatHandsOffNothing_isClaimed(JdbcDatabase kind) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    try (WebhookSender sender = started(withDefaults(watched(kind, database)));
        Connection connection = database.getConnection()) {
      receivers.webhook(sender, "orders");
      connection.setAutoCommit(false);
      String id = publish(sender, connection, "evt_1");
      connection.commit();
      sender.wakeUp();

      awaitState(sender, id, DeliveryState.SUCCEEDED);
      assertThat(claimed).hasValue(1);
    }
  }

  @Test
  void webhook_thatAnotherNodeMovesWhileTheTransactionIsOpen_getsNothingAtItsOldUrl()
      throws SQLException {
    DataSource database = EmptyDatabase.of(JdbcDatabase.POSTGRESQL, directory);
    Storage storage = watched(JdbcDatabase.POSTGRESQL, database);
    try (WebhookSender sender = started(storage);
        WebhookSender other = unstarted(storage);
        Connection connection = database.getConnection()) {
      Webhook webhook = used(sender);
      connection.setAutoCommit(false);
      String id = publish(sender, connection, "evt_2");
      other
          .webhooks()
          .edit(webhook)
          .url(webhook.url().replace("/orders", "/moved"))
          .save();
      connection.commit();
      sender.wakeUp();

      awaitState(sender, id, DeliveryState.SUCCEEDED);
      assertThat(receivers.got("orders")).containsExactly("evt_1");
      assertThat(receivers.got("moved")).containsExactly("evt_2");
    }
  }

  @Test
  void webhook_thatAnotherNodePausesWhileTheTransactionIsOpen_getsItOnceItIsResumed()
      throws SQLException {
    DataSource database = EmptyDatabase.of(JdbcDatabase.POSTGRESQL, directory);
    Storage storage = watched(JdbcDatabase.POSTGRESQL, database);
    try (WebhookSender sender = started(storage);
        WebhookSender other = unstarted(storage);
        Connection connection = database.getConnection()) {
      Webhook paused = used(sender);
      connection.setAutoCommit(false);
      String id = publish(sender, connection, "evt_2");
      other.webhooks().pause(paused.id(), "by hand");
      connection.commit();
      sender.wakeUp();
      await()
          .until(() -> sender
              .deliveries()
              .find(id)
              .orElseThrow()
              .dueAt()
              .orElseThrow()
              .isBefore(Instant.now()));
      assertThat(receivers.got("orders")).containsExactly("evt_1");

      sender.webhooks().resume(paused.id());
      awaitState(sender, id, DeliveryState.SUCCEEDED);
      assertThat(receivers.got("orders")).containsExactly("evt_1", "evt_2");
    }
  }

  @Test
  void webhook_thatAnotherNodeDeletesWhileTheTransactionIsOpen_hasItCancelled()
      throws SQLException {
    DataSource database = EmptyDatabase.of(JdbcDatabase.POSTGRESQL, directory);
    Storage storage = watched(JdbcDatabase.POSTGRESQL, database);
    try (WebhookSender sender = started(storage);
        WebhookSender other = unstarted(storage);
        Connection connection = database.getConnection()) {
      Webhook deleted = used(sender);
      connection.setAutoCommit(false);
      String id = publish(sender, connection, "evt_2");
      other.webhooks().delete(deleted.id());
      connection.commit();
      sender.wakeUp();

      awaitState(sender, id, DeliveryState.CANCELLED);
      assertThat(receivers.got("orders")).containsExactly("evt_1");
    }
  }

  /** A webhook that the sender has sent to, so that it knows it as it is now. */
  private Webhook used(WebhookSender sender) {
    Webhook webhook = receivers.webhook(sender, "orders");
    String id = sender.publish(PRODUCTION, event("evt_1")).deliveryIds().get(0);
    awaitState(sender, id, DeliveryState.SUCCEEDED);
    return webhook;
  }

  private String publish(WebhookSender sender, Connection connection, String eventId) {
    return sender.publish(connection, PRODUCTION, event(eventId)).deliveryIds().get(0);
  }

  private static Event event(String id) {
    return Event.builder(EventName.of("orders.happened"))
        .timestamp(Instant.EPOCH)
        .id(id)
        .build();
  }

  /** Counts the deliveries that are claimed, and fails to look for commits if it is to. */
  private Storage watched(JdbcDatabase kind, DataSource database) {
    JdbcStorage storage = EmptyDatabase.storage(kind, database);
    storage.migrate();
    return InterceptedStorage.of(storage, call -> {
      if (call.is("committed") && failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new StorageException(SenderReason.STORAGE_UNAVAILABLE, "on purpose", null);
      }
      Object result = call.proceed();
      if (call.is("claim")) {
        claimed.addAndGet(((Claims) Objects.requireNonNull(result)).deliveries().size());
      }
      return result;
    });
  }

  /** The same storage, but with the default implementations of what concerns handing off. */
  private static Storage withDefaults(Storage storage) {
    return (Storage) Proxy.newProxyInstance(
        JoinedTransactionTest.class.getClassLoader(),
        new Class<?>[] {Storage.class},
        (proxy, method, arguments) -> {
          boolean isHandOff = method.getName().equals("committed")
              || (method.getParameterCount() == 5
                  && method.getParameterTypes()[0] == Connection.class);
          try {
            return isHandOff
                ? InvocationHandler.invokeDefault(proxy, method, arguments)
                : method.invoke(storage, arguments);
          } catch (InvocationTargetException e) {
            throw Objects.requireNonNull(e.getCause());
          }
        });
  }

  private static WebhookSender started(Storage storage) {
    WebhookSender sender = unstarted(storage);
    sender.start();
    return sender;
  }

  private static WebhookSender unstarted(Storage storage) {
    return WebhookSender.builder(storage)
        .endpoints(EndpointPolicy.forDevelopment())
        .pollInterval(Duration.ofHours(1))
        .build();
  }

  private static void awaitState(WebhookSender sender, String id, DeliveryState state) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> sender.deliveries().find(id).orElseThrow().state() == state);
  }
}
