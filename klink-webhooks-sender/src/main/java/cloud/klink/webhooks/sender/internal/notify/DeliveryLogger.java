package cloud.klink.webhooks.sender.internal.notify;

import cloud.klink.webhooks.internal.BoundedMap;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.internal.notify.FailureStreaks.Streak;
import cloud.klink.webhooks.sender.internal.tasks.LogThrottle;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the outcomes of attempts and the state of webhooks. It never logs an endpoint's answer,
 * error or URL, which may be hostile or hold a secret; they are found in the delivery log, by the
 * delivery's id.
 *
 * <p>However many attempts fail, a webhook has at most two lines a minute about a first failure and
 * a recovery, and two lines in ten minutes about further failures and about deliveries that failed
 * for good.
 */
final class DeliveryLogger {
  private static final Logger ATTEMPTS =
      LoggerFactory.getLogger("cloud.klink.webhooks.sender.attempts");
  private static final Logger WEBHOOKS =
      LoggerFactory.getLogger("cloud.klink.webhooks.sender.webhooks");

  /**
   * The most webhooks whose state is kept; beyond it, those that failed longest ago are forgotten.
   */
  private static final int MAX_WEBHOOKS = 10_000;

  private final Clock clock;
  private final Map<String, LogState> states = BoundedMap.ofRecentlyUsed(MAX_WEBHOOKS);

  DeliveryLogger(Clock clock) {
    this.clock = clock;
  }

  /** The state of one webhook in the log. */
  private static final class LogState {
    private final LogThrottle firstFailures = new LogThrottle(Duration.ofMinutes(1));
    private final LogThrottle reminders = new LogThrottle(Duration.ofMinutes(10));
    private final LogThrottle exhaustions = new LogThrottle(Duration.ofMinutes(10));
    private boolean isFailing;
    private long suppressed;
  }

  void attempt(AttemptEvent event) {
    if (ATTEMPTS.isDebugEnabled()) {
      ATTEMPTS.debug(
          "{} {} attempt {}: {} in {} ms, {}{}",
          event.webhookId(),
          event.deliveryId(),
          event.attempt().number(),
          describe(event.attempt().result()),
          event.attempt().duration().toMillis(),
          event.state(),
          event.retryAt().map(at -> " until " + at).orElse(""));
    }
  }

  synchronized void failed(AttemptEvent event, Streak streak) {
    Instant now = clock.instant();
    LogState state = states.computeIfAbsent(event.webhookId(), id -> new LogState());
    if (!state.isFailing && state.firstFailures.tryAcquire(now)) {
      state.isFailing = true;
      state.reminders.tryAcquire(now);
      WEBHOOKS.info(
          "{} begins to fail: {} attempt {} of {}: {}",
          event.webhookId(),
          event.deliveryId(),
          event.attempt().number(),
          event.eventName(),
          describe(event.attempt().result()));
    } else if (state.isFailing && state.reminders.tryAcquire(now)) {
      WEBHOOKS.warn(
          "{} has failed {} times in a row since {}; the last was {} attempt {}: {}",
          event.webhookId(),
          streak.failures(),
          streak.since(),
          event.deliveryId(),
          event.attempt().number(),
          describe(event.attempt().result()));
    }
  }

  synchronized void exhausted(AttemptEvent event) {
    LogState state = states.computeIfAbsent(event.webhookId(), id -> new LogState());
    if (state.exhaustions.tryAcquire(clock.instant())) {
      WEBHOOKS.warn(
          "{} {} of {} has failed for good at attempt {}: {}{}",
          event.webhookId(),
          event.deliveryId(),
          event.eventName(),
          event.attempt().number(),
          describe(event.attempt().result()),
          state.suppressed == 0
              ? ""
              : "; " + state.suppressed + " more have since the last such line");
      state.suppressed = 0;
    } else {
      state.suppressed++;
    }
  }

  synchronized void recovered(AttemptEvent event, Streak streak) {
    LogState state = states.get(event.webhookId());
    if (state != null && state.isFailing) {
      state.isFailing = false;
      WEBHOOKS.info(
          "{} has recovered with {} after {} failures in a row since {}",
          event.webhookId(),
          event.deliveryId(),
          streak.failures(),
          streak.since());
    }
  }

  static void paused(String webhookId, Pause pause) {
    if (pause.cause() == PauseCause.REQUESTED) {
      WEBHOOKS.info("{} is paused by a call: {}", webhookId, printable(pause.reason()));
    } else {
      WEBHOOKS.warn(
          "{} is paused by its failures; its deliveries are held until it is resumed: {}",
          webhookId,
          printable(pause.reason()));
    }
  }

  static void resumed(String webhookId) {
    WEBHOOKS.info("{} is resumed", webhookId);
  }

  private static String describe(AttemptResult result) {
    String outcome = result.outcome().id();
    return result.status().isPresent() ? outcome + " with " + result.status().getAsInt() : outcome;
  }

  /** Replaces line breaks and controls, since a user's policy may give any reason. */
  private static String printable(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
