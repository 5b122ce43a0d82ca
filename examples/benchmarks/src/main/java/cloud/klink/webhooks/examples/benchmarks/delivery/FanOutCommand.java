package cloud.klink.webhooks.examples.benchmarks.delivery;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.examples.benchmarks.receiver.AnyEndpoint;
import cloud.klink.webhooks.examples.benchmarks.receiver.Events;
import cloud.klink.webhooks.examples.benchmarks.receiver.Receiver;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.listener.SenderListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * One event to many webhooks: how long publishing takes, and when the first and the last answer of
 * a receiver in a process of its own have come.
 */
@Command(
    name = "fan-out",
    description = "Publishes one event to many webhooks, and tells when it has arrived at each.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  java -jar benchmarks.jar fan-out --webhooks 1000 --on postgres"})
public final class FanOutCommand implements Callable<Integer> {
  private static final Environment ENVIRONMENT = Environment.PRODUCTION;

  @Option(
      names = "--webhooks",
      description = "How many webhooks the event goes to (default: ${DEFAULT-VALUE}).",
      defaultValue = "10000")
  private int webhooks;

  @Option(
      names = "--events",
      description = "How many such events, one after the other (default: ${DEFAULT-VALUE}).",
      defaultValue = "5")
  private int events;

  @Mixin
  private final Workload workload = new Workload();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  /** For picocli. */
  public FanOutCommand() {}

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (Receiver receiver = Receiver.start();
        OpenStores stores = OpenStores.open(workload.stores())) {
      for (Store store : stores.all()) {
        measure(store, receiver, out);
      }
    }
    return 0;
  }

  private void measure(Store store, Receiver receiver, PrintWriter out)
      throws InterruptedException {
    Answers answers = new Answers();
    try (WebhookSender sender = WebhookSender.builder(store.storage())
        .endpoints(new AnyEndpoint())
        .listener(answers)
        .build()) {
      for (int number = 0; number < webhooks; number++) {
        sender
            .webhooks()
            .create(ENVIRONMENT)
            .name("fan-out " + number)
            .url(receiver.url() + "?number=" + number)
            .subscribeAll(EventGroup.CONTACT)
            .save();
      }
      sender.start();
      Events made = new Events(workload.size());
      for (int number = 0; number < events; number++) {
        one(store.name(), sender, made.of(0, number), answers, out);
      }
    }
  }

  private void one(
      String store, WebhookSender sender, Event event, Answers answers, PrintWriter out)
      throws InterruptedException {
    Instant start = Instant.now();
    sender.publish(ENVIRONMENT, event);
    Instant returned = Instant.now();
    List<Instant> ends = answers.await(webhooks);
    out.println(String.format(
        Locale.ROOT,
        "fan-out %s to %,d webhooks: published within %,d ms, first answer after %,d ms, last after"
            + " %,d ms",
        store,
        webhooks,
        millis(start, returned),
        millis(start, Collections.min(ends)),
        millis(start, Collections.max(ends))));
    out.flush();
  }

  private static long millis(Instant start, Instant end) {
    return Duration.between(start, end).toMillis();
  }

  /** When the receiver answered. */
  private static final class Answers implements SenderListener {
    private final List<Instant> ends = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore arrived = new Semaphore(0);

    @Override
    public void onAttempt(AttemptEvent event) {
      if (event.state() != DeliveryState.SUCCEEDED) {
        throw new IllegalStateException("a delivery was " + event.state() + ": " + event.attempt());
      }
      ends.add(event.attempt().endedAt());
      arrived.release();
    }

    List<Instant> await(int count) throws InterruptedException {
      arrived.acquire(count);
      List<Instant> all = List.copyOf(ends);
      ends.clear();
      return all;
    }
  }
}
