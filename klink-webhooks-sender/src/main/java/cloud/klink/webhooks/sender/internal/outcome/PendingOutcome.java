package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.internal.rules.PauseRules;
import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Outcome;

/**
 * An unwritten outcome, its delivery, and the policy by which its failure may pause the webhook.
 */
public record PendingOutcome(Outcome outcome, ClaimedDelivery delivery, DeliveryPolicy policy) {
  /** Roughly the bytes that it takes in memory; its delivery has no body any more. */
  long bytes() {
    AttemptResult result = outcome.attempt().result();
    return DispatchSettings.weight(result.error().length()
        + result.trace().length()
        + result.response().length()
        + result.responseHeaders().length());
  }

  String deliveryId() {
    return outcome.lease().deliveryId();
  }

  /** Whether it pauses the webhook, whatever the pause policy says. */
  boolean pausesAtOnce() {
    return PauseRules.pausesAtOnce(outcome.attempt(), policy);
  }
}
