package cloud.klink.webhooks.examples.benchmarks.delivery;

import cloud.klink.webhooks.examples.benchmarks.Ratios;
import cloud.klink.webhooks.examples.benchmarks.Report;
import cloud.klink.webhooks.examples.benchmarks.delivery.Delivering.Speed;
import cloud.klink.webhooks.examples.benchmarks.peers.Peers;
import cloud.klink.webhooks.examples.benchmarks.receiver.Events;
import cloud.klink.webhooks.examples.benchmarks.receiver.Receiver;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Deliveries a second, as parts of what a bare loop of POSTs does, and beside other libraries on
 * the same PostgreSQL. Everything runs in turn within a round, against one receiver in a process of
 * its own; a ratio is taken within a round.
 */
@Command(
    name = "deliver",
    description = "Deliveries a second on each storage, as parts of a bare loop of POSTs.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  java -jar benchmarks.jar deliver --quick"})
public final class DeliverCommand implements Callable<Integer> {
  /** What a sender must reach, delivering what was published, as parts of the floor. */
  private static final Map<String, Double> BARS =
      Map.of("deliver-memory", 0.6, "deliver-sqlite", 0.2, "deliver-postgres", 0.25);

  private static final String FLOOR = "floor";

  @Option(
      names = "--events",
      description = "How many events a run (default: ${DEFAULT-VALUE}).",
      defaultValue = "20000")
  private int events;

  @Option(
      names = "--batch",
      description = "How many events are published at once (default: ${DEFAULT-VALUE}).",
      defaultValue = "200")
  private int batch;

  @Option(
      names = "--concurrent",
      description = "Concurrent attempts that a webhook may have (default: ${DEFAULT-VALUE}).",
      defaultValue = "16")
  private int concurrent;

  @Option(
      names = "--rounds",
      description = "How many rounds count (default: ${DEFAULT-VALUE}).",
      defaultValue = "5")
  private int rounds;

  @Option(
      names = "--warm-up",
      description = "How many rounds go before (default: ${DEFAULT-VALUE}).",
      defaultValue = "2")
  private int warmUp;

  @Option(
      names = "--beside",
      description = "Which other libraries run on the same PostgreSQL, if it is measured:"
          + " ${COMPLETION-CANDIDATES} (default: all).",
      split = ",",
      defaultValue = "db-scheduler,transaction-outbox,jobrunr")
  private List<Peers> beside = List.of();

  @Option(names = "--json", description = "Writes the ratios to a file as well.")
  private @Nullable Path json;

  @Option(names = "--quick", description = "One short round and one before: a rough answer.")
  private boolean quick;

  @Mixin
  private final Workload workload = new Workload();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private final Ratios ratios = new Ratios();
  private final Map<String, List<Speed>> speeds = new LinkedHashMap<>();

  /** For picocli. */
  public DeliverCommand() {}

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (quick) {
      events = Math.min(events, 5_000);
      warmUp = 1;
      rounds = 1;
    }
    try (Receiver receiver = Receiver.start();
        BareLoop loop = new BareLoop(receiver.url(), BareLoop.FLOOR_THREADS);
        OpenStores stores = OpenStores.open(workload.stores())) {
      Delivering delivering =
          new Delivering(receiver, loop, new Events(workload.size()), events, batch, concurrent);
      for (int round = 1 - warmUp; round <= rounds; round++) {
        out.println(round < 1 ? "warming up" : "round " + round + " of " + rounds);
        round(delivering, stores, round > 0, out);
      }
    }
    print(out);
    if (json != null) {
      Report.write(spec.commandLine(), json, Map.of("ratios", ratios));
    }
    return 0;
  }

  private void round(Delivering delivering, OpenStores stores, boolean counts, PrintWriter out)
      throws InterruptedException, SQLException {
    Map<String, List<Speed>> results = new LinkedHashMap<>();
    for (Store store : stores.all()) {
      String deliver = "deliver-" + store.name();
      note(FLOOR, delivering.floor(), results, out);
      note(deliver, delivering.deliver(store), results, out);
      note(FLOOR, delivering.floor(), results, out);
      note("publish-" + deliver, delivering.publishAndDeliver(store), results, out);
      if (store.dataSource().isPresent() && store.name().equals(Stores.postgres.name())) {
        beside(delivering, store, results, out);
      }
    }
    if (counts) {
      double floor = perSecond(results.getOrDefault(FLOOR, List.of()));
      comparePeers(results);
      results.forEach((name, all) -> {
        if (!name.equals(FLOOR)) {
          ratios.add(name, perSecond(all) / floor);
        }
        speeds.computeIfAbsent(name, key -> new ArrayList<>()).addAll(all);
      });
    }
  }

  private void beside(
      Delivering delivering, Store store, Map<String, List<Speed>> results, PrintWriter out)
      throws InterruptedException, SQLException {
    for (Peers peer : beside) {
      note("deliver-" + peer, delivering.deliver(store, peer), results, out);
      note("publish-deliver-" + peer, delivering.publishAndDeliver(store, peer), results, out);
    }
  }

  private void comparePeers(Map<String, List<Speed>> results) {
    for (Peers peer : beside) {
      for (String work : List.of("deliver-", "publish-deliver-")) {
        List<Speed> own = results.get(work + Stores.postgres);
        List<Speed> other = results.get(work + peer);
        if (own != null && other != null) {
          ratios.add(work + Stores.postgres + "/" + peer, perSecond(own) / perSecond(other));
        }
      }
    }
  }

  private static void note(
      String name, Speed speed, Map<String, List<Speed>> results, PrintWriter out) {
    results.computeIfAbsent(name, key -> new ArrayList<>()).add(speed);
    out.println(
        String.format(Locale.ROOT, "  %s %,.0f/s, %s", name, speed.perSecond(), speed.cpu()));
    out.flush();
  }

  private static double perSecond(List<Speed> speeds) {
    return Ratios.median(speeds.stream().map(Speed::perSecond).toList());
  }

  private static double micros(List<Speed> speeds) {
    return Ratios.median(speeds.stream().map(speed -> speed.cpu().micros()).toList());
  }

  private void print(PrintWriter out) {
    double floor = micros(speeds.getOrDefault(FLOOR, List.of()));
    // What a busy machine does not change much: the time that processors spent on each event.
    speeds.forEach((name, all) -> out.println(String.format(
        Locale.ROOT,
        "median %s %,.0f/s, %.0f us of processors (the floor's are %.2f of that)",
        name,
        perSecond(all),
        micros(all),
        floor / micros(all))));
    ratios.print(out);
    ratios.medians().forEach((name, median) -> {
      Double bar = BARS.get(name);
      if (bar != null) {
        out.println("bar " + name + " " + bar + ": " + (median >= bar ? "pass" : "fall short"));
      }
    });
    out.flush();
  }
}
