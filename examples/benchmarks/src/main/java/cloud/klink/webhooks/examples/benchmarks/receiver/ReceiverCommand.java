package cloud.klink.webhooks.examples.benchmarks.receiver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The receiver, in a process of its own. It answers 200 to everything. It says {@code port N};
 * understands the lines {@code expect RUN COUNT}, {@code between NANOS NANOS}, {@code held} and
 * {@code report} on its standard input, answers each, and says {@code arrived NANOS} when the last
 * one that was missing has come. It ends with its input.
 */
@Command(name = "receiver", hidden = true)
public final class ReceiverCommand implements Callable<Integer> {
  @Option(
      names = "--delay",
      description = "Milliseconds that it waits before it answers.",
      defaultValue = "0")
  private long delay;

  /** For picocli. */
  public ReceiverCommand() {}

  @Override
  public Integer call() throws IOException {
    ReceiverServer server = new ReceiverServer(System.out, Duration.ofMillis(delay));
    Thread thread = new Thread(server, "receiver");
    thread.setDaemon(true);
    thread.start();
    say("port " + server.port());
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      String[] words = order.split(" ", -1);
      switch (words[0]) {
        case "expect" -> {
          server.expect(new Arrivals(Long.parseLong(words[1]), Integer.parseInt(words[2])));
          say("ready");
        }
        case "between" ->
          say("between " + server.between(Long.parseLong(words[1]), Long.parseLong(words[2])));
        case "held" -> say("held " + server.heldNanos());
        default -> say("report " + server.report());
      }
    }
    return 0;
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
