package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.sender.rules.PausePolicy;
import cloud.klink.webhooks.sender.storage.FailureWatch;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes pause policies what storages ask; one that throws pauses nothing and harms nothing else.
 */
final class Watches {
  private static final Logger LOG = LoggerFactory.getLogger(Watches.class);
  private static final int MAX_SAMPLE = 10_001;

  private Watches() {}

  static FailureWatch of(String webhookId, PausePolicy policy, Instant now) {
    try {
      Duration window = policy.window();
      int sample = policy.sample();
      if (!window.isNegative() && sample > 0 && sample <= MAX_SAMPLE) {
        return new FailureWatch(
            window, sample, failures -> decide(webhookId, policy, failures, now));
      }
      LOG.error("The pause policy of {} wants {} failures of {}", webhookId, sample, window);
    } catch (RuntimeException e) {
      LOG.error("The pause policy of {} failed; nothing is paused", webhookId, e);
    }
    return new FailureWatch(Duration.ofSeconds(1), 1, failures -> Optional.empty());
  }

  private static Optional<Pause> decide(
      String webhookId, PausePolicy policy, List<Instant> failures, Instant now) {
    try {
      return policy
          .decide(failures, now)
          .map(reason -> new Pause(PauseCause.FAILURES, reason, now));
    } catch (RuntimeException e) {
      LOG.error("The pause policy of {} failed; nothing is paused", webhookId, e);
      return Optional.empty();
    }
  }
}
