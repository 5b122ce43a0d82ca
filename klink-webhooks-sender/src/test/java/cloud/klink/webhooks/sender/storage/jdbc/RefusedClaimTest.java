package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.health.HealthStatus;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that refuses to change the deliveries of one webhook, as by a rule of its owner's. */
class RefusedClaimTest {
  private static final int WEBHOOKS = 20;

  private final CountingEndpoints receivers = new CountingEndpoints();

  @TempDir
  private Path directory;

  @AfterEach
  void close() {
    receivers.close();
  }

  @ParameterizedTest
  @EnumSource
  void claim_thatIsRefusedForOneWebhook_deliversForAllOthersAndIsTold(JdbcDatabase kind)
      throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    JdbcStorage storage = EmptyDatabase.storage(kind, database);
    storage.migrate();
    try (WebhookSender sender = sender(storage)) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < WEBHOOKS; i++) {
        ids.add(receivers.webhook(sender, "hook" + i).id());
      }
      RefusedOutcomeTest.refuse(
          kind,
          database,
          "UPDATE",
          "klink_delivery",
          "NEW.lease_until IS NOT NULL AND NEW.webhook_id = '" + ids.get(7) + "'");
      // Without a lease, since this sender does not send yet.
      List<String> deliveries = new ArrayList<>();
      for (int i = 0; i < WEBHOOKS; i++) {
        deliveries.add(CountingEndpoints.publish(sender, "hook" + i, "evt_" + i));
      }
      String refused = deliveries.remove(7);

      sender.start();

      deliveries.forEach(id -> awaitSuccess(sender, id));
      assertThat(sender.deliveries().find(refused).orElseThrow().state())
          .isEqualTo(DeliveryState.WAITING);
      assertThat(sender.health().unclaimableWebhooks()).isEqualTo(1);
      assertThat(sender.health().status()).isEqualTo(HealthStatus.DEGRADED);
      assertThat(sender.health().problems()).anyMatch(problem -> problem.contains("lease"));

      // What comes later is claimed, too.
      try (WebhookSender publisher = sender(storage)) {
        awaitSuccess(sender, CountingEndpoints.publish(publisher, "hook3", "evt_later"));
      }
    }
  }

  private static WebhookSender sender(JdbcStorage storage) {
    return WebhookSender.builder(storage)
        .endpoints(EndpointPolicy.forDevelopment())
        .build();
  }

  private static void awaitSuccess(WebhookSender sender, String id) {
    await()
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofSeconds(20))
        .until(() -> sender.deliveries().find(id).orElseThrow().state() == DeliveryState.SUCCEEDED);
  }
}
