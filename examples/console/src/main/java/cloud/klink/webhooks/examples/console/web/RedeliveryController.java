package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.examples.console.redelivery.RedeliveryJob;
import cloud.klink.webhooks.examples.console.redelivery.RedeliveryJobs;
import cloud.klink.webhooks.examples.console.redelivery.RedeliveryPlan;
import cloud.klink.webhooks.examples.console.redelivery.RedeliveryService;
import cloud.klink.webhooks.examples.console.redelivery.UnknownRedelivery;
import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import cloud.klink.webhooks.examples.console.service.FilterText;
import cloud.klink.webhooks.examples.console.service.WebhookService;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
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
  private static final List<Integer> RATES = List.of(5, 20, 100);
  private static final int RATE = 20;

  private final RedeliveryService redeliveries;
  private final RedeliveryJobs jobs;
  private final WebhookService webhooks;
  private final Clock clock;

  RedeliveryController(
      RedeliveryService redeliveries, RedeliveryJobs jobs, WebhookService webhooks, Clock clock) {
    this.redeliveries = redeliveries;
    this.jobs = jobs;
    this.webhooks = webhooks;
    this.clock = clock;
  }

  @PostMapping("/deliveries/{id}/redeliver")
  View redeliver(@PathVariable String id) {
    String next = redeliveries.redeliver(id);
    return Links.redirect(
        Links.to("/deliveries/" + next, Map.of("notice", Notice.REDELIVERED.id())));
  }

  /**
   * Counts first, and ends the filter now: what is published later is not meant. The place is where
   * to count on, beside what was counted before.
   */
  @GetMapping("/deliveries/redeliver")
  String confirm(@RequestParam MultiValueMap<String, String> parameters, Model model) {
    FilterParameters request = FilterParameters.of(parameters);
    DeliveryFilter filter = ended(request.filter());
    model.addAttribute("environment", filter.environment().id());
    model.addAttribute("values", request.values());
    model.addAttribute("faults", request.faults());
    model.addAttribute("to", filter.to().orElseThrow().toString());
    model.addAttribute("rates", RATES);
    model.addAttribute("rate", RATE);
    model.addAttribute("list", request.link());
    model.addAttribute("conditions", conditions(filter));
    RedeliveryPlan plan =
        request.faults().isEmpty() ? count(filter, request, parameters) : RedeliveryPlan.NONE;
    model.addAttribute("plan", plan);
    plan.next()
        .ifPresent(next -> model.addAttribute(
            "further",
            request.linkWith(
                "/deliveries/redeliver",
                Map.of(
                    "to", filter.to().orElseThrow().toString(),
                    "after", next,
                    "counted", Long.toString(plan.eligible()),
                    "left", Long.toString(plan.left())))));
    return "redeliver";
  }

  private RedeliveryPlan count(
      DeliveryFilter filter, FilterParameters request, MultiValueMap<String, String> parameters) {
    Optional<String> place = request.filter().after();
    RedeliveryPlan plan = redeliveries.plan(filter.withAfter(place));
    return place.isEmpty()
        ? plan
        : plan.plus(number(parameters, "counted"), number(parameters, "left"));
  }

  private static int number(MultiValueMap<String, String> parameters, String name) {
    return Math.max(0, Parameters.number(Parameters.text(parameters, name), 0));
  }

  @PostMapping("/deliveries/redeliver")
  View redeliver(@RequestParam MultiValueMap<String, String> parameters) {
    FilterParameters request = FilterParameters.of(parameters);
    DeliveryFilter filter = ended(request.filter());
    if (!request.faults().isEmpty()) {
      return Links.redirect(request.link());
    }
    int rate = Parameters.number(Parameters.text(parameters, "rate"), RATE);
    RedeliveryJob job =
        redeliveries.start(filter, Math.max(1, Math.min(RedeliveryService.MAX_RATE, rate)));
    return Links.redirect("/redeliveries/" + job.id());
  }

  private List<Condition> conditions(DeliveryFilter filter) {
    return Condition.of(filter, filter.webhookId().flatMap(webhooks::find));
  }

  private DeliveryFilter ended(DeliveryFilter filter) {
    return filter.ended(clock.instant().truncatedTo(ChronoUnit.MILLIS));
  }

  @GetMapping("/redeliveries")
  String list(@RequestParam(defaultValue = "") String after, Model model) {
    RedeliveryJobs.Page page = jobs.list(Optional.of(after).filter(id -> !id.isEmpty()))
        .orElseThrow(UnknownRedelivery::new);
    model.addAttribute("jobs", page.jobs());
    model.addAttribute("after", after);
    page.next().ifPresent(next -> model.addAttribute("next", next));
    return "redeliveries";
  }

  @GetMapping("/redeliveries/{id}")
  String show(@PathVariable String id, Model model, HttpServletResponse response) {
    RedeliveryJob job = jobs.get(id);
    DeliveryFilter filter = FilterText.read(job.filter());
    if (job.isRunning()) {
      response.setHeader("Refresh", "2");
    }
    model.addAttribute("environment", filter.environment().id());
    model.addAttribute("job", job);
    model.addAttribute("conditions", conditions(filter));
    return "redelivery";
  }

  @PostMapping("/redeliveries/{id}/cancel")
  View cancel(@PathVariable String id) {
    jobs.cancel(id);
    return Links.redirect("/redeliveries/" + id);
  }
}
