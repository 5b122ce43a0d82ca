package cloud.klink.webhooks.examples.benchmarks.scale;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.examples.benchmarks.Ratios;
import cloud.klink.webhooks.examples.benchmarks.Report;
import cloud.klink.webhooks.examples.benchmarks.delivery.BareLoop;
import cloud.klink.webhooks.examples.benchmarks.receiver.AnyEndpoint;
import cloud.klink.webhooks.examples.benchmarks.receiver.Events;
import cloud.klink.webhooks.examples.benchmarks.receiver.Receiver;
import cloud.klink.webhooks.examples.benchmarks.scale.Database.Work;
import cloud.klink.webhooks.sender.WebhookSender;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How many deliveries a second several sender processes make that share one PostgreSQL, and what
 * each delivery costs the database. The endpoints answer after a while, as real ones do; the ideal
 * is what the senders' slots allow then. Everything is published before the senders start. What
 * counts is the rate from the tenth second after the start on, when a sender knows its endpoints;
 * the third second's part of it tells how a sender starts; with {@code --fresh}, in a fresh JVM
 * each time. A bare loop of as many threads as a sender has slots tells what this machine allows.
 */
@Command(
    name = "scale",
    description = "Several sender processes on one PostgreSQL, and what each delivery costs it.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  java -jar benchmarks.jar scale --processes 1,2 --rounds 3"})
public final class ScaleCommand implements Callable<Integer> {
  private static final Environment ENVIRONMENT = Environment.PRODUCTION;
  private static final int WEBHOOKS = 64;
  private static final int BATCH = 200;

  /** From so long after the start the rate counts. */
  private static final long SETTLED = Duration.ofSeconds(10).toNanos();

  /** What the bare loop sends: this part of the events. */
  private static final int BARE_PART = 4;

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** The attempts that a sender makes at a time by default. */
  private static final int SLOTS = 64;

  @Option(
      names = "--processes",
      split = ",",
      description = "How many sender processes (default: ${DEFAULT-VALUE}).",
      defaultValue = "1,2,4")
  private List<Integer> processes = List.of();

  @Option(
      names = "--events",
      description =
          "How many events a run, each to one of 64 webhooks (default: ${DEFAULT-VALUE}).",
      defaultValue = "60000")
  private int events;

  @Option(
      names = "--size",
      description = "About how many bytes an event has (default: ${DEFAULT-VALUE}).",
      defaultValue = "2048")
  private int size;

