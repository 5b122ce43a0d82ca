package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.demo.DemoBehaviour;
import cloud.klink.webhooks.examples.console.demo.DemoEndpoint;
import cloud.klink.webhooks.examples.console.service.PublishService;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The demo endpoint, and sample events in the environment Development. */
@RestController
@RequestMapping("/api/v1/demo")
@ConditionalOnProperty(name = "console.demo.enabled", matchIfMissing = true)
class DemoApi {
  private static final String JSON = MediaType.APPLICATION_JSON_VALUE;

  private final DemoEndpoint endpoint;
  private final PublishService events;

  DemoApi(DemoEndpoint endpoint, PublishService events) {
    this.endpoint = endpoint;
    this.events = events;
  }

  /**
   * The demo endpoint.
   *
   * @param url where it is
   * @param behaviour {@code answers}, {@code fails}, {@code hangs} or {@code closes}
   * @param received how many requests it was sent since the start
   */
  public record EndpointJson(String url, String behaviour, long received) {}

  /**
   * What the endpoint is to do.
   *
   * @param behaviour {@code answers}, {@code fails}, {@code hangs} or {@code closes}
   */
  public record BehaviourInput(@Nullable String behaviour) {}

  @GetMapping
  EndpointJson get() {
    return new EndpointJson(
        endpoint.url(), endpoint.behaviour().name().toLowerCase(Locale.ROOT), endpoint.received());
  }

  @PutMapping(consumes = JSON)
  EndpointJson behave(@RequestBody BehaviourInput input) {
    for (DemoBehaviour one : DemoBehaviour.values()) {
      if (one.name().toLowerCase(Locale.ROOT).equals(input.behaviour())) {
        endpoint.behave(one);
        return get();
      }
    }
    throw new InvalidInput("behaviour", "it must be answers, fails, hangs or closes");
  }

  @PostMapping(path = "/events", consumes = JSON)
  @ResponseStatus(HttpStatus.ACCEPTED)
  Map<String, String> fire(@RequestBody EventInput input) {
    String data = EventInput.checked(events, input);
    String name = String.valueOf(input.event());
    return Map.of("eventId", events.publish(Environment.DEVELOPMENT, name, data));
  }
}
