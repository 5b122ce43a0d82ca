package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;

/** Counts the failures that lead to an automatic pause. */
@Service
public class PauseRisks {
  private final ObjectProvider<WebhookSender> sender;
  private final Function<Webhook, DeliveryPolicy> policies;
  private final Clock clock;

  PauseRisks(
      ObjectProvider<WebhookSender> sender,
      ObjectProvider<Function<Webhook, DeliveryPolicy>> policies,
      Clock clock) {
    this.sender = sender;
    this.policies = policies.getIfAvailable(() -> webhook -> DeliveryPolicy.DEFAULT);
    this.clock = clock;
  }

  /**
   * How near webhooks are to their pause.
   *
   * @param webhooks the webhooks
   * @return the risk of each, by its id
   */
  public Map<String, PauseRisk> of(Collection<Webhook> webhooks) {
    Instant now = clock.instant();
    Map<String, Instant> since = new HashMap<>();
    for (Webhook webhook : webhooks) {
      Instant window = now.minus(policy(webhook).window());
      since.put(
          webhook.id(), webhook.activeSince().isAfter(window) ? webhook.activeSince() : window);
    }
    Map<String, Long> failures = sender.getObject().deliveries().countFailures(since);
    Map<String, PauseRisk> risks = new HashMap<>();
    for (Webhook webhook : webhooks) {
      risks.put(
          webhook.id(), new PauseRisk(failures.getOrDefault(webhook.id(), 0L), limit(webhook)));
    }
    return risks;
  }

  /**
   * How many failures a webhook may have.
   *
   * @param webhook the webhook
   * @return 0 if it is never paused by itself
   */
  public int limit(Webhook webhook) {
    return Math.max(0, policy(webhook).sample() - 1);
  }

  private PausePolicy policy(Webhook webhook) {
    return policies.apply(webhook).pausing();
  }
}
