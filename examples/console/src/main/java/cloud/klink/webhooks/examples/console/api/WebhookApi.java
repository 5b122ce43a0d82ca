package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.service.AuthenticationChoice;
import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import cloud.klink.webhooks.examples.console.service.DeliveryService;
import cloud.klink.webhooks.examples.console.service.WebhookFilter;
import cloud.klink.webhooks.examples.console.service.WebhookLists;
import cloud.klink.webhooks.examples.console.service.WebhookService;
import cloud.klink.webhooks.examples.console.service.WebhookSlice;
import cloud.klink.webhooks.examples.console.web.FilterValues;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.net.URI;
import java.util.List;
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

  WebhookApi(WebhookLists lists, WebhookService webhooks, DeliveryService deliveries) {
    this.lists = lists;
    this.webhooks = webhooks;
    this.deliveries = deliveries;
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
    return WebhookJson.answer(ResponseEntity.ok(), webhooks.get(id));
  }

  @PostMapping(consumes = JSON)
  ResponseEntity<WebhookJson> create(
      @RequestParam MultiValueMap<String, String> given, @RequestBody WebhookInput input) {
    Webhook webhook = webhooks.create(
        QueryParameters.of(given, "environment").environment(),
        input.form(0, AuthenticationChoice.NONE));
    return WebhookJson.answer(
        ResponseEntity.created(URI.create("/api/v1/webhooks/" + webhook.id())), webhook);
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
    return WebhookJson.answer(
        ResponseEntity.ok(),
        webhooks.edit(id, input.form(Long.parseLong(tag.group(1)), AuthenticationChoice.KEEP)));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String id) {
    webhooks.delete(id);
  }
}
