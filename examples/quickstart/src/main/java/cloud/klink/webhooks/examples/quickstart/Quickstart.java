package cloud.klink.webhooks.examples.quickstart;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.examples.samples.SampleEvents;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryLog;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.signature.SigningSecret;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A service that sends webhooks from its own database, and a receiver that verifies them, in one
 * process: what happens when all is well, when the receiver fails, and when it fails too often.
 */
public final class Quickstart {
  private final PrintStream out;
  private final Progress progress;
  private int step;

  Quickstart(PrintStream out) {
    this.out = out;
    this.progress = new Progress(out);
  }

  /**
   * Runs the quickstart.
   *
   * @param args none
   */
  public static void main(String[] args) {
    new Quickstart(new PrintStream(System.out, true, StandardCharsets.UTF_8)).run();
  }

  void run() {
    Path folder = temporaryFolder();
    try (Receiver receiver = Receiver.open();
        Service service = Service.start(folder, progress)) {
      Webhook webhook = service.subscribe(receiver.url());
      SigningSecret secret = service.sender().webhooks().revealSecret(webhook.id());
      receiver.handle(secret, this::handle);
      say("A webhook is created, and its receiver listens at " + webhook.url());

      deliverAll(service);
      rollBack(service);
      retry(service, receiver);
      pauseAndResume(service, receiver, webhook);
      showLog(service.sender().deliveries(), webhook);

      Refusals refusals =
          new Refusals(out, receiver.url(), secret, SampleEvents.all().get(0));
      say("One of these requests again, with one word of its body changed on the way:");
      refusals.tamper();
      say("A request that a proxy passed on, to a verifier with the wrong public URL:");
      refusals.explain();
    } finally {
      delete(folder);
    }
    out.println();
    out.println("Done. README.md shows how to do the same in a service of yours.");
  }

  private void deliverAll(Service service) {
    List<Event> events = SampleEvents.all();
    say("Each event of the catalogue is published in a transaction of the service, and committed:");
    events.forEach(event -> service.change(event, true));
    progress.await(DeliveryState.SUCCEEDED, events.size());
  }

  private void rollBack(Service service) {
    say("One more, but the transaction is rolled back: nothing is sent.");
    service.change(fresh(0), false);
  }

  private void retry(Service service, Receiver receiver) {
    say("The receiver fails once; the retry comes 0.3 s later (30 s unless you change it):");
    receiver.failNext(1);
    service.sender().publish(Environment.PRODUCTION, fresh(1));
    progress.await(DeliveryState.SUCCEEDED, 1);
  }

  private void pauseAndResume(Service service, Receiver receiver, Webhook webhook) {
    say("The receiver fails for good; more than 5 failures (50 unless you change it) pause it:");
    receiver.failNext(Integer.MAX_VALUE);
    List<Event> events = List.of(fresh(2), fresh(3), fresh(4));
    service.sender().publishAll(Environment.PRODUCTION, events);
    progress.awaitPause();
    service.sender().publish(Environment.PRODUCTION, fresh(5));
    say("An event that is published meanwhile is held. The receiver is fixed, and the webhook"
        + " resumed:");
    receiver.failNext(0);
    service.sender().webhooks().resume(webhook.id());
    progress.await(DeliveryState.SUCCEEDED, events.size() + 1);
  }

  private void showLog(DeliveryLog log, Webhook webhook) {
    say("The log keeps every attempt. Those of the last five deliveries:");
    DeliveryQuery newest =
        DeliveryQuery.builder().webhook(webhook.id()).limit(5).build();
    for (Delivery delivery : log.search(newest).deliveries()) {
      List<String> attempts = new ArrayList<>();
      for (Attempt attempt : log.attempts(delivery.id())) {
        attempts.add(
            attempt.result().status().orElse(0) + " in " + attempt.duration().toMillis() + " ms");
      }
      out.println("   " + delivery.eventName() + " " + delivery.state() + ": "
          + String.join(", ", attempts));
    }
  }

  private void handle(Event event) {
    JsonNode data = event.data();
    String about =
        data.path("name").asText(data.path("text").asText(data.path("id").asText()));
    out.println("   receiver: " + event.name() + ": " + Lines.cut(about, 60));
  }

  private void say(String what) {
    step++;
    out.println();
    out.println(step + ". " + what);
  }

  /** A sample that happened just now: an event of its own, as it has no id yet. */
  private static Event fresh(int index) {
    Event sample = SampleEvents.all().get(index % SampleEvents.all().size());
    return Event.builder(sample.name())
        .timestamp(Instant.now())
        .data(sample.data())
        .build();
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("klink-webhooks");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
