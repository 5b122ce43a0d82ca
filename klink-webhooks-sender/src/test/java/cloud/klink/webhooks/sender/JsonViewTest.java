package cloud.klink.webhooks.sender;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import cloud.klink.webhooks.sender.webhook.Webhook;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What plain Jackson 2 and plain Jackson 3 print of what a sender gives its user. */
class JsonViewTest {
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38Z");

  private static void assertPrints(Object value, String json) throws IOException {
    assertThat(new ObjectMapper().writeValueAsString(value)).isEqualTo(json);
    assertThat(new JsonMapper().writeValueAsString(value)).isEqualTo(json);
  }

  private static Webhook.Builder webhook() {
    return Webhook.builder()
        .id("wh_1")
        .environment(Environment.PRODUCTION)
        .name("Orders")
        .url("https://hooks.example.com/klink")
        .subscriptions(List.of("contact.*", "room.created"))
        .createdAt(NOW);
  }

  @Test
  void json_ofAWebhook_tellsAllButItsSecrets() throws IOException {
    assertPrints(webhook().authenticationHeader("X-Key").build(), """
        {"id":"wh_1","environment":"production","name":"Orders","method":"webhook",\
        "url":"https://hooks.example.com/klink",\
        "authenticationHeader":"X-Key",\
        "subscriptions":["contact.*","room.created"],"paused":false,\
        "activeSince":"2026-01-09T03:42:38Z","createdAt":"2026-01-09T03:42:38Z",\
        "updatedAt":"2026-01-09T03:42:38Z","version":1}""");
  }

  @Test
  void json_ofAPausedWebhook_tellsWhyAndSinceWhen() throws IOException {
    Webhook paused = webhook()
        .pause(new Pause(PauseCause.FAILURES, "more than 50", NOW.plusSeconds(1)))
        .build();

    assertThat(new ObjectMapper().writeValueAsString(paused))
        .doesNotContain("authentication")
        .contains("\"paused\":true,\"pause\":{\"cause\":\"failures\",\"reason\":\"more than 50\","
            + "\"since\":\"2026-01-09T03:42:39Z\"}");
    assertThat(new JsonMapper().writeValueAsString(paused))
        .isEqualTo(new ObjectMapper().writeValueAsString(paused));
  }

  @Test
  void json_ofADelivery_tellsWhatALogShows() throws IOException {
    Delivery.Builder delivery = Delivery.builder()
        .id("dlv_1")
        .webhookId("wh_1")
        .environment(Environment.PRODUCTION)
        .eventId("evt_1")
        .eventName(EventName.CONTACT_CREATED)
        .state(DeliveryState.WAITING)
        .dueAt(NOW)
        .createdAt(NOW);

    assertPrints(delivery.build(), """
        {"id":"dlv_1","webhookId":"wh_1","environment":"production","eventId":"evt_1",\
        "eventName":"contact.created","state":"waiting","attempts":0,\
        "dueAt":"2026-01-09T03:42:38Z","createdAt":"2026-01-09T03:42:38Z"}""");

    AttemptResult result = AttemptResult.failed(AttemptOutcome.TIMED_OUT, "no answer");
    assertPrints(
        delivery
            .state(DeliveryState.FAILED)
            .attempts(4)
            .dueAt(null)
            .finishedAt(NOW.plusSeconds(9))
            .lastAttempt(result.outcome(), result.status(), result.preview())
            .redeliveryOf("dlv_0")
            .redeliveredAs("dlv_2")
            .build(),
        """
        {"id":"dlv_1","webhookId":"wh_1","environment":"production","eventId":"evt_1",\
        "eventName":"contact.created","state":"failed","attempts":4,\
        "createdAt":"2026-01-09T03:42:38Z","finishedAt":"2026-01-09T03:42:47Z",\
        "lastAttempt":{"outcome":"timed_out","statusClass":"no_response","preview":"no answer"},\
        "redeliveryOf":"dlv_0","redeliveredAs":"dlv_2"}""");
  }

  @Test
  void json_ofHealth_isItsMap() throws IOException {
    try (WebhookSender sender = WebhookSender.builder(new InMemoryStorage())
        .clock(Clock.fixed(NOW, ZoneOffset.UTC))
        .storageExecutor(Runnable::run)
        .build()) {
      Object health = sender.health();

      assertThat(new ObjectMapper().writeValueAsString(health))
          .startsWith("{\"status\":\"up\",\"problems\":[],\"time\":\"2026-01-09T03:42:38Z\"")
          .isEqualTo(new JsonMapper().writeValueAsString(health));
    }
  }
}
