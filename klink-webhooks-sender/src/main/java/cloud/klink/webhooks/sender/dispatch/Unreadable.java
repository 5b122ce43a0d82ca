package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.WebhookException;
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
final class Unreadable {
  /** How often they are looked at again. */
  static final Duration AGAIN = Duration.ofSeconds(30);

  /** When they are looked at again after something of the user's failed; twice that after that. */
  private static final Duration SOON = Duration.ofSeconds(1);

  /** So many are remembered; of others, what was claimed is given back for a while. */
  private static final int MAX = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(Unreadable.class);

  /** Whether what waits for it is passed over. Not while it is to be looked at at once. */
  private final Map<String, Boolean> passedOver = new LinkedHashMap<>();

  private @Nullable Instant lookedAt;
  private Duration again = AGAIN;
  private boolean overflows;

  synchronized void add(String webhookId, Throwable why) {
    add(webhookId, why, false);
  }

  /**
   * Notes one.
   *
   * @param isPassing whether it may be over soon, so that it is looked at sooner
   */
  synchronized void add(String webhookId, Throwable why, boolean isPassing) {
    if (!passedOver.containsKey(webhookId) && passedOver.size() >= MAX) {
      if (!overflows) {
        overflows = true;
        Safely.log(() ->
            LOG.warn("More than {} webhooks cannot be read; the others are not named here", MAX));
      }
    } else if (passedOver.put(webhookId, true) == null) {
      if (isPassing) {
        again = SOON;
      }
      Safely.log(() -> say(webhookId, why));
    }
  }

  private static void say(String webhookId, Throwable why) {
    LOG.warn(
        "{} cannot be read: its deliveries wait, and count no attempt. It is looked at again"
            + " every {} seconds, or sooner. {}",
        webhookId,
        AGAIN.toSeconds(),
        why instanceof WebhookException known
            ? known.reason().code() + ": " + known.getMessage()
            : why.getMessage(),
        why instanceof WebhookException ? why.getCause() : why);
  }

  /** It can be read, as all but a few always can. */
  synchronized void remove(String webhookId) {
    if (forget(webhookId)) {
      Safely.log(() -> LOG.info("{} can be read again: its deliveries go on", webhookId));
    }
  }

  /** There is no such webhook any more. */
  synchronized boolean forget(String webhookId) {
    boolean was = passedOver.remove(webhookId) != null;
    overflows &= passedOver.size() >= MAX;
    return was;
  }

  /** It was changed: perhaps it can be read now. */
  synchronized void doubt(String webhookId) {
    passedOver.computeIfPresent(webhookId, (id, was) -> false);
  }

  synchronized boolean isPassedOver(String webhookId) {
    return passedOver.getOrDefault(webhookId, false);
  }

  /** How long to leave alone what is for others that are not known; longer if there are many. */
  synchronized Duration rest(Duration shortest) {
    return overflows ? AGAIN : shortest;
  }

  synchronized Set<String> ids() {
    return Set.copyOf(passedOver.keySet());
  }

  /** Those to look at now: all of them when it is time, else none. */
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
    again = again.multipliedBy(2).compareTo(AGAIN) < 0 ? again.multipliedBy(2) : AGAIN;
    return List.copyOf(passedOver.keySet());
  }

  /** How long to wait for the next look, and at most so long. */
  synchronized Duration limit(Duration longest) {
    return passedOver.isEmpty() || longest.compareTo(again) < 0 ? longest : again;
  }

  /** The same, but nothing is claimed of those that are passed over. */
  synchronized ClaimRequest passingOver(ClaimRequest request) {
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
