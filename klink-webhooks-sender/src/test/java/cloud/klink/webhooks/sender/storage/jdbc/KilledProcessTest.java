package cloud.klink.webhooks.sender.storage.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryPage;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed while they publish and deliver: what they promised is kept. */
class KilledProcessTest {
  private static final int PUBLISHED = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Past the leases of those who were killed, so that nobody has to wait for their end. */
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));

  private final MockWebServer server = new MockWebServer();
  private final Set<String> received = ConcurrentHashMap.newKeySet();

  @TempDir
  private Path directory;

  @BeforeEach
  void start() throws IOException {
    server.setDispatcher(new Dispatcher() {
      @Override
      public MockResponse dispatch(RecordedRequest request) {
        received.add(Objects.requireNonNull(request.getHeaders().get("X-Klink-Event-Id")));
        return new MockResponse.Builder().code(204).build();
      }
    });
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void sqlite_whoseProcessIsKilled_losesNothingThatWasPublished() throws Exception {
    String url = "jdbc:sqlite:" + directory.resolve("killed.db");

    assertNothingIsLost(SenderProcess.sqlite(url), List.of(List.of("sqlite", url, "evt_")));
  }

  @Test
  void postgres_whoseThreeNodesAreKilled_losesNothingThatWasPublished() throws Exception {
    DataSource database = EmptyDatabase.of(JdbcDatabase.POSTGRESQL, directory);
    String url;
    try (Connection connection = database.getConnection()) {
      url = connection.getMetaData().getURL();
    }

    assertNothingIsLost(
        JdbcStorage.postgresql(database),
        List.of(
            List.of("postgres", url, "a_"),
            List.of("postgres", url, "b_"),
            List.of("postgres", url, "c_")));
  }

  private void assertNothingIsLost(JdbcStorage storage, List<List<String>> nodes)
      throws IOException {
    storage.migrate();
    try (WebhookSender survivor = WebhookSender.builder(storage)
        .endpoints(EndpointPolicy.forDevelopment())
        .clock(LATER)
        .build()) {
      Webhook webhook = survivor
          .webhooks()
          .create(Environment.PRODUCTION)
          .name("Orders")
          .url(server.url("/hook").toString())
          .subscribe(EventName.CONTACT_CREATED)
          .save();

      List<String> promised = runAndKill(nodes);
      survivor.start();

      assertThat(promised).hasSizeGreaterThanOrEqualTo(PUBLISHED * nodes.size());
      await().atMost(PATIENCE).until(() -> received.containsAll(promised));
      await()
          .atMost(PATIENCE)
          .until(() -> states(survivor, webhook).equals(List.of(DeliveryState.SUCCEEDED)));
    }
  }

  /** What all nodes together have said that they published. */
  private static List<String> runAndKill(List<List<String>> nodes) throws IOException {
    List<Process> processes = new ArrayList<>();
    for (List<String> arguments : nodes) {
      List<String> command = new ArrayList<>(List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-cp",
          System.getProperty("java.class.path"),
          SenderProcess.class.getName()));
      command.addAll(arguments);
      processes.add(new ProcessBuilder(command)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start());
    }
    List<String> promised = new ArrayList<>();
    for (Process process : processes) {
      try (BufferedReader lines = process.inputReader(UTF_8)) {
        String line = null;
        for (int i = 0; i < PUBLISHED; i++) {
          line = Objects.requireNonNull(lines.readLine(), "the node ended by itself");
          promised.add(line);
        }
        // The process would close the stream as well; its handle leaves what is in the pipe.
        assertThat(process.toHandle().destroyForcibly()).isTrue();
        // The last line may be cut, so it is no promise.
        for (line = lines.readLine(); line != null; ) {
          String next = lines.readLine();
          if (next != null) {
            promised.add(line);
          }
          line = next;
        }
      }
    }
    return promised;
  }

  /** The states that the webhook's deliveries have. */
  private static List<DeliveryState> states(WebhookSender sender, Webhook webhook) {
    List<DeliveryState> states = new ArrayList<>();
    DeliveryQuery.Builder query = DeliveryQuery.builder().webhook(webhook.id()).limit(1_000);
    Optional<String> next;
    do {
      DeliveryPage page = sender.deliveries().search(query.build());
      page.deliveries().stream()
          .map(Delivery::state)
          .filter(state -> !states.contains(state))
          .forEach(states::add);
      next = page.next();
      query.after(next.orElse(null));
    } while (next.isPresent());
    return states;
  }
}
