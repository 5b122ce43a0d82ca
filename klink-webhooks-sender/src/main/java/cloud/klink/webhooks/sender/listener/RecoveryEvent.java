package cloud.klink.webhooks.sender.listener;

import java.time.Instant;
import java.util.Objects;

/**
 * A webhook acknowledged a delivery after it had failed.
 *
 * @param webhookId the webhook
 * @param failures how many of its attempts failed in a row before, as far as this node made them
 * @param failingSince when the first of them ended
 */
public record RecoveryEvent(String webhookId, long failures, Instant failingSince) {
  /**
   * Checks that nothing is missing.
   *
   * @param webhookId the webhook
   * @param failures how many of its attempts failed in a row before
   * @param failingSince when the first of them ended
   */
  public RecoveryEvent {
    Objects.requireNonNull(webhookId, "webhookId");
    Objects.requireNonNull(failingSince, "failingSince");
  }
}
