package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.demo.DemoBehaviour;
import cloud.klink.webhooks.examples.console.demo.DemoEndpoint;
import cloud.klink.webhooks.examples.console.demo.SampleEvents;
import cloud.klink.webhooks.examples.console.demo.ShortSchedule;
import cloud.klink.webhooks.examples.console.service.AuthenticationChoice;
import cloud.klink.webhooks.examples.console.service.PublishService;
import cloud.klink.webhooks.examples.console.service.WebhookForm;
import cloud.klink.webhooks.examples.console.service.WebhookService;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;

/**
 * The demo endpoint and sample events, in the environment Development only, so that nothing made up
 * is ever sent to anybody's production.
 */
@Controller
@RequestMapping("/demo")
@ConditionalOnProperty(name = "console.demo.enabled", matchIfMissing = true)
class DemoController {
  private final DemoEndpoint endpoint;
  private final WebhookService webhooks;
  private final PublishService events;

  DemoController(DemoEndpoint endpoint, WebhookService webhooks, PublishService events) {
    this.endpoint = endpoint;
    this.webhooks = webhooks;
    this.events = events;
  }

  @GetMapping
  String show(@RequestParam(defaultValue = "contact.created") String event, Model model) {
    return page(event, SampleEvents.data(event), FieldFaults.NONE, model);
  }

  private String page(String event, String data, FieldFaults faults, Model model) {
    model.addAttribute("endpoint", endpoint);
    model.addAttribute("behaviours", DemoBehaviour.values());
    model.addAttribute("own", own());
    model.addAttribute("event", event);
    model.addAttribute("events", EventChoices.entries());
    model.addAttribute("data", data);
    model.addAttribute("faults", faults);
    model.addAttribute("failures", ShortSchedule.FAILURES);
    return "demo";
  }

  private List<Webhook> own() {
    return webhooks.all(Environment.DEVELOPMENT).stream()
        .filter(webhook -> webhook.url().equals(endpoint.url()))
        .toList();
  }

  @PostMapping("/behaviour")
  View behave(@RequestParam(defaultValue = "") String behaviour) {
    endpoint.behave(Parameters.choice(DemoBehaviour.ANSWERS, behaviour));
    return Links.redirect(Links.to("/demo", Map.of("notice", Notice.BEHAVIOUR.id())));
  }

  /** One is enough, also for somebody who clicks twice. */
  @PostMapping("/webhook")
  View create() {
    List<Webhook> own = own();
    if (!own.isEmpty()) {
      return Links.redirect("/webhooks/" + own.get(0).id());
    }
    WebhookForm form = new WebhookForm(
        "Demo",
        "webhook",
        endpoint.url(),
        AuthenticationChoice.NONE,
        "",
        "",
        EventChoices.groups().stream().map(EventChoices.Group::all).toList(),
        0);
    return Links.toWebhook(webhooks.create(Environment.DEVELOPMENT, form).id(), Notice.CREATED);
  }

  @PostMapping("/event")
  Object fire(
      @RequestParam(defaultValue = "") String event,
      @RequestParam(defaultValue = "") String data,
      Model model) {
    Map<String, List<String>> faults = events.faults(event, data);
    if (!faults.isEmpty()) {
      page(event, data, new FieldFaults(faults), model);
      return new ModelAndView("demo", model.asMap(), HttpStatus.UNPROCESSABLE_CONTENT);
    }
    String id = events.publish(Environment.DEVELOPMENT, event, data);
    return Links.redirect(Links.to(
        "/deliveries",
        Map.of("environment", "development", "id", id, "notice", Notice.FIRED.id())));
  }
}
