package cloud.klink.webhooks.examples.benchmarks.delivery;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.examples.benchmarks.receiver.Events;
import cloud.klink.webhooks.examples.benchmarks.receiver.Receiver;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * How soon an event arrives, from the return of {@code publish} (or of the commit) to the whole
 * POST at a receiver in a process of its own, one event at a time.
 */
@Command(
    name = "latency",
    description = "How soon a published event arrives when nothing else goes on.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  java -jar benchmarks.jar latency --quick"})
public final class LatencyCommand implements Callable<Integer> {
  private static final double BAR_MS = 10;
  private static final String JUDGED = "postgres";
  private static final long IDLE_MS = 3;

  @Option(
      names = "--events",
      description = "How many events on each storage (default: ${DEFAULT-VALUE}).",
      defaultValue = "2000")
  private int events;

  @Option(
      names = "--warm-up",
      description =
          "How many events are sent before each measurement, one right after the other, so"
              + " that the JVM has compiled most of what is measured (default: ${DEFAULT-VALUE}).",
      defaultValue = "20000")
  private int warmUp;

  @Option(names = "--quick", description = "A tenth of the events: a rough answer.")
  private boolean quick;

  @Mixin
  private final Workload workload = new Workload();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private long run;

  /** For picocli. */
  public LatencyCommand() {}

  private interface Publishing {
    /** Publishes and tells when it had returned. */
    long publish(Event event) throws SQLException;
  }

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    if (events < 1 || warmUp < 0) {
      throw new ParameterException(
          spec.commandLine(), "--events must be at least 1, and --warm-up at least 0");
    }
    PrintWriter out = spec.commandLine().getOut();
    int count = quick ? Math.max(1, events / 10) : events;
    try (Receiver receiver = Receiver.start();
        BareLoop loop = new BareLoop(receiver.url(), BareLoop.FLOOR_THREADS);
        OpenStores stores = OpenStores.open(workload.stores())) {
      report("bare", measure(receiver, bare(loop), () -> {}, count), out);
      for (Store store : stores.all()) {
        try (Node node = new Node(store.storage(), receiver.url(), 16)) {
          node.start();
          Publishing alone = event -> {
            node.publish(event);
            return System.nanoTime();
          };
          report(store.name(), measure(receiver, alone, () -> node.awaitRecorded(1), count), out);
          if (store.dataSource().isPresent()) {
            DataSource dataSource = store.dataSource().orElseThrow();
            report(
                store.name() + "-joined",
                measure(
                    receiver, joined(node, dataSource, false), () -> node.awaitRecorded(1), count),
                out);
            report(
                store.name() + "-joined-with-wake-up",
                measure(
                    receiver, joined(node, dataSource, true), () -> node.awaitRecorded(1), count),
                out);
          }
        }
      }
    }
    return 0;
  }

  /** What the machine does of itself: a POST of a ready-made body by another thread. */
  private static Publishing bare(BareLoop loop) {
    return event -> {
      String id = event.id().orElseThrow();
      byte[] body = event.toBody().toBytes();
      long handedOver = System.nanoTime();
      loop.postSoon(id, body);
      return handedOver;
    };
  }

  /** Publishes in a transaction of the caller's, who may wake up the sender after the commit. */
  private static Publishing joined(Node node, DataSource dataSource, boolean wakesUp) {
    return event -> {
      try (Connection connection = dataSource.getConnection()) {
        connection.setAutoCommit(false);
        node.publish(connection, event);
        connection.commit();
        long committed = System.nanoTime();
        if (wakesUp) {
          node.wakeUp();
        }
        return committed;
      }
    };
  }

  private interface Settling {
    /** Waits until nothing more is to be done for the event that has arrived. */
    void await() throws InterruptedException;
  }

  private long[] measure(Receiver receiver, Publishing publishing, Settling settling, int count)
      throws SQLException, InterruptedException {
    send(receiver, publishing, settling, quick ? warmUp / 10 : warmUp, 0);
    return send(receiver, publishing, settling, count, IDLE_MS);
  }

  private long[] send(
      Receiver receiver, Publishing publishing, Settling settling, int count, long idleMs)
      throws SQLException, InterruptedException {
    Events source = new Events(workload.size());
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      run++;
      Event event = source.of(run, 0);
      receiver.expect(run, 1);
      long returned = publishing.publish(event);
      nanos[i] = receiver.awaitAll() - returned;
      settling.await();
      TimeUnit.MILLISECONDS.sleep(idleMs);
    }
    return nanos;
  }

  private static void report(String name, long[] nanos, PrintWriter out) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    double p99 = millis(sorted, 0.99);
    out.println(String.format(
        Locale.ROOT,
        "latency %s p50 %.2f ms, p99 %.2f ms, max %.2f ms",
        name,
        millis(sorted, 0.5),
        p99,
        millis(sorted, 1)));
    if (name.equals(JUDGED)) {
      out.println("bar latency-" + name + " p99 below " + BAR_MS + " ms: "
          + (p99 < BAR_MS ? "pass" : "fall short"));
    }
    out.flush();
  }

  /** What a part of all stays below; never less than nothing: an event may arrive before. */
  private static double millis(long[] sorted, double part) {
    int index = (int) Math.ceil(part * sorted.length) - 1;
    return Math.max(0, sorted[index]) / 1e6;
  }
}
