package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Outcome;

/** An outcome, whose it is, and the policy by which its failure may pause the webhook. */
public record PendingOutcome(Outcome outcome, ClaimedDelivery delivery, DeliveryPolicy policy) {
  private static final int GONE = 410;

  /** Roughly what it takes in memory; its delivery has no body any more. */
  long bytes() {
    AttemptResult result = outcome.attempt().result();
    return DispatchSettings.weight(
        result.error().length() + result.trace().length() + result.response().length());
  }

  boolean saysGone() {
    return outcome.attempt().result().status().orElse(0) == GONE;
  }
}
