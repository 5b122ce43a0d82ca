package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.service.AuthenticationChoice;
import cloud.klink.webhooks.examples.console.service.HeldDeliveries;
import cloud.klink.webhooks.examples.console.service.PublishService;
import cloud.klink.webhooks.examples.console.service.WebhookFilter;
import cloud.klink.webhooks.examples.console.service.WebhookPage;
import cloud.klink.webhooks.examples.console.service.WebhookService;
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

  private final WebhookService webhooks;
  private final PublishService events;

  WebhookApi(WebhookService webhooks, PublishService events) {
    this.webhooks = webhooks;
    this.events = events;
  }

  /**
   * A page.
   *
   * @param items the webhooks
   * @param page its number
   * @param pages how many there are
   * @param matching how many webhooks match
   */
  public record PageJson(List<WebhookJson> items, int page, int pages, int matching) {}

  /**
   * A reason.
   *
   * @param reason why, for people
   */
  public record PauseInput(@Nullable String reason) {}

  /**
   * A test event.
   *
   * @param event its name; {@code webhook.test} with data of its own unless it is given
   * @param data its data
   */
  public record TestInput(@Nullable String event, @Nullable Map<String, Object> data) {}

  /**
   * What becomes of what was held.
   *
   * @param held {@code deliver} or {@code discard}
   */
  public record ResumeInput(@Nullable String held) {}

  @GetMapping
  PageJson list(
      @RequestParam String environment,
      @RequestParam(defaultValue = "") String q,
      @RequestParam(defaultValue = "") String event,
      @RequestParam(defaultValue = "1") int page) {
    WebhookPage found = webhooks.list(new WebhookFilter(
        environmentOf(environment),
        q,
        WebhookFilter.Status.ALL,
        event,
        WebhookFilter.Sort.NAME,
        page));
    return new PageJson(
        found.rows().stream().map(row -> WebhookJson.of(row.webhook())).toList(),
        found.page(),
        found.pages(),
        found.matching());
  }

  static Environment environmentOf(String id) {
    try {
      return Environment.ofId(id);
    } catch (IllegalArgumentException e) {
      throw new InvalidInput("environment", "it must be development or production");
    }
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
      @RequestParam String environment, @RequestBody WebhookInput input) {
    Webhook webhook =
        webhooks.create(environmentOf(environment), input.form(0, AuthenticationChoice.NONE));
    return ResponseEntity.created(URI.create("/api/v1/webhooks/" + webhook.id()))
        .eTag("\"" + webhook.version() + "\"")
        .body(WebhookJson.of(webhook));
  }

  @PutMapping(path = "/{id}", consumes = JSON)
  ResponseEntity<WebhookJson> edit(
      @PathVariable String id,
      @RequestHeader(name = "If-Match", defaultValue = "") String version,
      @RequestBody WebhookInput input) {
    Matcher tag = ETAG.matcher(version);
    if (!tag.matches()) {
      throw new MissingVersion();
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
  Map<String, String> test(@PathVariable String id, @RequestBody TestInput input) {
    if (input.event() == null) {
      return Map.of("deliveryId", webhooks.sendTest(id));
    }
    String data = PublishService.json(input.data() == null ? Map.of() : input.data());
    events.faults(input.event(), data).keySet().stream().findFirst().ifPresent(field -> {
      throw new InvalidInput(
          field,
          field.equals("event")
              ? "it must be lower-case words joined by dots, as contact.created"
              : "it must be a JSON object of at most 65536 characters");
    });
    return Map.of("deliveryId", events.sendTest(id, input.event(), data));
  }
}