  @Option(
      names = "--delay",
      description = "Milliseconds after which the endpoints answer (default: ${DEFAULT-VALUE}).",
      defaultValue = "20")
  private int delay;

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
      names = "--fresh",
      description =
          "Begins each round with new sender processes, in which nothing is compiled yet.")
  private boolean fresh;

  @Option(names = "--json", description = "Writes the figures to a file as well.")
  private @Nullable Path json;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private final Ratios perSecond = new Ratios();
  private final Ratios ofIdeal = new Ratios();
  private final Ratios thirdSecond = new Ratios();
  private final Ratios perDelivery = new Ratios();
  private long run;

  /** For picocli. */
  public ScaleCommand() {}

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (Receiver receiver = Receiver.start(Duration.ofMillis(delay));
        BareLoop loop = new BareLoop(receiver.url(), SLOTS);
        Database database = new Database();
        WebhookSender publisher = WebhookSender.builder(database.storage())
            .endpoints(new AnyEndpoint())
            .build()) {
      out.println("PostgreSQL " + database.version());
      subscribe(publisher, receiver);
      for (int count : processes) {
        measure(count, receiver, loop, database, publisher, out);
      }
    }
    ofIdeal.print(out);
    thirdSecond.print(out);
    perDelivery
        .medians()
        .forEach((name, median) ->
            out.println(String.format(Locale.ROOT, "a delivery costs %s: %.3f", name, median)));
    out.flush();
    if (json != null) {
      Report.write(
          spec.commandLine(),
          json,
          Map.of(
              "perSecond",
              perSecond,
              "ofIdeal",
              ofIdeal,
              "thirdSecond",
              thirdSecond,
              "perDelivery",
              perDelivery));
    }
    return 0;
  }

  private static EventName name(int webhook) {
    return EventName.of("scale.webhook-" + webhook);
  }

  private static void subscribe(WebhookSender publisher, Receiver receiver) {
    IntStream.range(0, WEBHOOKS)
        .forEach(number -> publisher
            .webhooks()
            .create(ENVIRONMENT)
            .name("scale " + number)
            .url(receiver.url() + "?number=" + number)
            .subscribe(name(number))
            .save());
  }

  private void measure(
      int count,
      Receiver receiver,
      BareLoop loop,
      Database database,
      WebhookSender publisher,
      PrintWriter out)
      throws IOException, SQLException, InterruptedException {
    List<SenderProcess> senders = new ArrayList<>();
    try {
      for (int round = 1 - warmUp; round <= rounds; round++) {
        if (fresh) {
          close(senders);
        }
        while (senders.size() < count) {
          senders.add(new SenderProcess(database.url()));
        }
        out.println(bare(loop, receiver, round > 0));
        publish(publisher);
        out.println(once(senders, receiver, database, round > 0));
        out.flush();
      }
    } finally {
      close(senders);
    }
  }

  private static void close(List<SenderProcess> senders) {
    senders.forEach(SenderProcess::close);
    senders.clear();
  }

  private void publish(WebhookSender publisher) {
    run++;
    Events made = new Events(size);
    List<Events> byWebhook = IntStream.range(0, WEBHOOKS)
        .mapToObj(number -> made.named(name(number)))
        .toList();
    for (int from = 0; from < events; from += BATCH) {
      publisher.publishAll(
          ENVIRONMENT,
          IntStream.range(from, Math.min(events, from + BATCH))
              .mapToObj(number -> byWebhook.get(number % WEBHOOKS).of(run, number))
              .toList());
    }
  }

  /** What a loop makes that neither stores nor signs, as soon as all of its threads send. */
  private String bare(BareLoop loop, Receiver receiver, boolean counts)
      throws InterruptedException {
    run++;
    List<byte[]> bodies = new Events(size)
        .of(run, 0, Math.max(1, events / BARE_PART)).stream()
            .map(event -> event.toBody().toBytes())
            .toList();
    receiver.expect(run, bodies.size());
    long start = System.nanoTime();
    loop.post(run, bodies);
    long last = receiver.awaitAll();
    long settled = start + (last - start) / 2;
    double rate = receiver.between(settled, last) / ((last - settled) / 1e9);
    double ideal = ofIdeal(rate, receiver, 1);
    if (counts && ideal > 0) {
      ofIdeal.add("bare loop", ideal);
    }
    return String.format(Locale.ROOT, "a bare loop: %,.0f/s, %.2f of the ideal", rate, ideal);
  }

  private static double ofIdeal(double rate, Receiver receiver, int senders) {
    return rate * receiver.held().toNanos() / 1e9 / SLOTS / senders;
  }

  private String once(
      List<SenderProcess> senders, Receiver receiver, Database database, boolean counts)
      throws SQLException {
    receiver.expect(run, events);
    long deliveredBefore = database.delivered();
    Work before = database.work();
    senders.forEach(SenderProcess::open);
    long start = System.nanoTime();
    senders.forEach(SenderProcess::start);
    senders.forEach(SenderProcess::awaitStarted);
    long last = receiver.awaitAll();
    senders.forEach(SenderProcess::stop);
    Work work = database.work().since(before);
    receiver.check(events);
    long delivered = database.delivered() - deliveredBefore;
    if (delivered != events) {
      throw new IllegalStateException(delivered + " deliveries are recorded, not " + events);
    }
    long settled = start + SETTLED;
    if (last - settled < SECOND) {
      throw new IllegalStateException("--events: all came within 11 seconds; more are needed");
    }
    double rate = receiver.between(settled, last) / ((last - settled) / 1e9);
    double ideal = ofIdeal(rate, receiver, senders.size());
    double third = receiver.between(start + 2 * SECOND, start + 3 * SECOND) / rate;
    if (counts) {
      String name = senders.size() + (senders.size() == 1 ? " process" : " processes");
      perSecond.add(name, rate);
      if (ideal > 0) { // with --delay 0 there is no ideal
        ofIdeal.add(name, ideal);
      }
      thirdSecond.add("third second, " + name, third);
      perDelivery.add("statements, " + name, work.statements() / events);
      perDelivery.add("commits, " + name, work.commits() / events);
      perDelivery.add("bytes of write-ahead log, " + name, work.walBytes() / events);
    }
    return String.format(
        Locale.ROOT,
        "%s%d: %,.0f/s, %.2f of the ideal, %.2f of it in the third second; each %.3f statements,"
            + " %.3f commits, %,.0f bytes of write-ahead log",
        counts ? "processes " : "warming up, processes ",
        senders.size(),
        rate,
        ideal,
        third,
        work.statements() / events,
        work.commits() / events,
        work.walBytes() / events);
  }
}
