package cloud.klink.webhooks.examples.benchmarks.plans;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Count;
import cloud.klink.webhooks.sender.delivery.CountQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryPage;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import cloud.klink.webhooks.sender.storage.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Searches and counts as people and charts do.
 *
 * @param storage where each is explained
 * @param plain the same one, where each is timed
 */
record LogQueries(Storage storage, Storage plain, Explainer explainer, Instant start, Instant now) {
  private static final int RUNS = 5;
  private static final String SMALL = "wh_%020d".formatted(17);
  private static final String LARGE = "wh_%020d".formatted(Load.LARGE);
  private static final String EVENT = "evt_%020d".formatted(4_321);

  void run() {
    search("the newest", DeliveryQuery.builder());
    search("the newest of an environment", in(Environment.PRODUCTION));
    search("the newest of an environment without any", in(Environment.DEVELOPMENT));
    search("an hour", DeliveryQuery.builder().from(middle()).to(middle().plusSeconds(3_600)));
    search("an event", DeliveryQuery.builder().event(EVENT));
    search("an event at a webhook", DeliveryQuery.builder().event(EVENT).webhook(SMALL));
    search("a webhook", DeliveryQuery.builder().webhook(SMALL));
    search("a large webhook", DeliveryQuery.builder().webhook(LARGE).to(middle()));
    search("what is waiting for a webhook", waiting().webhook(SMALL));
    search("what is waiting for a large webhook", waiting().webhook(LARGE).to(middle()));
    search("what failed for a webhook", failed().webhook(LARGE));
    search("what failed in an environment", failed().environment(Environment.PRODUCTION));
    search("what failed", failed().to(middle()));
    search("5xx", in(Environment.PRODUCTION).statusClass(StatusClass.SERVER_ERROR));
    search(
        "3xx, of which there are few",
        DeliveryQuery.builder().statusClass(StatusClass.REDIRECTION));
    search(
        "3xx of a webhook",
        DeliveryQuery.builder().webhook(LARGE).statusClass(StatusClass.REDIRECTION));
    search("2xx", DeliveryQuery.builder().statusClass(StatusClass.SUCCESS));
    search("a rare name", DeliveryQuery.builder().eventName(EventName.CONTACT_UPDATED));
    search(
        "a name that is not there",
        DeliveryQuery.builder().eventName(EventName.ROOM_SOLVED).to(middle()));
    search(
        "a name that is not there, of a webhook",
        DeliveryQuery.builder().webhook(LARGE).eventName(EventName.ROOM_SOLVED));

    Duration length = Duration.between(start, now);
    count("a day of an environment", Optional.empty(), middle(), Duration.ofDays(1));
    count("a webhook", Optional.of(SMALL), start, length);
    count("a large webhook", Optional.of(LARGE), start, length);
    count("half of everything", Optional.empty(), start, length.dividedBy(2));
  }

  private Instant middle() {
    return start.plus(Duration.between(start, now).dividedBy(2));
  }

  private static DeliveryQuery.Builder in(Environment environment) {
    return DeliveryQuery.builder().environment(environment);
  }

  private static DeliveryQuery.Builder waiting() {
    return DeliveryQuery.builder().state(DeliveryState.WAITING);
  }

  private static DeliveryQuery.Builder failed() {
    return DeliveryQuery.builder().state(DeliveryState.FAILED);
  }

  private void search(String what, DeliveryQuery.Builder conditions) {
    explainer.title("search for " + what);
    DeliveryQuery first = conditions.build();
    DeliveryPage page = storage.search(first);
    System.out.println("    found " + page.deliveries().size()
        + (page.next().isPresent() ? ", and there is more" : ", and that is all"));
    time(() -> plain.search(first));
    if (page.next().isPresent()) {
      explainer.title("search for " + what + ", the next page");
      DeliveryQuery second = conditions.after(page.next().get()).build();
      storage.search(second);
      time(() -> plain.search(second));
    }
  }

  private void count(String what, Optional<String> webhook, Instant from, Duration length) {
    explainer.title("count " + what);
    CountQuery query = new CountQuery(
        Environment.PRODUCTION, webhook, from, from.plus(length), length.dividedBy(100));
    List<Count> counts = storage.count(query);
    System.out.println("    " + counts.stream().mapToLong(Count::deliveries).sum() + " deliveries");
    time(() -> plain.count(query));
  }

  private static void time(Runnable call) {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      long start = System.nanoTime();
      call.run();
      millis.add((System.nanoTime() - start) / 1e6);
    }
    System.out.printf(
        Locale.ROOT,
        "    %d runs took %.1f ms at least, %.1f at most%n",
        RUNS,
        Collections.min(millis),
        Collections.max(millis));
  }
}
