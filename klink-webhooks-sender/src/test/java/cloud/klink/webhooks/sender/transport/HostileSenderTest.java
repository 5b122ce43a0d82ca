package cloud.klink.webhooks.sender.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/**
 * A whole sender all of whose endpoints are hostile: each attempt has its own row in the log, and
 * when they are over, nothing is left of any.
 */
class HostileSenderTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Beyond what the kernels of both sides buffer, and far below what is there. */
  private static final long MUCH = 32L << 20;

  private static final int MORE_THAN_ALL = 100;

  /** So few that each gets its share of a busy machine. */
  private static final int AT_A_TIME = 16;

  private final TlsServers tls = new TlsServers();
  private final Map<String, HostileCase> byWebhook = new HashMap<>();

  private WebhookSender sender(LeakCheck leftovers, Map<String, HostileCase> byName) {
    OkHttpClient client = tls.trusting()
        .newBuilder()
        .eventListener(leftovers)
        .dns(HostileSenderTest::lookUp)
        .build();
    EndpointPolicy policy = EndpointPolicy.forDevelopment();
    return WebhookSender.builder(new InMemoryStorage())
        .endpoints(policy)
        .transport(HttpTransport.builder(policy)
            .client(client)
            .idleConnections(MORE_THAN_ALL)
            .keepAlive(Duration.ofMillis(100))
            .build())
        .maxConcurrentAttempts(AT_A_TIME)
        .policies(webhook -> DeliveryPolicy.builder()
            .retries((failed, age) -> Optional.empty())
            .timeout(Objects.requireNonNull(byName.get(webhook.name())).timeout())
            .build())
        .build();
  }

  private static List<InetAddress> lookUp(String host) throws UnknownHostException {
    if (host.equals("private.example")) {
      return List.of(InetAddress.getByName("10.0.0.1"));
    }
    throw new UnknownHostException(host);
  }

  private void subscribe(WebhookSender sender, HostileCase hostile) {
    Webhook webhook = sender
        .webhooks()
        .create(Environment.PRODUCTION)
        .name(hostile.name())
        .url(hostile.url())
        .subscribe(EventName.CONTACT_CREATED)
        .save();
    byWebhook.put(webhook.id(), hostile);
  }

  @Test
  void attempts_toHostileEndpoints_haveARowEachAndLeaveNothing() throws IOException {
    LeakCheck leftovers = new LeakCheck();
    try (HostileEndpoints hostiles = new HostileEndpoints(tls)) {
      Map<String, HostileCase> byName = new HashMap<>();
      hostiles.all().forEach(hostile -> byName.put(hostile.name(), hostile));
      assertThat(byName).hasSameSizeAs(hostiles.all()).hasSizeLessThan(MORE_THAN_ALL);
      try (WebhookSender sender = sender(leftovers, byName)) {
        hostiles.all().forEach(hostile -> subscribe(sender, hostile));
        sender.start();

        List<String> deliveries = sender
            .publish(
                Environment.PRODUCTION,
                Event.builder(EventName.CONTACT_CREATED)
                    .timestamp(Instant.EPOCH)
                    .build())
            .deliveryIds();

        assertThat(deliveries).hasSameSizeAs(hostiles.all());
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(deliveries)
                .allSatisfy(id -> assertThat(sender.deliveries().attempts(id)).hasSize(1)));
        checkRows(sender, deliveries);
        assertThat(hostiles.mostWritten()).isBetween(1L, MUCH);
        await().atMost(PATIENCE).until(() -> hostiles.open() == 0);
        await().atMost(PATIENCE).until(() -> leftovers.held() == 0);
      }
      assertThat(leftovers.seen()).isGreaterThan(hostiles.connections());
    }
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(leftovers.threads()).isEmpty());
    await().atMost(PATIENCE).until(() -> leftovers.memory() < MUCH / 4);
  }

  private void checkRows(WebhookSender sender, List<String> deliveries) {
    List<String> seen = new ArrayList<>();
    assertThat(deliveries).allSatisfy(id -> {
      Delivery delivery = sender.deliveries().find(id).orElseThrow();
      HostileCase hostile = Objects.requireNonNull(byWebhook.get(delivery.webhookId()));
      hostile.check(sender.deliveries().attempts(id).get(0));
      assertThat(delivery.state())
          .isEqualTo(hostile.status() / 100 == 2 ? DeliveryState.SUCCEEDED : DeliveryState.FAILED);
      seen.add(hostile.name());
    });
    assertThat(seen).doesNotHaveDuplicates();
  }
}
