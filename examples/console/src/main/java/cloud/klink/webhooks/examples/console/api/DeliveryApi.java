package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.redelivery.RedeliveryService;
import cloud.klink.webhooks.examples.console.service.CurlCommand;
import cloud.klink.webhooks.examples.console.service.DeliveryDetails;
import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import cloud.klink.webhooks.examples.console.service.DeliveryResults;
import cloud.klink.webhooks.examples.console.service.DeliveryService;
import cloud.klink.webhooks.examples.console.service.EmptyReasons;
import cloud.klink.webhooks.sender.delivery.SentRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The log as JSON, with the same parameters as the page's address. */
@RestController
@RequestMapping("/api/v1/deliveries")
class DeliveryApi {
  private static final int PAGE = 100;

  private final DeliveryService deliveries;
  private final RedeliveryService redeliveries;
  private final EmptyReasons reasons;

  DeliveryApi(DeliveryService deliveries, RedeliveryService redeliveries, EmptyReasons reasons) {
    this.deliveries = deliveries;
    this.redeliveries = redeliveries;
    this.reasons = reasons;
  }

  /**
   * A page.
   *
   * @param items newest first; perhaps none although there is a next
   * @param next the parameter {@code after} of the next page; null at the end
   * @param empty why the log may be empty, the likely reasons first; none if it is not
   */
  public record PageJson(
      List<DeliveryJson> items, @Nullable String next, List<EmptyReasonJson> empty) {}

  /**
   * A delivery with its attempts.
   *
   * @param delivery the delivery
   * @param attempts the first one first
   * @param headers the headers that the newest attempt sent, without secrets
   * @param body what it sent; null if it is not known any more
   * @param canonical the canonical string that was signed; null if it is not known any more
   * @param curl the request as a command for a POSIX shell, with masked secrets; null if it is not
   *     known any more, or was a message on a WebSocket
   * @param others the newest other deliveries of the same event
   */
  public record DetailsJson(
      DeliveryJson delivery,
      List<DeliveryJson.AttemptJson> attempts,
      Map<String, String> headers,
      @Nullable String body,
      @Nullable String canonical,
      @Nullable String curl,
      List<DeliveryJson> others) {}

  @GetMapping
  PageJson search(@RequestParam MultiValueMap<String, String> parameters) {
    DeliveryFilter filter = QueryParameters.filter(parameters);
    DeliveryResults results = deliveries.search(filter, PAGE);
    return new PageJson(
        results.rows().stream().map(DeliveryJson::of).toList(),
        results.next().orElse(null),
        reasons.of(filter, results).stream().map(EmptyReasonJson::of).toList());
  }

  @GetMapping("/{id}")
  DetailsJson get(@PathVariable String id) {
    DeliveryDetails details = deliveries.details(id);
    return new DetailsJson(
        DeliveryJson.of(details.row()),
        details.attempts().stream().map(DeliveryJson.AttemptJson::of).toList(),
        details.request().map(SentRequest::headers).orElse(Map.of()),
        details.request().map(SentRequest::body).orElse(null),
        details.request().flatMap(SentRequest::canonical).orElse(null),
        details.request().flatMap(CurlCommand::of).orElse(null),
        details.others().stream().map(DeliveryJson::of).toList());
  }

  @PostMapping(path = "/{id}/redeliver", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  Map<String, String> redeliver(@PathVariable String id) {
    return Map.of("deliveryId", redeliveries.redeliver(id));
  }
}
