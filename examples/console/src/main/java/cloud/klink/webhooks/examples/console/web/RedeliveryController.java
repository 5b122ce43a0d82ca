package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import cloud.klink.webhooks.examples.console.service.RedeliveryService;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** Sends again: one delivery, or what a filter shows. */
@Controller
class RedeliveryController {
  private final RedeliveryService redeliveries;
  private final Clock clock;

  RedeliveryController(RedeliveryService redeliveries, Clock clock) {
    this.redeliveries = redeliveries;
    this.clock = clock;
  }

  @PostMapping("/deliveries/{id}/redeliver")
  View redeliver(@PathVariable String id) {
    String next = redeliveries.redeliver(id);
    return Links.redirect(
        Links.to("/deliveries/" + next, Map.of("notice", Notice.REDELIVERED.id())));
  }

  /** Counts first, and ends the filter now: what is published later is not meant. */
  @GetMapping("/deliveries/redeliver")
  String confirm(@RequestParam MultiValueMap<String, String> parameters, Model model) {
    FilterParameters request = FilterParameters.of(parameters);
    DeliveryFilter filter = ended(request.filter());
    model.addAttribute("environment", filter.environment().id());
    model.addAttribute("values", request.values());
    model.addAttribute("faults", request.faults());
    model.addAttribute("to", filter.to().orElseThrow().toString());
    model.addAttribute("limit", RedeliveryService.LIMIT);
    model.addAttribute("list", request.link());
    model.addAttribute(
        "plan",
        request.faults().isEmpty()
            ? redeliveries.plan(filter)
            : new RedeliveryService.Plan(0, 0, false));
    return "redeliver";
  }

  @PostMapping("/deliveries/redeliver")
  String redeliver(@RequestParam MultiValueMap<String, String> parameters, Model model) {
    FilterParameters request = FilterParameters.of(parameters);
    DeliveryFilter filter = ended(request.filter());
    model.addAttribute("environment", filter.environment().id());
    model.addAttribute(
        "list",
        Links.to("/deliveries", Map.of("environment", filter.environment().id())));
    model.addAttribute(
        "result",
        request.faults().isEmpty()
            ? redeliveries.redeliver(filter)
            : new RedeliveryService.Result(0, 0));
    return "redelivered";
  }

  private DeliveryFilter ended(DeliveryFilter filter) {
    return filter
        .withAfter(Optional.empty())
        .withTo(filter.to().orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.MILLIS)));
  }
}
