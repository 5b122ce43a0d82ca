package cloud.klink.webhooks.sender.storage;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * What a node wants to claim.
 *
 * @param now the node's time: what is due by now may be claimed
 * @param leaseUntil when the leases are to end
 * @param max how many deliveries at most
 * @param perWebhook how many of one webhook at most
 * @param allowances other limits than that for some webhooks, by id: 0 for those that are to be
 *     skipped
 * @param after the id of the webhook after which to begin, so that every webhook has its turn;
 *     empty for the first. After the last webhook the claim goes on with the first
 */
public record ClaimRequest(
    Instant now,
    Instant leaseUntil,
    int max,
    int perWebhook,
    Map<String, Integer> allowances,
    String after) {
  /**
   * Checks the parts.
   *
   * @param now the node's time
   * @param leaseUntil when the leases are to end
   * @param max at least 1
   * @param perWebhook at least 0
   * @param allowances other limits for some webhooks
   * @param after the webhook after which to begin
   * @throws IllegalArgumentException if a number is out of its range or the leases end before now
   */
  public ClaimRequest {
    Objects.requireNonNull(after, "after");
    allowances = Map.copyOf(allowances);
    if (max < 1 || perWebhook < 0) {
      throw new IllegalArgumentException("max and perWebhook: they must not be negative or 0");
    }
    if (!leaseUntil.isAfter(now)) {
      throw new IllegalArgumentException("leaseUntil: it must be after now");
    }
  }

  /**
   * The limit of a webhook.
   *
   * @param webhookId its id
   * @return how many of its deliveries may be claimed
   */
  public int allowance(String webhookId) {
    return allowances.getOrDefault(webhookId, perWebhook);
  }
}
