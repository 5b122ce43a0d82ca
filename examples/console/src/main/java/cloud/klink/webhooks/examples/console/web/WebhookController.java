package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import cloud.klink.webhooks.examples.console.service.DeliveryService;
import cloud.klink.webhooks.examples.console.service.StaleEdit;
import cloud.klink.webhooks.examples.console.service.WebhookFilter;
import cloud.klink.webhooks.examples.console.service.WebhookForm;
import cloud.klink.webhooks.examples.console.service.WebhookLists;
import cloud.klink.webhooks.examples.console.service.WebhookPage;
import cloud.klink.webhooks.examples.console.service.WebhookService;
import cloud.klink.webhooks.sender.webhook.InvalidWebhookException;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;

/** Lists, shows, creates and edits webhooks. */
@Controller
class WebhookController {
  private static final int LATEST = 10;

  private final WebhookLists lists;
  private final WebhookService webhooks;
  private final DeliveryService deliveries;
  private final RuleTexts rules;

  WebhookController(
      WebhookLists lists, WebhookService webhooks, DeliveryService deliveries, RuleTexts rules) {
    this.lists = lists;
    this.webhooks = webhooks;
    this.deliveries = deliveries;
    this.rules = rules;
  }

  @GetMapping("/")
  View start() {
    return Links.redirect("/webhooks");
  }

  @GetMapping("/webhooks")
  String list(@RequestParam MultiValueMap<String, String> parameters, Model model) {
    WebhookFilter filter = Parameters.webhookFilter(parameters);
    WebhookPage page = lists.page(filter);
    model.addAttribute("environment", filter.environment().id());
    model.addAttribute("filter", filter);
    model.addAttribute("page", page);
    model.addAttribute(
        "days",
        page.rows().stream()
            .collect(Collectors.toMap(row -> row.webhook().id(), row -> Charts.day(row.day()))));
    model.addAttribute("sorts", WebhookFilter.Sort.values());
    model.addAttribute("events", EventChoices.entries());
    model.addAttribute("previous", Links.to(filter, page.page() - 1));
    model.addAttribute("next", Links.to(filter, page.page() + 1));
    return "webhooks";
  }

  @GetMapping("/webhooks/{id}")
  String show(@PathVariable String id, Model model) {
    Webhook webhook = webhooks.get(id);
    model.addAttribute("environment", webhook.environment().id());
    model.addAttribute("webhook", webhook);
    model.addAttribute("held", deliveries.held(webhook));
    model.addAttribute("risk", webhooks.risk(webhook));
    model.addAttribute(
        "latest",
        deliveries
            .search(DeliveryFilter.all(webhook.environment()).withWebhook(Optional.of(id)), LATEST)
            .rows());
    model.addAttribute("failures", failuresBefore(webhook));
    return "webhook";
  }

  private static String failuresBefore(Webhook webhook) {
    return DeliveryFilter.failuresBeforePause(webhook)
        .map(filter -> Links.to(FilterParameters.PATH, FilterValues.of(filter)))
        .orElse("");
  }

  @GetMapping("/webhooks/new")
  ModelAndView create(@RequestParam(required = false) String environment) {
    return form(Parameters.environment(environment), WebhookForm.EMPTY, FieldFaults.NONE);
  }

  @PostMapping("/webhooks")
  Object create(@RequestParam MultiValueMap<String, String> parameters) {
    Environment environment = Parameters.environment(parameters.getFirst("environment"));
    WebhookForm form = Parameters.webhookForm(parameters);
    try {
      return Links.toWebhook(webhooks.create(environment, form).id(), Notice.CREATED);
    } catch (InvalidWebhookException e) {
      return form(environment, form, rules.of(e));
    }
  }

  @GetMapping("/webhooks/{id}/edit")
  ModelAndView edit(@PathVariable String id) {
    Webhook webhook = webhooks.get(id);
    return form(webhook, WebhookForm.of(webhook), FieldFaults.NONE);
  }

  @PostMapping("/webhooks/{id}/edit")
  Object edit(@PathVariable String id, @RequestParam MultiValueMap<String, String> parameters) {
    WebhookForm form = Parameters.webhookForm(parameters);
    try {
      return Links.toWebhook(webhooks.edit(id, form).id(), Notice.SAVED);
    } catch (InvalidWebhookException e) {
      return form(webhooks.get(id), form, rules.of(e));
    } catch (StaleEdit e) {
      ModelAndView page =
          form(e.stored(), form.withVersion(e.stored().version()), FieldFaults.NONE);
      page.addObject("stale", StaleView.of(form, e.stored()));
      page.setStatus(HttpStatus.CONFLICT);
      return page;
    }
  }

  private static ModelAndView form(Webhook webhook, WebhookForm form, FieldFaults faults) {
    ModelAndView page = form(webhook.environment(), form, faults);
    page.addObject("webhook", webhook);
    page.addObject("action", "/webhooks/" + webhook.id() + "/edit");
    return page;
  }

  private static ModelAndView form(Environment environment, WebhookForm form, FieldFaults faults) {
    ModelAndView page = new ModelAndView("webhook-form");
    page.setStatus(faults.isEmpty() ? HttpStatus.OK : HttpStatus.UNPROCESSABLE_CONTENT);
    page.addObject("environment", environment.id());
    page.addObject("action", "/webhooks");
    page.addObject("form", form);
    page.addObject("faults", faults);
    page.addObject("groups", EventChoices.groups());
    page.addObject("others", EventChoices.others(form.events()));
    return page;
  }
}
