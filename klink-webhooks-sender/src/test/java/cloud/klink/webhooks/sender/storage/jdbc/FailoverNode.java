package cloud.klink.webhooks.sender.storage.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.logs.CapturedLog;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.event.Level;

/**
 * A node in a process of its own, with a pool as a service has one: publishes and delivers, as fast
 * as it is told to. An event whose publishing fails is published again until that returns.
 */
final class FailoverNode {
  private static final int PUBLISHERS = 4;
  private static final int MILLIS_BETWEEN = 10;

  private FailoverNode() {}

  /**
   * Prints {@code published} with the id of each event once it is published. Asked by a line for
   * {@code missing}, prints {@code missing} with what health counts, and the warnings of it; asked
   * to {@code stop}, publishes nothing more and prints {@code stopped}.
   *
   * @param args the database's URL, and what ids begin with
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(args[0]);
    config.setMaximumPoolSize(10);
    config.setConnectionTimeout(20_000);
    CapturedLog log = CapturedLog.from(Level.WARN);
    WebhookSender sender = WebhookSender.builder(
            JdbcStorage.postgresql(new HikariDataSource(config)))
        .endpoints(EndpointPolicy.forDevelopment())
        .build();
    sender.start();
    ScheduledExecutorService publishers = Executors.newScheduledThreadPool(PUBLISHERS);
    AtomicInteger last = new AtomicInteger();
    for (int i = 0; i < PUBLISHERS; i++) {
      var unused = publishers.scheduleWithFixedDelay(
          () -> publish(sender, args[1] + last.incrementAndGet()),
          0,
          MILLIS_BETWEEN,
          TimeUnit.MILLISECONDS);
    }
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      if (line.equals("stop")) {
        publishers.shutdown();
        publishers.awaitTermination(1, TimeUnit.MINUTES);
        System.out.println("stopped");
      } else {
        System.out.println("missing " + sender.health().missingDeliveries() + " "
            + log.lines().stream()
                .filter(one -> one.text().contains("missing in the storage"))
                .map(one -> one.level() + " " + one.text())
                .toList());
      }
    }
    System.exit(0); // whoever has begun it is gone
  }

  private static void publish(WebhookSender sender, String id) {
    for (boolean isPublished = false; !isPublished; ) {
      try {
        sender.publish(
            Environment.PRODUCTION,
            Event.builder(EventName.CONTACT_CREATED)
                .timestamp(Instant.now())
                .id(id)
                .build());
        isPublished = true;
      } catch (WebhookException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
    }
    System.out.println("published " + id);
  }
}
