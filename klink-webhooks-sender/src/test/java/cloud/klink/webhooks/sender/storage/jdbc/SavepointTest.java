package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Publishing in a transaction of the user's that is rolled back in part. */
class SavepointTest {
  private static final Environment PRODUCTION = Environment.PRODUCTION;

  private final CountingEndpoints receivers = new CountingEndpoints();

  @TempDir
  private Path directory;

  @AfterEach
  void close() {
    receivers.close();
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

      awaitReceived("before", "after");
      assertThat(sender.deliveries().find(undone)).isEmpty();
      sender.publish(PRODUCTION, event("later"));
      awaitReceived("before", "after", "later");
      assertThat(sender.publish(PRODUCTION, event("undone")).isNew()).isTrue();
      awaitReceived("before", "after", "later", "undone");
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
      awaitReceived("handed-off");
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

      sender.publish(PRODUCTION, event("later"));
      awaitReceived("again", "later");
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

      awaitReceived("sent");
    }
  }

  /** These and no others; what is published last is fetched last. */
  private void awaitReceived(String... events) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(receivers.got("orders")).containsExactlyInAnyOrder(events));
  }

  private WebhookSender started(JdbcDatabase kind, DataSource database) {
    EmptyDatabase.storage(kind, database).migrate();
    WebhookSender sender = WebhookSender.builder(EmptyDatabase.storage(kind, database))
        .endpoints(EndpointPolicy.forDevelopment())
        .pollInterval(Duration.ofHours(1))
        .build();
    receivers.webhook(sender, "orders");
    sender.start();
    return sender;
  }

  private static Event event(String id) {
    return Event.builder(EventName.of("orders.happened"))
        .timestamp(Instant.EPOCH)
        .id(id)
        .build();
  }
}
