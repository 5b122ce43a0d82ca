package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.WebhookSenderBuilder;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole sender on real databases: transactions of its user's, and a database that is down. */
class JdbcSenderTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Environment PRODUCTION = Environment.PRODUCTION;

  private final MockWebServer server = new MockWebServer();
  private final AtomicBoolean down = new AtomicBoolean();
  private final AtomicBoolean losing = new AtomicBoolean();

  @TempDir
  private Path directory;

  @BeforeEach
  void start() throws IOException {
    server.setDispatcher(new Dispatcher() {
      @Override
      public MockResponse dispatch(RecordedRequest request) {
        return new MockResponse.Builder().code(200).build();
      }
    });
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void publish_inATransaction_isSentOnceItIsCommittedWithoutWaitingForAPoll(JdbcDatabase kind)
      throws Exception {
    DataSource database = EmptyDatabase.of(kind, directory);
    try (WebhookSender sender = started(kind, database, Duration.ofHours(1));
        Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);

      sender.publish(connection, PRODUCTION, event("evt_1"));
      connection.commit();

      assertThat(received()).isEqualTo("evt_1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void publish_inATransactionThatIsRolledBack_isNeverSent(JdbcDatabase kind) throws Exception {
    DataSource database = EmptyDatabase.of(kind, directory);
    try (WebhookSender sender = started(kind, database, Duration.ofMillis(10));
        Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      String deliveryId =
          sender.publish(connection, PRODUCTION, event("evt_1")).deliveryIds().get(0);
      connection.rollback();

      assertThat(sender.deliveries().find(deliveryId)).isEmpty();
      sender.publish(PRODUCTION, event("evt_2"));
      assertThat(received()).isEqualTo("evt_2");
      assertThat(sender.publish(PRODUCTION, event("evt_1")).isNew()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void sender_whoseDatabaseIsDown_refusesToPublishAndGoesOnWhenItIsBack(JdbcDatabase kind)
      throws Exception {
    DataSource database = EmptyDatabase.of(kind, directory);
    try (WebhookSender sender = started(kind, breakable(database), Duration.ofMillis(50));
        WebhookSender publisher = builder(kind, database).build()) {
      down.set(true);
      assertThatThrownBy(() -> sender.publish(PRODUCTION, event("evt_refused")))
          .isInstanceOfSatisfying(
              StorageException.class,
              e -> assertThat(e.reason()).isEqualTo(SenderReason.STORAGE_UNAVAILABLE));
      // Another node can still reach it; this one must find the delivery by itself afterwards.
      String id = publisher.publish(PRODUCTION, event("evt_1")).deliveryIds().get(0);

      down.set(false);

      assertThat(received()).isEqualTo("evt_1");
      await()
          .atMost(PATIENCE)
          .until(
              () -> sender.deliveries().find(id).orElseThrow().state() == DeliveryState.SUCCEEDED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void publish_whoseAnswerIsLost_isSentLongBeforeItsLeaseEnds(JdbcDatabase kind) throws Exception {
    DataSource database = EmptyDatabase.of(kind, directory);
    try (WebhookSender sender =
        started(kind, new LostAnswers(database, losing).dataSource(), Duration.ofHours(1))) {
      for (String id : List.of("evt_repeated", "evt_not_repeated")) {
        losing.set(true);
        assertThatThrownBy(() -> sender.publish(PRODUCTION, event(id)))
            .isInstanceOf(StorageException.class);
        losing.set(false);
        if (id.equals("evt_repeated")) {
          assertThat(sender.publish(PRODUCTION, event(id)).isNew()).isFalse();
        }

        assertThat(received()).isEqualTo(id);
      }
      assertThat(server.takeRequest(100, TimeUnit.MILLISECONDS)).isNull();
    }
  }

  private String received() throws InterruptedException {
    RecordedRequest request = Objects.requireNonNull(
        server.takeRequest(PATIENCE.toSeconds(), TimeUnit.SECONDS), "nothing was sent");
    return Objects.requireNonNull(request.getHeaders().get("X-Klink-Event-Id"));
  }

  private WebhookSender started(JdbcDatabase kind, DataSource database, Duration poll) {
    EmptyDatabase.storage(kind, database).migrate();
    WebhookSender sender = builder(kind, database).pollInterval(poll).build();
    sender
        .webhooks()
        .create(PRODUCTION)
        .name("Orders")
        .url(server.url("/hook").toString())
        .subscribe(EventName.CONTACT_CREATED)
        .save();
    sender.start();
    return sender;
  }

  private static WebhookSenderBuilder builder(JdbcDatabase kind, DataSource database) {
    return WebhookSender.builder(EmptyDatabase.storage(kind, database))
        .endpoints(EndpointPolicy.forDevelopment());
  }

  private static Event event(String id) {
    return Event.builder(EventName.CONTACT_CREATED)
        .timestamp(Instant.EPOCH)
        .id(id)
        .build();
  }

  /** Gives no connection while it is down. */
  private DataSource breakable(DataSource database) {
    return (DataSource) Proxy.newProxyInstance(
        getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, args) -> {
          if (down.get()) {
            throw new SQLTransientConnectionException("the database is down");
          }
          try {
            return method.invoke(database, args);
          } catch (InvocationTargetException e) {
            throw e.getCause() instanceof SQLException cause ? cause : e;
          }
        });
  }
}
