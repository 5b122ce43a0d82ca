package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.service.AuthenticationChoice;
import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import cloud.klink.webhooks.examples.console.service.DeliveryService;
import cloud.klink.webhooks.examples.console.service.DirectTests;
import cloud.klink.webhooks.examples.console.service.HeldDeliveries;
import cloud.klink.webhooks.examples.console.service.PublishService;
import cloud.klink.webhooks.examples.console.service.WebhookFilter;
import cloud.klink.webhooks.examples.console.service.WebhookLists;
import cloud.klink.webhooks.examples.console.service.WebhookService;
import cloud.klink.webhooks.examples.console.service.WebhookSlice;
import cloud.klink.webhooks.examples.console.web.FilterValues;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Webhooks as JSON. Whatever changes something wants the content type of JSON, which no form of
 * another site can send without the browser asking first; so no token is needed.
 */
@RestController
@RequestMapping("/api/v1/webhooks")
class WebhookApi {
  private static final String JSON = MediaType.APPLICATION_JSON_VALUE;
  private static final Pattern ETAG = Pattern.compile("\"(\\d{1,18})\"");

  private final WebhookLists lists;
  private final WebhookService webhooks;
  private final DeliveryService deliveries;
  private final PublishService events;
  private final DirectTests tests;

  WebhookApi(
      WebhookLists lists,
      WebhookService webhooks,
      DeliveryService deliveries,
      PublishService events,
      DirectTests tests) {
    this.lists = lists;
    this.webhooks = webhooks;
    this.deliveries = deliveries;
    this.events = events;
    this.tests = tests;
  }

  /**
   * A page.
   *
   * @param items the webhooks
   * @param next the parameter {@code after} of the next page; null at the end
   * @param matching how many webhooks match
   * @param all how many the environment has
   */
  public record PageJson(
      List<WebhookRowJson> items, @Nullable String next, int matching, int all) {}

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

  @GetMapping
  PageJson list(@RequestParam MultiValueMap<String, String> given) {
    QueryParameters parameters =
        QueryParameters.of(given, "environment", "q", "status", "event", "sort", "after");
    WebhookFilter filter = new WebhookFilter(
        parameters.environment(),
        parameters.text("q").orElse(""),
        parameters.choice("status", WebhookFilter.Status.ALL),
        parameters.text("event").orElse(""),
        parameters.choice("sort", WebhookFilter.Sort.NAME),
        1);
    WebhookSlice found = lists
        .slice(filter, parameters.text("after"))
        .orElseThrow(() -> new InvalidInput("after", "it must be the next of a page"));
    return new PageJson(
        found.rows().stream().map(WebhookRowJson::of).toList(),
        found.next().orElse(null),
        found.matching(),
        found.all());
  }

  /** How far a webhook is from its pause, and what it holds. */
  @GetMapping("/{id}/health")
  HealthJson health(@PathVariable String id) {
    Webhook webhook = webhooks.get(id);
    return HealthJson.of(
        webhooks.risk(webhook),
        deliveries.held(webhook),
        DeliveryFilter.failuresBeforePause(webhook).map(FilterValues::of).orElse(null));
  }

  @GetMapping("/{id}")
  ResponseEntity<WebhookJson> get(@PathVariable String id) {
    return answer(HttpStatus.OK, webhooks.get(id));
  }

  private static ResponseEntity<WebhookJson> answer(HttpStatus status, Webhook webhook) {
    return ResponseEntity.status(status)
        .eTag("\"" + webhook.version() + "\"")
        .body(WebhookJson.of(webhook));
  }

  @PostMapping(consumes = JSON)
  ResponseEntity<WebhookJson> create(
      @RequestParam MultiValueMap<String, String> given, @RequestBody WebhookInput input) {
    Webhook webhook = webhooks.create(
        QueryParameters.of(given, "environment").environment(),
        input.form(0, AuthenticationChoice.NONE));
    return ResponseEntity.created(URI.create("/api/v1/webhooks/" + webhook.id()))
        .eTag("\"" + webhook.version() + "\"")
        .body(WebhookJson.of(webhook));
  }

  @PutMapping(path = "/{id}", consumes = JSON)
  ResponseEntity<WebhookJson> edit(
      @PathVariable String id,
      @RequestHeader(name = "If-Match", defaultValue = "") String version,
      @RequestBody WebhookInput input) {
    if (version.isEmpty()) {
      throw new MissingVersion();
    }
    Matcher tag = ETAG.matcher(version);
    if (!tag.matches()) {
      throw new InvalidInput("If-Match", "it must be the ETag of the webhook that was read");
    }
    return answer(
        HttpStatus.OK,
        webhooks.edit(id, input.form(Long.parseLong(tag.group(1)), AuthenticationChoice.KEEP)));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String id) {
    webhooks.delete(id);
  }

  @PostMapping(path = "/{id}/pause", consumes = JSON)
  ResponseEntity<WebhookJson> pause(@PathVariable String id, @RequestBody PauseInput input) {
    webhooks.pause(id, input.reason() == null ? "" : input.reason());
    return get(id);
  }

  @PostMapping(path = "/{id}/resume", consumes = JSON)
  ResponseEntity<WebhookJson> resume(@PathVariable String id, @RequestBody ResumeInput input) {
    HeldDeliveries held = switch (String.valueOf(input.held())) {
      case "deliver" -> HeldDeliveries.DELIVER;
      case "discard" -> HeldDeliveries.DISCARD;
      default -> throw new InvalidInput("held", "it must be deliver or discard");
    };
    webhooks.resume(id, held);
    return get(id);
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
