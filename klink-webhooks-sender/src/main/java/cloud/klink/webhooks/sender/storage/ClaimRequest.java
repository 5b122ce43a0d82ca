package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.internal.Ranges;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * What a node wants to claim. A claim ends at the first limit that it reaches.
 *
 * @param now the node's time: what is due by now may be claimed
 * @param leaseUntil when the leases are to end
 * @param max how many deliveries at most
 * @param perWebhook how many of one webhook at most
 * @param allowances limits that replace it for some webhooks, by id: 0 skips the webhook
 * @param after the id of the webhook after which to begin, so that every webhook gets its turn;
 *     empty to begin with the first. After the last webhook the claim continues with the first
 * @param maxBytes how many bytes the bodies of all deliveries may have together; the first delivery
 *     is taken whatever its size
 */
public record ClaimRequest(
    Instant now,
    Instant leaseUntil,
    int max,
    int perWebhook,
    Map<String, Integer> allowances,
    String after,
    long maxBytes) {
  /**
   * Checks the parts.
   *
   * @param now the node's time
   * @param leaseUntil when the leases are to end
   * @param max at least 1
   * @param perWebhook at least 0
   * @param allowances other limits for some webhooks
   * @param after the webhook after which to begin
   * @param maxBytes at least 1
   * @throws IllegalArgumentException if a number is out of its range or the leases end before now
   */
  public ClaimRequest {
    Objects.requireNonNull(after, "after");
    allowances = Map.copyOf(allowances);
    Ranges.checkAtLeast("max", max, 1);
    Ranges.checkAtLeast("perWebhook", perWebhook, 0);
    Ranges.checkAtLeast("maxBytes", maxBytes, 1);
    if (!leaseUntil.isAfter(now)) {
      throw new IllegalArgumentException("leaseUntil: it must be after now");
    }
  }

  /**
   * A request without a byte limit.
   *
   * @param now the node's time
   * @param leaseUntil when the leases are to end
   * @param max at least 1
   * @param perWebhook at least 0
   * @param allowances other limits for some webhooks
   * @param after the webhook after which to begin
   * @throws IllegalArgumentException if a number is out of its range or the leases end before now
   */
  public ClaimRequest(
      Instant now,
      Instant leaseUntil,
      int max,
      int perWebhook,
      Map<String, Integer> allowances,
      String after) {
    this(now, leaseUntil, max, perWebhook, allowances, after, Long.MAX_VALUE);
  }

  /**
   * A copy with another byte limit.
   *
   * @param bytes at least 1
   * @return the request
   * @throws IllegalArgumentException if the limit is out of its range
   */
  public ClaimRequest withMaxBytes(long bytes) {
    return new ClaimRequest(now, leaseUntil, max, perWebhook, allowances, after, bytes);
  }

  /**
   * Whether one more delivery stays within the byte limit; the first is always taken.
   *
   * @param bytes how many bytes the bodies taken so far have
   * @param body how many its body has
   * @return true if it does
   */
  public boolean takes(long bytes, int body) {
    return bytes + body <= maxBytes;
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
