package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.DeliveryPage;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two nodes, a primary and a standby, each in processes of its own: the primary goes under load.
 */
@Tag("debian")
class FailoverTest {
  private static final int BEFORE = 100;
  private static final int AFTER = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** From the promotion to the first delivery of an event that was published after it. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Past the leases of the nodes, so that nobody has to wait for their end. */
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));

  private final MockWebServer receiver = new MockWebServer();
  private final Map<String, Long> received = new ConcurrentHashMap<>();
  private final List<FailoverProcess> nodes = new ArrayList<>();
  private volatile CountDownLatch answers = new CountDownLatch(0);
  private DebianPostgres primary;
  private DebianPostgres standby;

  @TempDir
  private Path directory;

  /** What becomes of the primary. */
  enum Fault {
    KILLED {
      @Override
      void happens(DebianPostgres primary) throws IOException, InterruptedException {
        primary.kill();
      }
    },
    FROZEN {
      @Override
      void happens(DebianPostgres primary) throws IOException, InterruptedException {
        primary.freeze();
      }
    },
    READ_ONLY {
      @Override
      void happens(DebianPostgres primary) throws SQLException {
        primary.set("default_transaction_read_only", "on");
      }
    },
    SHUT_DOWN_AND_STANDBY_OF_THE_OTHER {
      @Override
      void happens(DebianPostgres primary) throws IOException, InterruptedException {
        primary.shutDown();
      }
    };

    abstract void happens(DebianPostgres primary)
        throws IOException, InterruptedException, SQLException;
  }

  @BeforeEach
  void start() throws Exception {
    receiver.setDispatcher(new Dispatcher() {
      @Override
      public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
        answers.await();
        String id = Objects.requireNonNull(request.getHeaders().get("X-Klink-Event-Id"));
        received.putIfAbsent(id, System.nanoTime());
        return new MockResponse.Builder().code(204).build();
      }
    });
    receiver.start();
    primary = DebianPostgres.primary(directory);
    JdbcStorage storage = JdbcStorage.postgresql(primary.database());
    storage.migrate();
    try (WebhookSender sender = WebhookSender.builder(storage)
        .endpoints(EndpointPolicy.forDevelopment())
        .build()) {
      sender
          .webhooks()
          .create(Environment.PRODUCTION)
          .name("Orders")
          .url(receiver.url("/hook").toString())
          .subscribe(EventName.CONTACT_CREATED)
          .save();
    }
    standby = DebianPostgres.standby(directory, primary);
    await()
        .until(() -> primary.query("SELECT count(*) FROM pg_stat_replication").equals("1"));
  }

  @AfterEach
  void stop() {
    answers.countDown();
    nodes.forEach(FailoverProcess::close);
    if (standby != null) {
      standby.close();
    }
    if (primary != null) {
      primary.close();
    }
    receiver.close();
  }

  @Test
  void standby_ofASenderThatIsNotStarted_showsTheLog() {
    try (WebhookSender sender =
        WebhookSender.builder(JdbcStorage.postgresql(primary.database())).build()) {
      sender.publish(
          Environment.PRODUCTION,
          Event.builder(EventName.CONTACT_CREATED)
              .id("evt_1")
              .timestamp(Instant.now())
              .build());
    }
    await()
        .until(() -> this.standby.query("SELECT count(*) FROM klink_delivery").equals("1"));
    DataSource standby = this.standby.database();
    DeliveryQuery query = DeliveryQuery.builder().event("evt_1").build();

    WebhookSender reader =
        WebhookSender.builder(JdbcStorage.postgresql(standby)).build();
    DeliveryPage page = reader.deliveries().search(query);

    reader.close();
    assertThat(page.deliveries()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void primary_thatGoesUnderLoad_losesNothingIfItsStandbyIsSynchronous(Fault fault)
      throws Exception {
    primary.set("synchronous_standby_names", "*");
    await()
        .until(() -> primary
            .query("SELECT COALESCE(max(sync_state), '') FROM pg_stat_replication")
            .equals("sync"));
    startNodes();

    fault.happens(primary);
    long promoted = promote();
    if (fault == Fault.SHUT_DOWN_AND_STANDBY_OF_THE_OTHER) {
      primary.follow(standby);
    }

    awaitDeliveriesPublishedSince(promoted);
    Duration first = firstDelivery(promoted);
    int promised = endNodes();
    System.out.printf(
        "primary %s: first delivery %d ms after the promotion; %d published, all delivered%n",
        fault, first.toMillis(), promised);
    assertThat(first).isLessThan(LIMIT);
  }

  @Test
  void primary_whoseStandbyLagsBehind_losesWhatTheStandbyLacksAndTheSenderSaysSo()
      throws Exception {
    startNodes();
    standby.set("primary_conninfo", "");
    await()
        .until(() -> primary.query("SELECT count(*) FROM pg_stat_replication").equals("0"));
    int unfollowed = nodes.get(0).published().size();
    await().until(() -> nodes.get(0).published().size() >= unfollowed + AFTER);
    answers = new CountDownLatch(1);
    int unanswered = nodes.get(0).published().size();
    await().until(() -> nodes.get(0).published().size() >= unanswered + AFTER);

    primary.kill();
    long promoted = promote();
    answers.countDown();

    awaitDeliveriesPublishedSince(promoted);
    for (FailoverProcess node : nodes) {
      await().atMost(PATIENCE).until(() -> node.missing() > 0);
      System.out.println("standby that lags behind: " + node.lastMissing());
      assertThat(node.lastMissing()).contains("[WARN Attempted deliveries");
    }
  }

  private void startNodes() throws IOException {
    String url = "jdbc:postgresql://" + primary.address() + "," + standby.address()
        + "/postgres?user=postgres&targetServerType=primary&connectTimeout=2&socketTimeout=5"
        + "&tcpKeepAlive=true";
    for (String prefix : List.of("a_", "b_")) {
      nodes.add(new FailoverProcess(url, prefix));
    }
    for (FailoverProcess node : nodes) {
      await().atMost(PATIENCE).until(() -> node.published().size() >= BEFORE);
    }
    await().atMost(PATIENCE).until(() -> received.size() >= BEFORE);
  }

  private long promote() throws SQLException {
    assertThat(standby.query("SELECT pg_promote(true, 30)")).isEqualTo("t");
    return System.nanoTime();
  }

  private void awaitDeliveriesPublishedSince(long promoted) {
    for (FailoverProcess node : nodes) {
      await().atMost(PATIENCE).until(() -> node.publishedSince(promoted).size() >= AFTER);
      await()
          .atMost(PATIENCE)
          .until(() -> node.publishedSince(promoted).stream().anyMatch(received::containsKey));
    }
  }

  private Duration firstDelivery(long promoted) {
    long first = nodes.stream()
        .flatMap(node -> node.publishedSince(promoted).stream())
        .filter(received::containsKey)
        .mapToLong(received::get)
        .min()
        .orElseThrow();
    return Duration.ofNanos(first - promoted);
  }

  /** Ends the nodes, and has another one send what they have left. */
  private int endNodes() {
    List<String> promised = new ArrayList<>();
    for (FailoverProcess node : nodes) {
      node.stop();
      promised.addAll(node.published().keySet());
    }
    nodes.forEach(FailoverProcess::close);
    try (WebhookSender survivor = WebhookSender.builder(JdbcStorage.postgresql(standby.database()))
        .endpoints(EndpointPolicy.forDevelopment())
        .clock(LATER)
        .build()) {
      survivor.start();
      await().atMost(PATIENCE).until(() -> received.keySet().containsAll(promised));
    }
    return promised.size();
  }
}
