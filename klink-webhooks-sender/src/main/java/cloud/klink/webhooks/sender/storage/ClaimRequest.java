package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.internal.Ranges;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * A node's request to claim deliveries. A claim ends at the first limit that it reaches.
 *
 * @param now the node's time; deliveries that are due by then may be claimed
 * @param leaseUntil when the leases are to end
 * @param max the most deliveries to claim
 * @param perWebhook the most deliveries to claim for one webhook
 * @param allowances limits that replace {@code perWebhook} for some webhooks, by id; 0 skips the
 *     webhook
 * @param after the id of the webhook after which to begin, so that every webhook gets its turn;
 *     empty to begin with the first. After the last webhook the claim continues with the first
 * @param maxBytes the most bytes that the bodies of all deliveries may have together; the first
 *     delivery is claimed whatever its size
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
      throw new IllegalArgumentException(
          "leaseUntil: it must be after now, " + now + ", not " + leaseUntil);
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
   * A copy with other limits for webhooks.
   *
   * @param limit the most deliveries to claim for one webhook, at least 0
   * @param others limits that replace it for some webhooks, by id
   * @return the request
   * @throws IllegalArgumentException if the limit is out of its range
   */
  public ClaimRequest withAllowances(int limit, Map<String, Integer> others) {
    return new ClaimRequest(now, leaseUntil, max, limit, others, after, maxBytes);
  }

  /**
   * Whether one more delivery stays within the byte limit. This does not apply to the first
   * delivery of a claim.
   *
   * @param bytes the bytes of the bodies claimed so far
   * @param body the bytes of the delivery's body
   * @return true if the delivery may be claimed
   */
  public boolean fits(long bytes, int body) {
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
