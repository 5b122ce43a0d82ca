package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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

/** Publishing in a transaction of the user's that is rolled back in part. */
class SavepointTest {
  private static final Environment PRODUCTION = Environment.PRODUCTION;

  private final MockWebServer server = new MockWebServer();

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
  void publish_afterASavepointThatIsRolledBackTo_isNeverSentAndHoldsNothingUp(JdbcDatabase kind)
      throws Exception {
    DataSource database = EmptyDatabase.of(kind, directory);
    try (WebhookSender sender = started(kind, database);
        Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      sender.publish(connection, PRODUCTION, event("before"));
      Savepoint savepoint = connection.setSavepoint();
      String undone =
          sender.publish(connection, PRODUCTION, event("undone")).deliveryIds().get(0);
      connection.rollback(savepoint);
      sender.publish(connection, PRODUCTION, event("after"));
      connection.commit();

      assertThat(new String[] {received(), received()})
          .containsExactlyInAnyOrder("before", "after");
      assertThat(sender.deliveries().find(undone)).isEmpty();
      sender.publish(PRODUCTION, event("later"));
      assertThat(received()).isEqualTo("later");
      assertThat(sender.publish(PRODUCTION, event("undone")).isNew()).isTrue();
      assertThat(received()).isEqualTo("undone");
      assertThat(server.takeRequest(200, TimeUnit.MILLISECONDS)).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void publish_ofNothingButWhatIsRolledBack_leavesTheNextEventsAsTheyAre(JdbcDatabase kind)
      throws Exception {
    DataSource database = EmptyDatabase.of(kind, directory);
    try (WebhookSender sender = started(kind, database);
        Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      Savepoint savepoint = connection.setSavepoint();
      sender.publish(connection, PRODUCTION, event("undone"));
      connection.rollback(savepoint);
      connection.commit();

      sender.publish(PRODUCTION, event("handed-off"));
      assertThat(received()).isEqualTo("handed-off");
      assertThat(server.takeRequest(200, TimeUnit.MILLISECONDS)).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void publish_againAfterTheRollbackToTheSavepoint_isNewAndSentOnce(JdbcDatabase kind)
      throws Exception {
    DataSource database = EmptyDatabase.of(kind, directory);
    try (WebhookSender sender = started(kind, database);
        Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      Savepoint savepoint = connection.setSavepoint("first");
      sender.publish(connection, PRODUCTION, event("again"));
      connection.rollback(savepoint);
      assertThat(sender.publish(connection, PRODUCTION, event("again")).isNew()).isTrue();
      Savepoint second = connection.setSavepoint("second");
      assertThat(sender.publish(connection, PRODUCTION, event("again")).isNew()).isFalse();
      connection.rollback(second);
      connection.commit();

      assertThat(received()).isEqualTo("again");
      assertThat(server.takeRequest(200, TimeUnit.MILLISECONDS)).isNull();
    }
  }

  /** What failed between does not matter once the transaction is usable again. */
  @ParameterizedTest
  @EnumSource
  void publish_afterAFailureThatASavepointUndid_isSent(JdbcDatabase kind) throws Exception {
    DataSource database = EmptyDatabase.of(kind, directory);
    try (WebhookSender sender = started(kind, database);
        Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      Savepoint savepoint = connection.setSavepoint();
      assertThatThrownBy(() -> statement.execute("SELECT * FROM no_such_table"))
          .isInstanceOf(SQLException.class);
      connection.rollback(savepoint);
      sender.publish(connection, PRODUCTION, event("sent"));
      connection.commit();

      assertThat(received()).isEqualTo("sent");
    }
  }

  private String received() throws InterruptedException {
    RecordedRequest request =
        Objects.requireNonNull(server.takeRequest(30, TimeUnit.SECONDS), "nothing was sent");
    return Objects.requireNonNull(request.getHeaders().get("X-Klink-Event-Id"));
  }

  private WebhookSender started(JdbcDatabase kind, DataSource database) {
    EmptyDatabase.storage(kind, database).migrate();
    WebhookSender sender = WebhookSender.builder(EmptyDatabase.storage(kind, database))
        .endpoints(EndpointPolicy.forDevelopment())
        .pollInterval(Duration.ofHours(1))
        .build();
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

  private static Event event(String id) {
    return Event.builder(EventName.CONTACT_CREATED)
        .timestamp(Instant.EPOCH)
        .id(id)
        .build();
  }
}
