package cloud.klink.webhooks.sender.internal.queue;

import cloud.klink.webhooks.internal.Durations;
import java.time.Duration;
import java.time.Instant;

/**
 * How fast a webhook's endpoint has answered on this node. The time that attempts take beyond their
 * first second adds up, to one minute at most, and shrinks by a tenth of the time that passes.
 * While more than five seconds remain, the webhook is slow: for 40 seconds after one attempt of 10
 * seconds, for nine minutes after many. So an endpoint that alternates between quick and slow stays
 * slow. Used by {@link DispatchQueue} only, under its lock.
 */
final class EndpointSpeed {
  /** An attempt in flight is slow from this age on. */
  static final Duration SLOW = Duration.ofSeconds(1);

  /** The product's timeout of an attempt. */
  private static final Duration TRUSTED = Duration.ofSeconds(10);

  private static final Duration TOLERATED = Duration.ofSeconds(5);
  private static final Duration MOST = Duration.ofSeconds(60);
  private static final int DECAY = 10;

  private final String url;
  private final String host;
  private boolean answered;
  private boolean tried;
  private Duration excess = Duration.ZERO;
  private Instant countedAt = Instant.EPOCH;
  private Instant quickSince = Instant.MAX;

  /** The record of a webhook of which only the address is known. */
  EndpointSpeed(String url, String host) {
    this.url = url;
    this.host = host;
  }

  /** The URL that this record is about; empty until it is known. */
  String url() {
    return url;
  }

  String host() {
    return host;
  }

  /** Whether there is anything to remember. */
  boolean isKnown() {
    return answered || tried;
  }

  /** An attempt has been in flight for more than {@link #SLOW}. */
  void isOverdue() {
    tried = true;
    quickSince = Instant.MAX;
  }

  /**
   * An attempt has ended.
   *
   * @param isAnswer whether the endpoint was reached and did not let it time out
   */
  void ended(Duration took, boolean isAnswer, Instant now) {
    answered |= isAnswer;
    Duration beyond = took.minus(SLOW);
    if (!beyond.isNegative() && !beyond.isZero()) {
      tried = true;
      quickSince = Instant.MAX;
      excess = Durations.min(excess(now).plus(beyond), MOST);
      countedAt = now;
    } else if (isAnswer) {
      quickSince = quickSince.isAfter(now) ? now : quickSince;
    }
  }

  /** Whether all of its attempts have been quick since an answer at least 10 seconds ago. */
  boolean isTrusted(Instant now) {
    return !quickSince.isAfter(now.minus(TRUSTED));
  }

  /** Its class, if none of its attempts in flight is slow. */
  SpeedClass kind(Instant now) {
    if (answered) {
      return excess.isZero() || excess(now).compareTo(TOLERATED) <= 0
          ? SpeedClass.QUICK
          : SpeedClass.SLOW;
    }
    return tried ? SpeedClass.SLOW : SpeedClass.NEW;
  }

  /** Whether its class, or whether it is trusted, depends on the time. */
  boolean changes() {
    return isKnown();
  }

  /** A clock that is set back reduces nothing. */
  private Duration excess(Instant now) {
    Duration passed = Duration.between(countedAt, now);
    if (passed.isNegative()) {
      return excess;
    }
    Duration off = Durations.min(passed, MOST.multipliedBy(DECAY)).dividedBy(DECAY);
    return Durations.max(excess.minus(off), Duration.ZERO);
  }
}
