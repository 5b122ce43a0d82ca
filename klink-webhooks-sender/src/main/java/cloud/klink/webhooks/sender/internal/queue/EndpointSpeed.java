package cloud.klink.webhooks.sender.internal.queue;

import cloud.klink.webhooks.internal.Durations;
import java.time.Duration;
import java.time.Instant;

/**
 * The recent speed of a webhook's endpoint on this node. The time of attempts beyond their first
 * second is summed up, to at most one minute, and the sum shrinks by a tenth of the time that
 * passes. While it exceeds five seconds, the webhook is slow: for 40 seconds after one attempt of
 * 10 seconds, for nine minutes after many. So an endpoint that alternates between quick and slow
 * stays slow. Used by {@link DispatchQueue} only, under its lock.
 */
final class EndpointSpeed {
  /** The age from which an attempt in flight is slow. */
  static final Duration SLOW_AFTER = Duration.ofSeconds(1);

  /**
   * The time after which a quick webhook is trusted, which is the default timeout of an attempt.
   */
  private static final Duration TRUSTED_AFTER = Duration.ofSeconds(10);

  private static final Duration MAX_QUICK_EXCESS = Duration.ofSeconds(5);
  private static final Duration MAX_EXCESS = Duration.ofSeconds(60);
  private static final int DECAY = 10;

  private final String url;
  private final String host;
  private boolean answered;
  private boolean tried;
  private Duration excess = Duration.ZERO;
  private Instant countedAt = Instant.EPOCH;
  private Instant quickSince = Instant.MAX;

  /** The speed of a webhook of which only the address is known. */
  EndpointSpeed(String url, String host) {
    this.url = url;
    this.host = host;
  }

  /** The endpoint's URL; empty until it is known. */
  String url() {
    return url;
  }

  String host() {
    return host;
  }

  /** Whether anything is known about the endpoint. */
  boolean isKnown() {
    return answered || tried;
  }

  /** Notes that an attempt has been in flight for more than {@link #SLOW_AFTER}. */
  void markOverdue() {
    tried = true;
    quickSince = Instant.MAX;
  }

  /**
   * Notes the end of an attempt.
   *
   * @param isAnswer whether the endpoint was reached and the attempt did not time out
   */
  void ended(Duration took, boolean isAnswer, Instant now) {
    answered |= isAnswer;
    Duration beyond = took.minus(SLOW_AFTER);
    if (!beyond.isNegative() && !beyond.isZero()) {
      tried = true;
      quickSince = Instant.MAX;
      excess = Durations.min(excess(now).plus(beyond), MAX_EXCESS);
      countedAt = now;
    } else if (isAnswer) {
      quickSince = quickSince.isAfter(now) ? now : quickSince;
    }
  }

  /** Whether all of its attempts have been quick since an answer at least 10 seconds ago. */
  boolean isTrusted(Instant now) {
    return !quickSince.isAfter(now.minus(TRUSTED_AFTER));
  }

  /** The speed class, if no attempt in flight is slow. */
  SpeedClass speedClass(Instant now) {
    if (answered) {
      return excess.isZero() || excess(now).compareTo(MAX_QUICK_EXCESS) <= 0
          ? SpeedClass.QUICK
          : SpeedClass.SLOW;
    }
    return tried ? SpeedClass.SLOW : SpeedClass.NEW;
  }

  /** Whether the speed class, or whether the webhook is trusted, depends on the time. */
  boolean isTimeDependent() {
    return isKnown();
  }

  /** The excess, reduced by the time that has passed. A clock that is set back reduces nothing. */
  private Duration excess(Instant now) {
    Duration passed = Duration.between(countedAt, now);
    if (passed.isNegative()) {
      return excess;
    }
    Duration decayed = Durations.min(passed, MAX_EXCESS.multipliedBy(DECAY)).dividedBy(DECAY);
    return Durations.max(excess.minus(decayed), Duration.ZERO);
  }
}
