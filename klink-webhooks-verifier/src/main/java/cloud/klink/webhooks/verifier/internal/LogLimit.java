package cloud.klink.webhooks.verifier.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Limits how many log lines strangers can cause. Safe for use by many threads. */
public final class LogLimit {
  /** The most lines of a kind that are written within one {@link #PERIOD}. */
  public static final int LINES = 10;

  /** The period in which lines are counted: one minute. */
  public static final Duration PERIOD = Duration.ofMinutes(1);

  private final Clock clock;
  private final Map<String, Period> periods = new HashMap<>();

  private static final class Period {
    private Instant begin = Instant.MIN;
    private int lines;
    private long suppressed;
  }

  /**
   * A limit that has counted no line yet.
   *
   * @param clock tells when a period is over
   */
  public LogLimit(Clock clock) {
    this.clock = clock;
  }

  /**
   * Asks whether a line may be written.
   *
   * @param kind the kind of the line; each kind is counted apart, so there must be few
   * @return empty if the line must not be written, otherwise the number of lines of its kind that
   *     were suppressed since the last one written
   */
  public synchronized OptionalLong acquire(String kind) {
    Period period = periods.computeIfAbsent(kind, key -> new Period());
    Instant now = clock.instant();
    if (!now.isBefore(period.begin.plus(PERIOD)) || now.isBefore(period.begin)) {
      period.begin = now;
      period.lines = 0;
    }
    if (period.lines == LINES) {
      period.suppressed++;
      return OptionalLong.empty();
    }
    period.lines++;
    long suppressed = period.suppressed;
    period.suppressed = 0;
    return OptionalLong.of(suppressed);
  }
}
