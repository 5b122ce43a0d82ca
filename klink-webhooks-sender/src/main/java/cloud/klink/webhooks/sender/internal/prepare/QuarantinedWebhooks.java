package cloud.klink.webhooks.sender.internal.prepare;

import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The webhooks for which this node cannot send, because their row is damaged or a key is missing.
 * Their deliveries are not claimed, so that another node may claim them. The webhooks are read
 * again at intervals.
 */
public final class QuarantinedWebhooks {
  /** The longest interval at which they are read again. */
  static final Duration MAX_INTERVAL = Duration.ofSeconds(30);

  /** The first interval after a failure of the user's code; it doubles after that. */
  private static final Duration FIRST_INTERVAL = Duration.ofSeconds(1);

  /** The most webhooks that are kept; deliveries of others are released after they are claimed. */
  private static final int MAX_WEBHOOKS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(QuarantinedWebhooks.class);

  /**
   * By id, whether the webhook is excluded from claims. It is not while it is to be read again at
   * once.
   */
  private final Map<String, Boolean> excluded = new LinkedHashMap<>();

  private @Nullable Instant lastRead;
  private Duration interval = MAX_INTERVAL;
  private boolean overflows;

  synchronized void add(String webhookId, Throwable why) {
    add(webhookId, why, false);
  }

  /**
   * Adds a webhook.
   *
   * @param isTemporary whether the failure may be over soon, so that the webhook is read again
   *     sooner
   */
  synchronized void add(String webhookId, Throwable why, boolean isTemporary) {
    if (!excluded.containsKey(webhookId) && excluded.size() >= MAX_WEBHOOKS) {
      if (!overflows) {
        overflows = true;
        SafeRunner.log(() -> LOG.warn(
            "More than {} webhooks cannot be read; further ones are not logged", MAX_WEBHOOKS));
      }
    } else if (excluded.put(webhookId, true) == null) {
      if (isTemporary) {
        interval = FIRST_INTERVAL;
      }
      SafeRunner.log(() -> logAdded(webhookId, why));
    }
  }

  private static void logAdded(String webhookId, Throwable why) {
    LOG.warn(
        "{} cannot be read, so its deliveries wait without attempts. It is read again every {}"
            + " seconds, or sooner. {}",
        webhookId,
        MAX_INTERVAL.toSeconds(),
        why instanceof WebhookException known
            ? known.reason().code() + ": " + known.getMessage()
            : why.getMessage(),
        why instanceof WebhookException ? why.getCause() : why);
  }

  /** Removes a webhook that can be read. */
  synchronized void remove(String webhookId) {
    if (forget(webhookId)) {
      SafeRunner.log(() -> LOG.info("{} can be read again; its deliveries are sent", webhookId));
    }
  }

  /** Removes a webhook that was deleted. */
  synchronized boolean forget(String webhookId) {
    boolean wasPresent = excluded.remove(webhookId) != null;
    overflows &= excluded.size() >= MAX_WEBHOOKS;
    return wasPresent;
  }

  /** Lets a webhook be read again at once, since it was changed. */
  synchronized void allowReading(String webhookId) {
    excluded.computeIfPresent(webhookId, (id, wasPresent) -> false);
  }

  public synchronized boolean isExcluded(String webhookId) {
    return excluded.getOrDefault(webhookId, false);
  }

  /**
   * How long to wait before deliveries of unknown webhooks are claimed again; longer if there are
   * too many webhooks to keep.
   */
  public synchronized Duration delayOfUnknown(Duration shortest) {
    return overflows ? MAX_INTERVAL : shortest;
  }

  public synchronized Set<String> ids() {
    return Set.copyOf(excluded.keySet());
  }

  /** The webhooks to read now: all of them when it is time, otherwise none. */
  synchronized List<String> toRead(Instant now) {
    if (excluded.isEmpty()) {
      lastRead = null;
      interval = MAX_INTERVAL;
      return List.of();
    }
    Instant last = lastRead;
    if (last == null) {
      lastRead = now;
      return List.of();
    }
    if (Duration.between(last, now).abs().compareTo(interval) < 0) {
      return List.of();
    }
    lastRead = now;
    interval = Durations.min(interval.multipliedBy(2), MAX_INTERVAL);
    return List.copyOf(excluded.keySet());
  }

  /** The time until they are read again, at most the given one. */
  public synchronized Duration limit(Duration longest) {
    return excluded.isEmpty() ? longest : Durations.min(longest, interval);
  }

  /** A copy of a request that claims nothing for excluded webhooks. */
  public synchronized ClaimRequest withoutExcluded(ClaimRequest request) {
    if (excluded.isEmpty()) {
      return request;
    }
    Map<String, Integer> allowances = new HashMap<>(request.allowances());
    excluded.forEach((webhookId, isExcluded) -> {
      if (isExcluded) {
        allowances.put(webhookId, 0);
      }
    });
    return request.withAllowances(request.perWebhook(), allowances);
  }
}
