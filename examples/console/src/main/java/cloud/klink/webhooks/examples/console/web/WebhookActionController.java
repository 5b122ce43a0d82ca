package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.examples.console.demo.SampleEvents;
import cloud.klink.webhooks.examples.console.service.DeliveryDetails;
import cloud.klink.webhooks.examples.console.service.DeliveryService;
import cloud.klink.webhooks.examples.console.service.DeliveryStatus;
import cloud.klink.webhooks.examples.console.service.DirectTests;
import cloud.klink.webhooks.examples.console.service.HeldDeliveries;
import cloud.klink.webhooks.examples.console.service.PublishService;
import cloud.klink.webhooks.examples.console.service.UnknownDelivery;
import cloud.klink.webhooks.examples.console.service.WebhookService;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.webhook.InvalidWebhookException;
import cloud.klink.webhooks.sender.webhook.Webhook;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;

/** What the menu of a webhook does. */
@Controller
@RequestMapping("/webhooks/{id}")
class WebhookActionController {
  private final WebhookService webhooks;
  private final DeliveryService deliveries;
  private final PublishService events;
  private final DirectTests tests;
  private final RuleTexts rules;

  WebhookActionController(
      WebhookService webhooks,
      DeliveryService deliveries,
      PublishService events,
      DirectTests tests,
      RuleTexts rules) {
    this.webhooks = webhooks;
    this.deliveries = deliveries;
    this.events = events;
    this.tests = tests;
    this.rules = rules;
  }

  private Webhook fill(Model model, String id) {
    Webhook webhook = webhooks.get(id);
    model.addAttribute("webhook", webhook);
    model.addAttribute("environment", webhook.environment().id());
    return webhook;
  }

  /** By POST only, so that no link, history or cache ever holds a page with a secret. */
  @PostMapping("/secret")
  String reveal(@PathVariable String id, Model model) {
    return secret(model, id, webhooks.reveal(id), false);
  }

  @GetMapping("/regenerate")
  String confirmRegenerating(@PathVariable String id, Model model) {
    fill(model, id);
    return "regenerate";
  }

  @PostMapping("/regenerate")
  String regenerate(@PathVariable String id, Model model) {
    return secret(model, id, webhooks.regenerate(id), true);
  }

  private String secret(Model model, String id, String secret, boolean isNew) {
    fill(model, id);
    model.addAttribute("secret", secret);
    model.addAttribute("isNew", isNew);
    return "secret";
  }

  @GetMapping("/pause")
  String confirmPausing(@PathVariable String id, Model model) {
    fill(model, id);
    model.addAttribute("reason", "");
    model.addAttribute("faults", FieldFaults.NONE);
    return "pause";
  }

  @PostMapping("/pause")
  Object pause(
      @PathVariable String id, @RequestParam(defaultValue = "") String reason, Model model) {
    try {
      webhooks.pause(id, reason.strip());
      return Links.toWebhook(id, Notice.PAUSED);
    } catch (InvalidWebhookException e) {
      fill(model, id);
      model.addAttribute("reason", reason);
      model.addAttribute("faults", rules.of(e));
      return new ModelAndView("pause", model.asMap(), HttpStatus.UNPROCESSABLE_CONTENT);
    }
  }

  @GetMapping("/resume")
  String confirmResuming(@PathVariable String id, Model model) {
    model.addAttribute("held", deliveries.held(fill(model, id)));
    return "resume";
  }

  /** The answer is shown in place, above the buttons that re-enable. */
  @PostMapping("/resume/test")
  String testBeforeResuming(@PathVariable String id, Model model) {
    Optional<Attempt> attempt = tests.send(id);
    model.addAttribute("isTested", true);
    attempt.ifPresent(one -> model.addAttribute("attempt", one));
    return confirmResuming(id, model);
  }

  @PostMapping("/resume")
  View resume(@PathVariable String id, @RequestParam(defaultValue = "") String held) {
    webhooks.resume(id, Parameters.choice(HeldDeliveries.DELIVER, held));
    return Links.toWebhook(id, Notice.RESUMED);
  }

  @GetMapping("/test/choose")
  String chooseTest(
      @PathVariable String id,
      @RequestParam(defaultValue = "webhook.test") String event,
      Model model) {
    return chosen(id, event, SampleEvents.data(event), FieldFaults.NONE, model);
  }

  private String chosen(String id, String event, String data, FieldFaults faults, Model model) {
    fill(model, id);
    model.addAttribute("events", EventChoices.entries());
    model.addAttribute("event", event);
    model.addAttribute("data", data);
    model.addAttribute("faults", faults);
    return "test-event";
  }

  @PostMapping("/test")
  Object sendTest(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String event,
      @RequestParam(defaultValue = "") String data,
      Model model) {
    if (event == null) {
      return toTest(id, webhooks.sendTest(id));
    }
    Map<String, List<String>> faults = events.faults(event, data);
    if (!faults.isEmpty()) {
      chosen(id, event, data, new FieldFaults(faults), model);
      return new ModelAndView("test-event", model.asMap(), HttpStatus.UNPROCESSABLE_CONTENT);
    }
    return toTest(id, events.sendTest(id, event, data));
  }

  private static View toTest(String id, String delivery) {
    return Links.redirect(Links.to("/webhooks/" + id + "/test", Map.of("delivery", delivery)));
  }

  @GetMapping("/test")
  String test(
      @PathVariable String id,
      @RequestParam(defaultValue = "") String delivery,
      Model model,
      HttpServletResponse response) {
    fill(model, id);
    DeliveryDetails details = deliveries.details(delivery);
    if (!details.row().delivery().webhookId().equals(id)) {
      throw new UnknownDelivery();
    }
    boolean isOpen =
        details.attempts().isEmpty() && details.row().status() == DeliveryStatus.WAITING;
    if (isOpen) {
      response.setHeader("Refresh", "1");
    }
    model.addAttribute("details", details);
    model.addAttribute("isOpen", isOpen);
    return "test";
  }

  @GetMapping("/delete")
  String confirmDeleting(@PathVariable String id, Model model) {
    fill(model, id);
    return "delete";
  }

  @PostMapping("/delete")
  View delete(@PathVariable String id) {
    String environment = webhooks.get(id).environment().id();
    webhooks.delete(id);
    return Links.redirect(
        Links.to("/webhooks", Map.of("environment", environment, "notice", Notice.DELETED.id())));
  }
}
