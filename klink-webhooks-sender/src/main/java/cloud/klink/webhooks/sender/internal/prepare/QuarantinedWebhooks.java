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
 * The webhooks that this node cannot send for, because their row is damaged or it lacks a key. What
 * waits for them is not claimed, so that another node can; now and then they are looked at again.
 */
public final class QuarantinedWebhooks {
  /** How often they are read again. */
  static final Duration AGAIN = Duration.ofSeconds(30);

  /** When they are read again after code of the user's failed; the interval doubles after that. */
  private static final Duration SOON = Duration.ofSeconds(1);

  /** How many are remembered; deliveries of others are released for a while once claimed. */
  private static final int MAX = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(QuarantinedWebhooks.class);

  /** Whether its deliveries are passed over. They are not while it is to be read at once. */
  private final Map<String, Boolean> passedOver = new LinkedHashMap<>();

  private @Nullable Instant lookedAt;
  private Duration again = AGAIN;
  private boolean overflows;

  synchronized void add(String webhookId, Throwable why) {
    add(webhookId, why, false);
  }

  /**
   * Adds a webhook.
   *
   * @param isPassing whether the failure may be over soon, so that it is read again sooner
   */
  synchronized void add(String webhookId, Throwable why, boolean isPassing) {
    if (!passedOver.containsKey(webhookId) && passedOver.size() >= MAX) {
      if (!overflows) {
        overflows = true;
        SafeRunner.log(() ->
            LOG.warn("More than {} webhooks cannot be read; the others are not named here", MAX));
      }
    } else if (passedOver.put(webhookId, true) == null) {
      if (isPassing) {
        again = SOON;
      }
      SafeRunner.log(() -> say(webhookId, why));
    }
  }

  private static void say(String webhookId, Throwable why) {
    LOG.warn(
        "{} cannot be read: its deliveries wait, and no attempt counts. It is read again every"
            + " {} seconds, or sooner. {}",
        webhookId,
        AGAIN.toSeconds(),
        why instanceof WebhookException known
            ? known.reason().code() + ": " + known.getMessage()
            : why.getMessage(),
        why instanceof WebhookException ? why.getCause() : why);
  }

  /** It can be read. */
  synchronized void remove(String webhookId) {
    if (forget(webhookId)) {
      SafeRunner.log(() -> LOG.info("{} can be read again: its deliveries go on", webhookId));
    }
  }

  /** The webhook was deleted. */
  synchronized boolean forget(String webhookId) {
    boolean was = passedOver.remove(webhookId) != null;
    overflows &= passedOver.size() >= MAX;
    return was;
  }

  /** It was changed: perhaps it can be read now. */
  synchronized void doubt(String webhookId) {
    passedOver.computeIfPresent(webhookId, (id, was) -> false);
  }

  public synchronized boolean isPassedOver(String webhookId) {
    return passedOver.getOrDefault(webhookId, false);
  }

  /** How long to leave alone what is for others that are not known; longer if there are many. */
  public synchronized Duration rest(Duration shortest) {
    return overflows ? AGAIN : shortest;
  }

  public synchronized Set<String> ids() {
    return Set.copyOf(passedOver.keySet());
  }

  /** Those to read now: all of them when it is time, else none. */
  synchronized List<String> toLookAt(Instant now) {
    if (passedOver.isEmpty()) {
      lookedAt = null;
      again = AGAIN;
      return List.of();
    }
    Instant last = lookedAt;
    if (last == null) {
      lookedAt = now;
      return List.of();
    }
    if (Duration.between(last, now).abs().compareTo(again) < 0) {
      return List.of();
    }
    lookedAt = now;
    again = Durations.min(again.multipliedBy(2), AGAIN);
    return List.copyOf(passedOver.keySet());
  }

  /** How long to wait until they are read again, at most the given time. */
  public synchronized Duration limit(Duration longest) {
    return passedOver.isEmpty() ? longest : Durations.min(longest, again);
  }

  /** The same, but nothing is claimed of those that are passed over. */
  public synchronized ClaimRequest passingOver(ClaimRequest request) {
    if (passedOver.isEmpty()) {
      return request;
    }
    Map<String, Integer> allowances = new HashMap<>(request.allowances());
    passedOver.forEach((webhookId, is) -> {
      if (is) {
        allowances.put(webhookId, 0);
      }
    });
    return new ClaimRequest(
        request.now(),
        request.leaseUntil(),
        request.max(),
        request.perWebhook(),
        allowances,
        request.after(),
        request.maxBytes());
  }
}
