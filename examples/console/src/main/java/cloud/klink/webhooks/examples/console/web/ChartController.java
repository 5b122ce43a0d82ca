package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.service.ChartRange;
import cloud.klink.webhooks.examples.console.service.PauseRisks;
import cloud.klink.webhooks.examples.console.service.StatisticsService;
import cloud.klink.webhooks.examples.console.service.WebhookService;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** Charts of a webhook, and of an environment. */
@Controller
class ChartController {
  private final StatisticsService statistics;
  private final WebhookService webhooks;
  private final PauseRisks risks;

  ChartController(StatisticsService statistics, WebhookService webhooks, PauseRisks risks) {
    this.statistics = statistics;
    this.webhooks = webhooks;
    this.risks = risks;
  }

  @GetMapping("/charts")
  String ofEnvironment(
      @RequestParam(required = false) String environment,
      @RequestParam(defaultValue = "") String range,
      Model model) {
    Environment of = Parameters.environment(environment);
    return fill(model, of, Optional.empty(), 0, range);
  }

  @GetMapping("/webhooks/{id}/charts")
  String ofWebhook(
      @PathVariable String id, @RequestParam(defaultValue = "") String range, Model model) {
    Webhook webhook = webhooks.get(id);
    model.addAttribute("webhook", webhook);
    return fill(model, webhook.environment(), Optional.of(id), risks.limit(webhook), range);
  }

  private String fill(
      Model model, Environment environment, Optional<String> webhook, int limit, String range) {
    ChartRange chosen = ChartRange.ofId(range);
    model.addAttribute("environment", environment.id());
    model.addAttribute("ranges", ChartRange.values());
    model.addAttribute(
        "charts", new Charts(statistics.history(environment, webhook, chosen), limit));
    return "charts";
  }
}
