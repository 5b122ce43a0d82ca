package cloud.klink.webhooks.examples.console.load;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventCatalogue;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.examples.console.demo.SampleEvents;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcDatabase;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcStorage;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import com.zaxxer.hikari.HikariDataSource;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills an empty database as thirty days of use would: webhooks in Production, and deliveries with
 * successes, failures and retries. Arguments: the JDBC URL, the number of webhooks, the number of
 * deliveries.
 */
public final class LoadDatabase {
  private static final Logger LOG = LoggerFactory.getLogger(LoadDatabase.class);
  private static final Duration LENGTH = Duration.ofDays(30);
  private static final Duration LEASE = Duration.ofMinutes(2);
  private static final int CLAIM = 4_000;
  private static final int MAX_TRIES = 20;

  private static final Map<String, List<String>> HEADERS = Map.of(
      "Content-Type", List.of("application/json"),
      "Date", List.of("Mon, 02 Nov 2026 08:00:00 GMT"),
      "Server", List.of("nginx"));
  private static final InetSocketAddress ADDRESS = new InetSocketAddress("203.0.113.7", 443);

  private static final List<EventName> NAMES =
      EventCatalogue.klink().entries().stream().map(entry -> entry.name()).toList();

  private final Storage storage;
  private final Random random = new Random(1);
  private final Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private long lastId;
  private long lastEvent;
  private long deliveries;

  private LoadDatabase(Storage storage) {
    this.storage = storage;
  }

  /**
   * Fills a database.
   *
   * @param arguments the JDBC URL, the number of webhooks, the number of deliveries
   */
  public static void main(String[] arguments) {
    if (arguments.length != 3) {
      throw new IllegalArgumentException(
          "arguments: they must be a JDBC URL, the number of webhooks, the number of deliveries");
    }
    try (HikariDataSource source = new HikariDataSource()) {
      source.setJdbcUrl(arguments[0]);
      source.setMaximumPoolSize(2);
      JdbcDatabase database =
          arguments[0].startsWith("jdbc:sqlite:") ? JdbcDatabase.SQLITE : JdbcDatabase.POSTGRESQL;
      JdbcStorage storage = JdbcStorage.of(database, source);
      storage.migrate();
      new LoadDatabase(storage).load(Integer.parseInt(arguments[1]), Long.parseLong(arguments[2]));
    }
  }

  private void load(int webhooks, long wanted) {
    try (WebhookSender sender = WebhookSender.builder(storage).build()) {
      for (int i = 0; i < webhooks; i++) {
        sender
            .webhooks()
            .create(Environment.PRODUCTION)
            .name("Webhook " + i + (i % 7 == 0 ? " ការជូនដំណឹង" : ""))
            .url("https://hooks" + i % 50 + ".example.com/klink/" + i)
            .subscriptions(List.of(NAMES.get(i % NAMES.size()).value()))
            .save();
      }
    }
    Instant begin = end.minus(LENGTH);
    while (deliveries < wanted) {
      Instant at =
          begin.plus(Duration.ofMillis(Math.min(wanted, deliveries) * LENGTH.toMillis() / wanted));
      publish(at);
      attempt(at);
      if (deliveries % 50_000 < webhooks) {
        LOG.info("{} of {} deliveries are loaded", deliveries, wanted);
      }
    }
    attempt(end);
  }

  /** One event of each name, so that each webhook has one delivery. */
  private void publish(Instant at) {
    List<NewEvent> events = new ArrayList<>();
    for (EventName name : NAMES) {
      String id = "evt-" + lastEvent++;
      String body = "{\"id\":\"" + id + "\",\"event\":\"" + name.value() + "\",\"data\":"
          + SampleEvents.data(name.value()) + "}";
      events.add(new NewEvent(
          Environment.PRODUCTION,
          id,
          name,
          EventBody.of(body.getBytes(StandardCharsets.UTF_8)),
          at.plusMillis(random.nextInt(1_000))));
    }
    repeated(() -> storage.publish(events, this::nextId))
        .forEach(published -> deliveries += published.deliveryIds().size());
  }

  private String nextId() {
    return String.format("d%012d", lastId++);
  }

  private void attempt(Instant at) {
    Instant now = at.plusSeconds(1);
    List<ClaimedDelivery> claimed;
    do {
      ClaimRequest request = new ClaimRequest(now, now.plus(LEASE), CLAIM, CLAIM, Map.of(), "");
      claimed = repeated(() -> storage.claim(request)).deliveries();
      List<Outcome> outcomes = claimed.stream().map(one -> outcome(one, now)).toList();
      repeated(() -> storage.record(outcomes, Map.of(), now));
    } while (claimed.size() == CLAIM);
  }

  /**
   * Repeats a call whose connection was lost: PostgreSQL ends a session that has done nothing
   * within a transaction for ten seconds, which happens to a process that a busy machine leaves
   * waiting. Each call here may be repeated, even if it was done.
   */
  private static <T> T repeated(Supplier<T> call) {
    for (int tries = 1; ; tries++) {
      try {
        return call.get();
      } catch (StorageException e) {
        if (e.reason() != SenderReason.STORAGE_UNAVAILABLE || tries == MAX_TRIES) {
          throw e;
        }
        LOG.warn("The database was not reached: {}", e.getMessage());
      }
    }
  }

  private Outcome outcome(ClaimedDelivery claimed, Instant now) {
    int chance = random.nextInt(100);
    AttemptResult result = chance < 4
        ? AttemptResult.answered(500, "Out of order".getBytes(StandardCharsets.UTF_8))
        : chance < 6
            ? AttemptResult.answered(404, "Not found".getBytes(StandardCharsets.UTF_8))
            : chance < 8
                ? AttemptResult.failed(AttemptOutcome.TIMED_OUT, "no answer within 10 s")
                : AttemptResult.answered(200, "{\"ok\":true}".getBytes(StandardCharsets.UTF_8));
    if (result.status().isPresent()) {
      result = result.withResponseHeaders(HEADERS).withConnectedTo(ADDRESS);
    }
    boolean isTriedAgain = !result.succeeded() && claimed.attempts() < 1;
    DeliveryState state = result.succeeded()
        ? DeliveryState.SUCCEEDED
        : isTriedAgain ? DeliveryState.WAITING : DeliveryState.FAILED;
    Duration duration = result.outcome() == AttemptOutcome.TIMED_OUT
        ? Duration.ofSeconds(10)
        : Duration.ofMillis(10 + (long) Math.exp(random.nextGaussian() * 1.2 + 4));
    return Outcome.of(
        claimed,
        new Attempt(
            claimed.deliveryId(),
            claimed.attempts() + 1,
            now,
            duration,
            DeliveryMethod.WEBHOOK,
            "https://hooks.example.com/" + claimed.webhookId(),
            "",
            result),
        state,
        isTriedAgain ? Optional.of(now.plusSeconds(30)) : Optional.empty());
  }
}
