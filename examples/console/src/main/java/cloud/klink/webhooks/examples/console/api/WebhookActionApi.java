package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.service.DirectTests;
import cloud.klink.webhooks.examples.console.service.HeldDeliveries;
import cloud.klink.webhooks.examples.console.service.PublishService;
import cloud.klink.webhooks.examples.console.service.WebhookService;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What can be done with a webhook: pause and re-enable it, reveal its secret, test it. */
@RestController
@RequestMapping("/api/v1/webhooks")
class WebhookActionApi {
  private static final String JSON = MediaType.APPLICATION_JSON_VALUE;

  private final WebhookService webhooks;
  private final PublishService events;
  private final DirectTests tests;

  WebhookActionApi(WebhookService webhooks, PublishService events, DirectTests tests) {
    this.webhooks = webhooks;
    this.events = events;
    this.tests = tests;
  }

  /**
   * A reason.
   *
   * @param reason why, for people
   */
  public record PauseInput(@Nullable String reason) {}

  /**
   * What came of a test that was sent at once.
   *
   * @param attempt the attempt; null if it did not end in time, or too many tests ran
   */
  public record DirectTestJson(DeliveryJson.@Nullable AttemptJson attempt) {}

  /**
   * What becomes of what was held.
   *
   * @param held {@code deliver} or {@code discard}
   */
  public record ResumeInput(@Nullable String held) {}

  @PostMapping(path = "/{id}/pause", consumes = JSON)
  ResponseEntity<WebhookJson> pause(@PathVariable String id, @RequestBody PauseInput input) {
    webhooks.pause(id, input.reason() == null ? "" : input.reason());
    return WebhookJson.answer(ResponseEntity.ok(), webhooks.get(id));
  }

  @PostMapping(path = "/{id}/resume", consumes = JSON)
  ResponseEntity<WebhookJson> resume(@PathVariable String id, @RequestBody ResumeInput input) {
    HeldDeliveries held = switch (String.valueOf(input.held())) {
      case "deliver" -> HeldDeliveries.DELIVER;
      case "discard" -> HeldDeliveries.DISCARD;
      default -> throw new InvalidInput("held", "it must be deliver or discard");
    };
    webhooks.resume(id, held);
    return WebhookJson.answer(ResponseEntity.ok(), webhooks.get(id));
  }

  @PostMapping(path = "/{id}/secret", consumes = JSON)
  Map<String, String> reveal(@PathVariable String id) {
    return Map.of("secret", webhooks.reveal(id));
  }

  @PostMapping(path = "/{id}/secret/regenerate", consumes = JSON)
  Map<String, String> regenerate(@PathVariable String id) {
    return Map.of("secret", webhooks.regenerate(id));
  }

  @PostMapping(path = "/{id}/test", consumes = JSON)
  @ResponseStatus(HttpStatus.ACCEPTED)
  Map<String, String> test(@PathVariable String id, @RequestBody EventInput input) {
    if (input.event() == null) {
      if (input.data() != null) {
        throw new InvalidInput("event", "it must be given with data");
      }
      return Map.of("deliveryId", webhooks.sendTest(id));
    }
    String data = EventInput.checked(events, input);
    return Map.of("deliveryId", events.sendTest(id, input.event(), data));
  }

  /** Though the webhook is paused; it is not in the log, and what is held stays so. */
  @PostMapping(path = "/{id}/test/direct", consumes = JSON)
  DirectTestJson testDirectly(@PathVariable String id) {
    return new DirectTestJson(tests.send(id).map(DeliveryJson.AttemptJson::of).orElse(null));
  }
}
