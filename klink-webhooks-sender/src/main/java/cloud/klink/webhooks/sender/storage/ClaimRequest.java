package cloud.klink.webhooks.sender.storage;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * What a node wants to claim. A claim ends where the first of its limits is reached.
 *
 * @param now the node's time: what is due by now may be claimed
 * @param leaseUntil when the leases are to end
 * @param max how many deliveries at most
 * @param perWebhook how many of one webhook at most
 * @param allowances other limits than that for some webhooks, by id: 0 for those that are to be
 *     skipped
 * @param after the id of the webhook after which to begin, so that every webhook has its turn;
 *     empty for the first. After the last webhook the claim goes on with the first
 * @param maxBytes how many bytes the bodies of all deliveries together have at most; the first
 *     delivery is taken however large it is
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
    if (max < 1 || perWebhook < 0 || maxBytes < 1) {
      throw new IllegalArgumentException(
          "max and maxBytes: they must be 1 or more, and perWebhook 0 or more");
    }
    if (!leaseUntil.isAfter(now)) {
      throw new IllegalArgumentException("leaseUntil: it must be after now");
    }
  }

  /**
   * A request without a limit of bytes.
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
   * The same with another limit of bytes.
   *
   * @param bytes at least 1
   * @return the request
   * @throws IllegalArgumentException if the limit is out of its range
   */
  public ClaimRequest withMaxBytes(long bytes) {
    return new ClaimRequest(now, leaseUntil, max, perWebhook, allowances, after, bytes);
  }

  /**
   * Whether a delivery more keeps within the limit of bytes; the first is taken in any case.
   *
   * @param bytes how many bytes the bodies have that were taken
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
