package cloud.klink.webhooks.examples.benchmarks.scale;

import cloud.klink.webhooks.examples.benchmarks.receiver.AnyEndpoint;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcStorage;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * A sender in a process of its own, with the default settings. It understands the lines
 * {@code open}, {@code start} and {@code stop} on its standard input and answers each when it is
 * done. It ends with its input.
 */
@Command(name = "sender-process", hidden = true)
public final class SenderProcessCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Parameters(description = "The database's JDBC URL.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String url;

  /** For picocli. */
  public SenderProcessCommand() {}

  @Override
  public Integer call() throws IOException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    System.out.println("ready");
    while (orders.readLine() != null) {
      try (HikariDataSource pool = Database.pool(url);
          WebhookSender sender = WebhookSender.builder(JdbcStorage.postgresql(pool))
              .endpoints(new AnyEndpoint())
              .build()) {
        System.out.println("open");
        orders.readLine();
        sender.start();
        System.out.println("started");
        orders.readLine();
        sender.stop(PATIENCE).join();
      }
      System.out.println("stopped");
    }
    return 0;
  }
}
