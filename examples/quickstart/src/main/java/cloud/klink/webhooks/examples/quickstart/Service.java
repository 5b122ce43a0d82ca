package cloud.klink.webhooks.examples.quickstart;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcStorage;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.sqlite.SQLiteDataSource;

/** K-LINK's side: a service with a database of its own, in which the sender's queue is too. */
final class Service implements AutoCloseable {
  /** Shortened, so that nobody has to wait: the product's are 30, 60 and 90 seconds. */
  private static final DeliveryPolicy IMPATIENT = DeliveryPolicy.builder()
      .retries(
          RetryPolicy.after(Duration.ofMillis(300), Duration.ofMillis(600), Duration.ofMillis(900)))
      .pausing(PausePolicy.moreThan(5, Duration.ofHours(1)))
      .build();

  private final DataSource database;
  private final WebhookSender sender;

  private Service(DataSource database, WebhookSender sender) {
    this.database = database;
    this.sender = sender;
  }

  static Service start(Path folder, SenderListener listener) {
    SQLiteDataSource database = new SQLiteDataSource();
    database.setUrl("jdbc:sqlite:" + folder.resolve("service.db"));
    JdbcStorage storage = JdbcStorage.sqlite(database);
    storage.migrate();
    WebhookSender sender = WebhookSender.builder(storage)
        .endpoints(EndpointPolicy.forDevelopment())
        .policy(IMPATIENT)
        .listener(listener)
        .build();
    sender.start();
    Service service = new Service(database, sender);
    service.run("CREATE TABLE changes (event TEXT)");
    return service;
  }

  WebhookSender sender() {
    return sender;
  }

  Webhook subscribe(String url) {
    return sender
        .webhooks()
        .create(Environment.PRODUCTION)
        .name("Orders")
        .url(url)
        .headerAuthentication("X-API-Key", "quickstart")
        .subscribeAll(EventGroup.CONTACT, EventGroup.MESSAGE, EventGroup.ROOM)
        .save();
  }

  /** Changes something of the service's own, and publishes that it did: both, or neither. */
  void change(Event event, boolean goesWell) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement change =
          connection.prepareStatement("INSERT INTO changes VALUES (?)")) {
        change.setString(1, event.name().value());
        change.executeUpdate();
      }
      sender.publish(connection, Environment.PRODUCTION, event);
      if (goesWell) {
        connection.commit();
      } else {
        connection.rollback();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void run(String sql) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    sender.close();
  }
}
