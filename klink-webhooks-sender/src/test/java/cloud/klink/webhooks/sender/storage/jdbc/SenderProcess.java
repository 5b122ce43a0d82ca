package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import java.time.Instant;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/** A node in a process of its own: publishes and delivers until it is killed. */
final class SenderProcess {
  private SenderProcess() {}

  /**
   * Prints the id of each event once it is published.
   *
   * @param args the database's kind, its URL, and what ids begin with
   */
  public static void main(String[] args) {
    JdbcStorage storage = storage(args[0], args[1]);
    WebhookSender sender = WebhookSender.builder(storage)
        .endpoints(EndpointPolicy.forDevelopment())
        .build();
    sender.start();
    for (int i = 0; ; i++) {
      String id = args[2] + i;
      sender.publish(
          Environment.PRODUCTION,
          Event.builder(EventName.CONTACT_CREATED)
              .timestamp(Instant.now())
              .id(id)
              .build());
      System.out.println(id);
    }
  }

  static JdbcStorage storage(String kind, String url) {
    return kind.equals("sqlite") ? sqlite(url) : JdbcStorage.postgresql(postgres(url));
  }

  static JdbcStorage sqlite(String url) {
    SQLiteDataSource dataSource = new SQLiteDataSource();
    dataSource.setUrl(url);
    return JdbcStorage.sqlite(dataSource);
  }

  private static DataSource postgres(String url) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setURL(url);
    dataSource.setUser("postgres");
    return dataSource;
  }
}
