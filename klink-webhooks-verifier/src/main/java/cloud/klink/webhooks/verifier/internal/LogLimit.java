package cloud.klink.webhooks.verifier.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Keeps log lines that strangers can cause down to a number in a time. Safe for use by many
 * threads.
 */
public final class LogLimit {
  /** How many lines of a kind are written within {@link #PERIOD}. */
  public static final int LINES = 10;

  /** The time that the lines are counted in: one minute. */
  public static final Duration PERIOD = Duration.ofMinutes(1);

  private final Clock clock;
  private final Map<String, Period> periods = new HashMap<>();

  private static final class Period {
    private Instant begin = Instant.MIN;
    private int lines;
    private long left;
  }

  /**
   * A limit for each kind of line.
   *
   * @param clock tells when a period is over
   */
  public LogLimit(Clock clock) {
    this.clock = clock;
  }

  /**
   * Asks for one line.
   *
   * @param kind what the line tells of; one of few
   * @return empty if the line must not be written, else how many of its kind were left out since
   *     the last that was
   */
  public synchronized OptionalLong line(String kind) {
    Period period = periods.computeIfAbsent(kind, key -> new Period());
    Instant now = clock.instant();
    if (!now.isBefore(period.begin.plus(PERIOD)) || now.isBefore(period.begin)) {
      period.begin = now;
      period.lines = 0;
    }
    if (period.lines == LINES) {
      period.left++;
      return OptionalLong.empty();
    }
    period.lines++;
    long left = period.left;
    period.left = 0;
    return OptionalLong.of(left);
  }
}
