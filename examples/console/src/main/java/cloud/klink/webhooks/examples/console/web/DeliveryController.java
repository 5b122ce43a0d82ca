package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.service.CurlCommand;
import cloud.klink.webhooks.examples.console.service.CutTexts;
import cloud.klink.webhooks.examples.console.service.DeliveryDetails;
import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import cloud.klink.webhooks.examples.console.service.DeliveryResults;
import cloud.klink.webhooks.examples.console.service.DeliveryService;
import cloud.klink.webhooks.examples.console.service.DeliveryStatus;
import cloud.klink.webhooks.examples.console.service.EmptyReason;
import cloud.klink.webhooks.examples.console.service.EmptyReasons;
import cloud.klink.webhooks.examples.console.service.WebhookService;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;

/** The log of deliveries, and each of them. */
@Controller
class DeliveryController {
  /** The id of the link by which htmx puts older rows under those that are shown. */
  private static final String OLDER = "older";

  private static final int PAGE = 50;

  private final DeliveryService deliveries;
  private final WebhookService webhooks;
  private final Clock clock;
  private final EmptyReasons reasons;

  DeliveryController(
      DeliveryService deliveries, WebhookService webhooks, Clock clock, EmptyReasons reasons) {
    this.deliveries = deliveries;
    this.webhooks = webhooks;
    this.clock = clock;
    this.reasons = reasons;
  }

  @GetMapping("/deliveries")
  Object list(
      @RequestParam MultiValueMap<String, String> parameters,
      @RequestHeader(name = "HX-Trigger", defaultValue = "") String trigger,
      Model model) {
    if (FilterParameters.isForm(parameters)) {
      return Links.redirect(FilterParameters.ofForm(parameters).link());
    }
    FilterParameters request = FilterParameters.of(parameters);
    DeliveryFilter filter = request.filter();
    DeliveryResults results = request.faults().isEmpty()
        ? deliveries.search(filter, PAGE)
        : new DeliveryResults(List.of(), Optional.empty());
    model.addAttribute("environment", filter.environment().id());
    model.addAttribute("filter", filter);
    model.addAttribute("values", request.values());
    model.addAttribute("faults", request.faults());
    model.addAttribute("results", results);
    model.addAttribute("webhooks", webhooks.all(filter.environment()));
    model.addAttribute("events", EventChoices.entries());
    model.addAttribute("statuses", DeliveryStatus.values());
    model.addAttribute("ranges", ranges(request));
    model.addAttribute("newest", request.linkWith(Map.of("after", "")));
    if (filter.after().isEmpty() && request.faults().isEmpty()) {
      model.addAttribute(
          "stream", request.linkWith(FilterParameters.PATH + "/stream", Map.of("after", "")));
    }
    results
        .next()
        .ifPresent(next ->
            model.addAttribute("older", request.linkWith(Map.of("after", next.toString()))));
    boolean appends = trigger.equals(OLDER);
    model.addAttribute("appends", appends);
    model.addAttribute("redeliver", request.linkWith("/deliveries/redeliver", Map.of("after", "")));
    if (request.faults().isEmpty() && !appends) {
      model.addAttribute("reasons", texts(reasons.of(filter, results), filter.environment()));
      model.addAttribute("address", EmptyReason.OUTBOUND_ADDRESS);
    }
    return "deliveries";
  }

  private static List<EmptyText> texts(List<EmptyReason> found, Environment environment) {
    return found.stream().map(one -> EmptyText.of(one, environment)).toList();
  }

  /** Links to the last hour and the like, in absolute times: from now, for one who reads now. */
  private Map<String, String> ranges(FilterParameters request) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Map<String, String> ranges = new LinkedHashMap<>();
    Map<String, Duration> lengths = new LinkedHashMap<>();
    lengths.put("range.hour", Duration.ofHours(1));
    lengths.put("range.day", Duration.ofDays(1));
    lengths.put("range.week", Duration.ofDays(7));
    lengths.forEach((key, length) -> ranges.put(
        key,
        request.linkWith(Map.of("from", now.minus(length).toString(), "to", "", "after", ""))));
    return ranges;
  }

  @GetMapping("/deliveries/{id}")
  String show(@PathVariable String id, Model model) {
    DeliveryDetails details = deliveries.details(id);
    model.addAttribute("environment", details.row().delivery().environment().id());
    model.addAttribute("details", details);
    model.addAttribute("delivery", details.row().delivery());
    model.addAttribute("cuts", new CutTexts());
    details.request().ifPresent(request -> {
      model.addAttribute("body", PrettyJson.of(request.body()));
      CurlCommand.of(request).ifPresent(command -> model.addAttribute("curl", command));
    });
    return "delivery";
  }
}
