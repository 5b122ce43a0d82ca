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
 * Writes into the log what becomes of attempts and webhooks. Endpoints' answers, errors and URLs
 * are left to the storage, where they are found by the delivery: they may be hostile, or hold a
 * secret.
 *
 * <p>However many attempts fail, a webhook has at most two lines a minute about beginning to fail
 * and recovering, and two lines in ten minutes about going on to fail and about deliveries that
 * failed for good.
 */
final class DeliveryLogger {
  private static final Logger ATTEMPTS =
      LoggerFactory.getLogger("cloud.klink.webhooks.sender.attempts");
  private static final Logger WEBHOOKS =
      LoggerFactory.getLogger("cloud.klink.webhooks.sender.webhooks");

  /** Beyond so many webhooks, what was said of those that failed longest ago is forgotten. */
  private static final int MAX_PAGES = 10_000;

  private final Clock clock;
  private final Map<String, Page> pages = BoundedMap.ofRecentlyUsed(MAX_PAGES);

  DeliveryLogger(Clock clock) {
    this.clock = clock;
  }

  /** What was said of one webhook, and when. */
  private static final class Page {
    private final LogThrottle beginnings = new LogThrottle(Duration.ofMinutes(1));
    private final LogThrottle reminders = new LogThrottle(Duration.ofMinutes(10));
    private final LogThrottle exhaustions = new LogThrottle(Duration.ofMinutes(10));
    private boolean isFailing;
    private long untold;
  }

  void attempt(AttemptEvent event) {
    if (ATTEMPTS.isDebugEnabled()) {
      ATTEMPTS.debug(
          "{} {} attempt {}: {} in {} ms, {}{}",
          event.webhookId(),
          event.deliveryId(),
          event.attempt().number(),
          told(event.attempt().result()),
          event.attempt().duration().toMillis(),
          event.state(),
          event.retryAt().map(at -> " until " + at).orElse(""));
    }
  }

  synchronized void failed(AttemptEvent event, Streak streak) {
    Instant now = clock.instant();
    Page page = pages.computeIfAbsent(event.webhookId(), id -> new Page());
    if (!page.isFailing && page.beginnings.passes(now)) {
      page.isFailing = true;
      page.reminders.passes(now);
      WEBHOOKS.info(
          "{} begins to fail: {} attempt {} of {}: {}",
          event.webhookId(),
          event.deliveryId(),
          event.attempt().number(),
          event.eventName(),
          told(event.attempt().result()));
    } else if (page.isFailing && page.reminders.passes(now)) {
      WEBHOOKS.warn(
          "{} has failed {} times in a row since {}; the last was {} attempt {}: {}",
          event.webhookId(),
          streak.failures(),
          streak.since(),
          event.deliveryId(),
          event.attempt().number(),
          told(event.attempt().result()));
    }
  }

  synchronized void exhausted(AttemptEvent event) {
    Page page = pages.computeIfAbsent(event.webhookId(), id -> new Page());
    if (page.exhaustions.passes(clock.instant())) {
      WEBHOOKS.warn(
          "{} {} of {} has failed for good at attempt {}: {}{}",
          event.webhookId(),
          event.deliveryId(),
          event.eventName(),
          event.attempt().number(),
          told(event.attempt().result()),
          page.untold == 0 ? "" : "; so have " + page.untold + " before, since the last such line");
      page.untold = 0;
    } else {
      page.untold++;
    }
  }

  synchronized void recovered(AttemptEvent event, Streak streak) {
    Page page = pages.get(event.webhookId());
    if (page != null && page.isFailing) {
      page.isFailing = false;
      WEBHOOKS.info(
          "{} recovers with {} after {} failures in a row since {}",
          event.webhookId(),
          event.deliveryId(),
          streak.failures(),
          streak.since());
    }
  }

  static void paused(String webhookId, Pause pause) {
    if (pause.cause() == PauseCause.REQUESTED) {
      WEBHOOKS.info("{} is paused on demand: {}", webhookId, printable(pause.reason()));
    } else {
      WEBHOOKS.warn(
          "{} is paused, its deliveries are held until it is resumed: {}",
          webhookId,
          printable(pause.reason()));
    }
  }

  static void resumed(String webhookId) {
    WEBHOOKS.info("{} is resumed", webhookId);
  }

  private static String told(AttemptResult result) {
    String outcome = result.outcome().id();
    return result.status().isPresent() ? outcome + " with " + result.status().getAsInt() : outcome;
  }

  /** One line, whatever a policy of the user's gives as its reason. */
  private static String printable(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
