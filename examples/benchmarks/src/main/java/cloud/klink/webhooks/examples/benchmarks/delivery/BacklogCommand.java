package cloud.klink.webhooks.examples.benchmarks.delivery;

import cloud.klink.webhooks.examples.benchmarks.receiver.Events;
import cloud.klink.webhooks.examples.benchmarks.receiver.Receiver;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Whether a backlog of any size is delivered in a small heap: it is published first, and delivered
 * then, by a sender with the default settings.
 */
@Command(
    name = "backlog",
    description = {
      "Publishes a backlog and delivers all of it, to see how much memory that takes.",
      "Give the JVM a small heap, and let it end at an OutOfMemoryError."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  java -Xmx64m -XX:+ExitOnOutOfMemoryError -jar benchmarks.jar backlog"
          + " --events 2400 --size 256000 --on sqlite,postgres"
    })
public final class BacklogCommand implements Callable<Integer> {
  /** About how many bytes of events are published at once. */
  private static final int BATCH_BYTES = 1 << 20;

  private static final int LARGEST_BATCH = 1_000;
  private static final int CONCURRENT = 64;
  private static final int KIB = 1_024;

  @Option(
      names = "--events",
      description = "How many events wait (default: ${DEFAULT-VALUE}).",
      defaultValue = "1000000")
  private int events;

  @Mixin
  private final Workload workload = new Workload();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private long run;

  /** For picocli. */
  public BacklogCommand() {}

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (Receiver receiver = Receiver.start();
        OpenStores stores = OpenStores.open(workload.stores())) {
      for (Store store : stores.all()) {
        deliver(receiver, store, out);
      }
    }
    return 0;
  }

  private void deliver(Receiver receiver, Store store, PrintWriter out)
      throws InterruptedException {
    run++;
    try (Node node = new Node(store.storage(), receiver.url(), CONCURRENT)) {
      publish(node);
      receiver.expect(run, events);
      long start = System.nanoTime();
      node.start();
      long end = receiver.awaitAll();
      node.awaitRecorded(events);
      node.check(events);
      out.println(String.format(
          Locale.ROOT,
          "%s: %,d events of %,d bytes delivered, %,.0f a second, in a heap of %,d MiB",
          store.name(),
          events,
          workload.size(),
          events / ((end - start) / 1e9),
          Runtime.getRuntime().maxMemory() / KIB / KIB));
      out.flush();
    }
  }

  private void publish(Node node) {
    Events made = new Events(workload.size());
    int batch = Math.max(1, Math.min(LARGEST_BATCH, BATCH_BYTES / workload.size()));
    for (int from = 0; from < events; from += batch) {
      node.publish(made.of(run, from, Math.min(events, from + batch)));
    }
  }
}
