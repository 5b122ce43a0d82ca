package cloud.klink.webhooks.examples.benchmarks.neighbours;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How soon events arrive at a hundred quick webhooks beside some that answer after 9.5 seconds, or
 * hang, each with sixty events waiting when the sender starts; and what those get through.
 */
@Command(
    name = "neighbours",
    description = "What webhooks that are slow, or hang, cost the others on their node.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  java -jar benchmarks.jar neighbours --seconds 30"})
public final class NeighboursCommand implements Callable<Integer> {
  private static final int QUICK = 100;
  private static final int BACKLOG = 60;
  private static final long SETTLED_NANOS = Duration.ofSeconds(15).toNanos();
  private static final long PERIOD_MS = 500;
  private static final Duration SLOW = Duration.ofMillis(9_500);
  private static final Duration HANGING = Duration.ofHours(1);

  @Option(
      names = "--seconds",
      description = "How long each case takes (default: ${DEFAULT-VALUE}).",
      defaultValue = "60")
  private int seconds;

  @Option(
      names = "--slow",
      split = ",",
      description = "How many webhooks are slow (default: ${DEFAULT-VALUE}).",
      defaultValue = "0,1,10,100")
  private List<Integer> counts = List.of();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  /** For picocli. */
  public NeighboursCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (int count : counts) {
      measure(count, SLOW, "slow");
      if (count > 0) {
        measure(count, HANGING, "hanging");
      }
    }
    return 0;
  }

  private void measure(int slow, Duration delay, String name)
      throws IOException, InterruptedException {
    try (Receivers receivers = new Receivers(delay);
        WebhookSender sender = WebhookSender.builder(new InMemoryStorage())
            .endpoints(EndpointPolicy.forDevelopment())
            .build()) {
      webhooks(sender, Environment.PRODUCTION, QUICK, receivers.url("/quick"));
      webhooks(sender, Environment.DEVELOPMENT, slow, receivers.url("/slow"));
      Event waiting =
          Event.builder(EventName.CONTACT_CREATED).timestamp(Instant.now()).build();
      sender.publishAll(Environment.DEVELOPMENT, Collections.nCopies(BACKLOG, waiting));
      long start = System.nanoTime();
      sender.start();
      int events = (int) (seconds * 1_000L / PERIOD_MS);
      for (int i = 0; i < events; i++) {
        sender.publish(Environment.PRODUCTION, waiting.withId(Receivers.id(i)));
        TimeUnit.MILLISECONDS.sleep(PERIOD_MS);
      }
      double minutes = (System.nanoTime() - start) / 60e9;
      PrintWriter out = spec.commandLine().getOut();
      out.println(String.format(
          Locale.ROOT,
          "neighbours %d %s: cold %s; settled %s; %.1f attempts a minute at %s ones",
          slow,
          name,
          percentiles(receivers, start, start + SETTLED_NANOS),
          percentiles(receivers, start + SETTLED_NANOS, Long.MAX_VALUE),
          receivers.slowRequests() / minutes,
          name));
      out.flush();
      sender.stop(Duration.ZERO).join();
    }
  }

  private static void webhooks(
      WebhookSender sender, Environment environment, int count, String url) {
    IntStream.range(0, count)
        .forEach(i -> sender
            .webhooks()
            .create(environment)
            .name("webhook " + i)
            .url(url)
            .subscribeAll(EventGroup.CONTACT)
            .save());
  }

  private static String percentiles(Receivers receivers, long from, long until) {
    long[] nanos = receivers.arrivals().stream()
        .filter(arrival -> arrival.publishedAt() >= from && arrival.publishedAt() < until)
        .mapToLong(Receivers.Arrival::nanos)
        .sorted()
        .toArray();
    if (nanos.length == 0) {
      return "nothing arrived";
    }
    return LongStream.of(50, 99, 100)
            .mapToObj(percent -> String.format(
                Locale.ROOT,
                "p%d %.1f ms",
                percent,
                nanos[(int) ((nanos.length - 1) * percent / 100)] / 1e6))
            .reduce((one, other) -> one + ", " + other)
            .orElseThrow()
        + " of " + nanos.length;
  }
}
