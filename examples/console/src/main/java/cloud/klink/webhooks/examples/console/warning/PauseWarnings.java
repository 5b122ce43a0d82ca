package cloud.klink.webhooks.examples.console.warning;

import cloud.klink.webhooks.examples.console.service.PauseRisk;
import cloud.klink.webhooks.examples.console.service.PauseRisks;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Warns at 50, 70 and 90 percent of the failures that pause a webhook. Each instance counts all
 * failures, and warns after those of its own, so that several may tell the same.
 */
@Component
class PauseWarnings implements SenderListener {
  private static final Logger LOG = LoggerFactory.getLogger(PauseWarnings.class);

  private final ObjectProvider<WebhookSender> sender;
  private final PauseRisks risks;
  private final List<WarningHook> hooks;

  /** The level that was told last, by webhook id; only of those that fail. */
  private final Map<String, Integer> told = new ConcurrentHashMap<>();

  PauseWarnings(
      ObjectProvider<WebhookSender> sender, PauseRisks risks, ObjectProvider<WarningHook> hooks) {
    this.sender = sender;
    this.risks = risks;
    this.hooks = hooks.orderedStream().toList();
  }

  @Override
  public void onFailure(AttemptEvent event) {
    look(event.webhookId());
  }

  @Override
  public void onExhausted(AttemptEvent event) {
    look(event.webhookId());
  }

  @Override
  public void onSuccess(AttemptEvent event) {
    if (told.containsKey(event.webhookId())) {
      look(event.webhookId());
    }
  }

  @Override
  public void onPaused(String webhookId, Pause pause, List<Attempt> failures) {
    told.remove(webhookId);
  }

  @Override
  public void onResumed(String webhookId) {
    told.remove(webhookId);
  }

  private void look(String webhookId) {
    sender
        .getObject()
        .webhooks()
        .get(webhookId)
        .filter(one -> !one.isPaused())
        .ifPresent(this::look);
  }

  private void look(Webhook webhook) {
    PauseRisk risk = risks.of(List.of(webhook)).getOrDefault(webhook.id(), new PauseRisk(0, 0));
    int before = told.getOrDefault(webhook.id(), 0);
    if (risk.level() == 0) {
      told.remove(webhook.id());
    } else if (risk.level() > before) {
      told.put(webhook.id(), risk.level());
      hooks.forEach(hook -> warn(hook, new PauseWarning(webhook, risk)));
    }
  }

  private static void warn(WarningHook hook, PauseWarning warning) {
    try {
      hook.warn(warning);
    } catch (RuntimeException e) {
      LOG.warn("A hook could not tell of webhook {}", warning.webhook().id(), e);
    }
  }
}
