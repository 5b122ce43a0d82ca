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
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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

  /** One for each claim that has returned. */
  private final Semaphore claims = new Semaphore(0);

  private DataSource database;
  private Webhook webhook;

  @TempDir
  private Path directory;

  @AfterEach
  void close() {
    receivers.close();
  }

  @ParameterizedTest
  @EnumSource
  void wakeUp_afterTheCommit_sendsWithoutAClaim(JdbcDatabase kind) throws SQLException {
    run(watched(kind), (sender, connection) -> {
      for (int i = 0; i < 20; i++) {
        String id = publish(sender, connection, "evt_" + i);
        connection.commit();
        sender.wakeUp();
        awaitState(sender, id, DeliveryState.SUCCEEDED);
      }
    });

    assertThat(receivers.got("orders")).hasSize(20).doesNotHaveDuplicates();
    assertThat(claimed).hasValue(0);
  }

  @ParameterizedTest
  @EnumSource
  void commit_withoutAWakeUp_isFoundWithoutAClaim(JdbcDatabase kind) throws SQLException {
    run(watched(kind), (sender, connection) -> {
      String id = publish(sender, connection, "evt_1");
      connection.commit();

      awaitState(sender, id, DeliveryState.SUCCEEDED);
    });

    assertThat(claimed).hasValue(0);
  }

  @ParameterizedTest
  @EnumSource
  void wakeUp_beforeTheCommitOrAfterARollback_sendsNothing(JdbcDatabase kind) throws SQLException {
    run(watched(kind), (sender, connection) -> {
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
    });
  }

  /** More than are handed off, in one call and in one transaction. */
  @ParameterizedTest
  @EnumSource
  void commit_ofThousandsOfEvents_isSentOnceEach(JdbcDatabase kind) throws SQLException {
    run(watched(kind), (sender, connection) -> {
      List<Event> events =
          IntStream.range(0, 2_000).mapToObj(i -> event("evt_" + i)).toList();
      sender.publishAll(connection, PRODUCTION, events);
      connection.commit();
      sender.wakeUp();

      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(receivers.got("orders")).hasSize(2_000));
    });

    assertThat(receivers.got("orders")).doesNotHaveDuplicates();
  }

  /** A webhook that was never tried gets one; the others are released and claimed. */
  @ParameterizedTest
  @EnumSource
  void commit_ofWhatHasNoPlace_isClaimedHoweverLongTheReleaseTakes(JdbcDatabase kind)
      throws SQLException {
    Storage storage = InterceptedStorage.of(watched(kind), call -> {
      if (call.is("release")) {
        claims.drainPermits();
        claims.tryAcquire(1, TimeUnit.SECONDS);
      }
      return call.proceed();
    });
    run(storage, (sender, connection) -> {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        ids.add(publish(sender, connection, "evt_" + i));
      }
      connection.commit();
      sender.wakeUp();

      ids.forEach(id -> awaitState(sender, id, DeliveryState.SUCCEEDED));
    });

    assertThat(receivers.got("orders")).hasSize(20).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void commit_whileTheStorageFailsToLook_isSentWhenItWorksAgain(JdbcDatabase kind)
      throws SQLException {
    failures.set(3);
    run(watched(kind), (sender, connection) -> {
      String id = publish(sender, connection, "evt_1");
      connection.commit();
      sender.wakeUp();

      awaitState(sender, id, DeliveryState.SUCCEEDED);
    });

    assertThat(receivers.got("orders")).containsExactly("evt_1");
  }

  /** Its lease does not delay it at another node. */
  @ParameterizedTest
  @EnumSource
  void stop_beforeACommitIsFound_leavesTheDeliveryToOthersAtOnce(JdbcDatabase kind)
      throws SQLException {
    failures.set(Integer.MAX_VALUE);
    Storage storage = watched(kind);
    List<String> ids = new ArrayList<>();
    run(storage, (sender, connection) -> {
      ids.add(publish(sender, connection, "evt_1"));
      connection.commit();
    });

    assertThat(JdbcTestData.claim(storage, Instant.now(), 10).deliveries())
        .extracting(ClaimedDelivery::deliveryId)
        .containsExactlyElementsOf(ids);
  }

  /** A storage of the user's own that does not know of handing off. */
  @ParameterizedTest
  @EnumSource
  void commit_onAStorageThatHandsOffNothing_isClaimed(JdbcDatabase kind) throws SQLException {
    run(withDefaults(watched(kind)), (sender, connection) -> {
      String id = publish(sender, connection, "evt_1");
      connection.commit();
      sender.wakeUp();

      awaitState(sender, id, DeliveryState.SUCCEEDED);
    });

    assertThat(claimed).hasValue(1);
  }

  @Test
  void webhook_thatAnotherNodeMovesWhileTheTransactionIsOpen_getsNothingAtItsOldUrl()
      throws SQLException {
    runUsed((sender, connection, other) -> {
      String id = publish(sender, connection, "evt_2");
      Webhook moved = other.webhooks().get(webhook.id()).orElseThrow();
      other.webhooks().edit(moved).url(moved.url().replace("/orders", "/moved")).save();
      connection.commit();
      sender.wakeUp();

      awaitState(sender, id, DeliveryState.SUCCEEDED);
      assertThat(receivers.got("orders")).containsExactly("evt_1");
      assertThat(receivers.got("moved")).containsExactly("evt_2");
    });
  }

  @Test
  void webhook_thatAnotherNodePausesWhileTheTransactionIsOpen_getsItOnceItIsResumed()
      throws SQLException {
    runUsed((sender, connection, other) -> {
      String id = publish(sender, connection, "evt_2");
      other.webhooks().pause(webhook.id(), "by hand");
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

      sender.webhooks().resume(webhook.id());
      awaitState(sender, id, DeliveryState.SUCCEEDED);
      assertThat(receivers.got("orders")).containsExactly("evt_1", "evt_2");
    });
  }

  @Test
  void webhook_thatAnotherNodeDeletesWhileTheTransactionIsOpen_hasItCancelled()
      throws SQLException {
    runUsed((sender, connection, other) -> {
      String id = publish(sender, connection, "evt_2");
      other.webhooks().delete(webhook.id());
      connection.commit();
      sender.wakeUp();

      awaitState(sender, id, DeliveryState.CANCELLED);
      assertThat(receivers.got("orders")).containsExactly("evt_1");
    });
  }

  /** What a test does with a sender and a connection with auto-commit off. */
  private interface Work {
    void on(WebhookSender sender, Connection connection) throws SQLException;
  }

  /** The same, with another node. */
  private interface WorkWithTwo {
    void on(WebhookSender sender, Connection connection, WebhookSender other) throws SQLException;
  }

  private void run(Storage storage, Work work) throws SQLException {
    try (WebhookSender sender = unstarted(storage);
        Connection connection = database.getConnection()) {
      sender.start();
      webhook = receivers.webhook(sender, "orders");
      connection.setAutoCommit(false);
      work.on(sender, connection);
    }
  }

  /** On PostgreSQL, where others write meanwhile; the sender knows the webhook as it was. */
  private void runUsed(WorkWithTwo work) throws SQLException {
    Storage storage = watched(JdbcDatabase.POSTGRESQL);
    run(storage, (sender, connection) -> {
      String id = sender.publish(PRODUCTION, event("evt_1")).deliveryIds().get(0);
      awaitState(sender, id, DeliveryState.SUCCEEDED);
      try (WebhookSender other = unstarted(storage)) {
        work.on(sender, connection, other);
      }
    });
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
  private Storage watched(JdbcDatabase kind) throws SQLException {
    database = EmptyDatabase.of(kind, directory);
    JdbcStorage storage = EmptyDatabase.storage(kind, database);
    storage.migrate();
    return InterceptedStorage.of(storage, call -> {
      if (call.is("committed") && failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new StorageException(SenderReason.STORAGE_UNAVAILABLE, "on purpose", null);
      }
      Object result = call.proceed();
      if (call.is("claim")) {
        claimed.addAndGet(((Claims) Objects.requireNonNull(result)).deliveries().size());
        claims.release();
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
