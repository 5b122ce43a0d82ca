package cloud.klink.webhooks.sender.delivery;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.internal.Ranges;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Statistics of the attempts that began within a span of time, at events of one name: how many had
 * each outcome, each kind of answer and each HTTP status, and how long they took. Immutable.
 */
public final class AttemptStatistics {
  /** The length of a span; spans begin at whole multiples of it since 1970. */
  public static final Duration SPAN = Duration.ofMinutes(5);

  /** How many figures there are in {@link #figures}. */
  public static final int FIGURES = 36;

  /** The longest duration of each class, in milliseconds; all above are in one more. */
  private static final long[] BOUNDS = {
    5, 10, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000, 1_500, 2_000, 3_000, 5_000, 7_000,
    10_000
  };

  private static final int STATUSES = AttemptOutcome.values().length;
  private static final int OK = 200;
  private static final int FIRST_STATUS = 100;
  private static final int LAST_STATUS = 599;

  private static final int ANSWERED_OK = FIGURES - 1;

  private static final int DURATIONS = STATUSES + StatusClass.values().length;

  private final Instant start;
  private final EventName eventName;
  private final long[] figures;

  /** All but 200, which is one of the figures. */
  private final SortedMap<Integer, Long> otherStatuses;

  private AttemptStatistics(
      Instant start, EventName eventName, long[] figures, SortedMap<Integer, Long> otherStatuses) {
    this.start = Objects.requireNonNull(start, "start");
    this.eventName = Objects.requireNonNull(eventName, "eventName");
    this.figures = figures;
    this.otherStatuses = otherStatuses;
  }

  /**
   * The statistics of one attempt, in the span of {@link #SPAN} in which it began.
   *
   * @param eventName the name of its event
   * @param attempt the attempt
   * @return the statistics
   */
  public static AttemptStatistics of(EventName eventName, Attempt attempt) {
    long[] figures = new long[FIGURES];
    figures[attempt.result().outcome().code()] = 1;
    figures[STATUSES + StatusClass.of(attempt.result()).code()] = 1;
    int place = Arrays.binarySearch(BOUNDS, ceilMillis(attempt.duration()));
    figures[DURATIONS + (place < 0 ? -place - 1 : place)] = 1;
    long second = attempt.startedAt().getEpochSecond();
    Instant start =
        Instant.ofEpochSecond(Math.floorDiv(second, SPAN.toSeconds()) * SPAN.toSeconds());
    SortedMap<Integer, Long> others = new TreeMap<>();
    int status = attempt.result().status().orElse(0);
    if (status == OK) {
      figures[ANSWERED_OK] = 1;
    } else if (isCounted(status)) {
      others.put(status, 1L);
    }
    return new AttemptStatistics(start, eventName, figures, others);
  }

  /** Those of HTTP, so that an endpoint cannot make any number of counts. */
  private static boolean isCounted(int status) {
    return status >= FIRST_STATUS && status <= LAST_STATUS;
  }

  private static long ceilMillis(Duration duration) {
    long millis = duration.toMillis();
    return duration.equals(Duration.ofMillis(millis)) ? millis : millis + 1;
  }

  /**
   * The statistics that a storage has kept, without statuses other than 200.
   *
   * @param start when the span begins
   * @param eventName the name of the events
   * @param figures as {@link #figures} gives them
   * @return the statistics
   * @throws IllegalArgumentException if there are not {@value #FIGURES} figures, or one is negative
   */
  public static AttemptStatistics of(Instant start, EventName eventName, long[] figures) {
    if (figures.length != FIGURES || Arrays.stream(figures).anyMatch(figure -> figure < 0)) {
      throw new IllegalArgumentException(
          "figures: there must be " + FIGURES + ", none of them negative");
    }
    return new AttemptStatistics(start, eventName, figures.clone(), new TreeMap<>());
  }

  /**
   * The same with the statuses that a storage has kept beside the figures.
   *
   * @param statuses how many attempts had each; 200 is ignored, since it is one of the figures
   * @return the statistics
   * @throws IllegalArgumentException if one is not from 100 to 599, or a number is negative
   */
  public AttemptStatistics withStatuses(Map<Integer, Long> statuses) {
    SortedMap<Integer, Long> others = new TreeMap<>(statuses);
    others.remove(OK);
    others.forEach((status, attempts) -> {
      if (!isCounted(status) || attempts < 0) {
        throw new IllegalArgumentException(
            "statuses: " + attempts + " attempts with the status " + status + " cannot be");
      }
    });
    return new AttemptStatistics(start, eventName, figures, others);
  }

  /**
   * The sum of two statistics.
   *
   * @param other the others
   * @return the sum, with the start and the name of these
   */
  public AttemptStatistics plus(AttemptStatistics other) {
    long[] sum = figures.clone();
    for (int i = 0; i < FIGURES; i++) {
      sum[i] += other.figures[i];
    }
    SortedMap<Integer, Long> others = otherStatuses;
    if (!other.otherStatuses.isEmpty()) {
      others = new TreeMap<>(otherStatuses);
      for (Map.Entry<Integer, Long> one : other.otherStatuses.entrySet()) {
        others.merge(one.getKey(), one.getValue(), Long::sum);
      }
    }
    return new AttemptStatistics(start, eventName, sum, others);
  }

  /**
   * When the span begins.
   *
   * @return the time
   */
  public Instant start() {
    return start;
  }

  /**
   * The name of the events.
   *
   * @return the name
   */
  public EventName eventName() {
    return eventName;
  }

  /**
   * How many attempts there were.
   *
   * @return 0 or more
   */
  public long attempts() {
    long attempts = 0;
    for (int i = 0; i < STATUSES; i++) {
      attempts += figures[i];
    }
    return attempts;
  }

  /**
   * How many attempts failed.
   *
   * @return all but those that succeeded
   */
  public long failures() {
    return attempts() - count(AttemptOutcome.SUCCEEDED);
  }

  /**
   * How many attempts had an outcome.
   *
   * @param outcome the outcome
   * @return 0 or more
   */
  public long count(AttemptOutcome outcome) {
    return figures[outcome.code()];
  }

  /**
   * How many attempts had an answer of a class.
   *
   * @param statusClass the kind of answer
   * @return 0 or more
   */
  public long count(StatusClass statusClass) {
    return figures[STATUSES + statusClass.code()];
  }

  /**
   * How many attempts were answered with each HTTP status from 100 to 599. Others, such as 999, are
   * counted only as {@link StatusClass#OTHER}. An ack on a WebSocket has no status.
   *
   * @return the numbers in the order of the statuses, without zeros
   */
  public SortedMap<Integer, Long> statuses() {
    SortedMap<Integer, Long> all = new TreeMap<>(otherStatuses);
    if (figures[ANSWERED_OK] > 0) {
      all.put(OK, figures[ANSWERED_OK]);
    }
    return Collections.unmodifiableSortedMap(all);
  }

  /**
   * A percentile of the attempts' durations. Durations are kept in classes. From 5 milliseconds on,
   * the longest duration of a class is at most twice its shortest, and the result is interpolated
   * within its class. Longer than 10 seconds counts as 10 seconds.
   *
   * @param percent from 1 to 100: 50 for the median
   * @return the duration; empty without attempts
   * @throws IllegalArgumentException if the percentage is out of its range
   */
  public Optional<Duration> percentile(int percent) {
    Ranges.check("percent", percent, 1, 100);
    long rank = (attempts() * percent + 99) / 100;
    long below = 0;
    for (int i = 0; i < BOUNDS.length; i++) {
      long here = figures[DURATIONS + i];
      if (here > 0 && below + here >= rank) {
        long low = i == 0 ? 0 : BOUNDS[i - 1];
        long micros = low * 1_000 + (BOUNDS[i] - low) * 1_000 * (rank - below) / here;
        return Optional.of(Duration.ofNanos(micros * 1_000));
      }
      below += here;
    }
    return rank == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(BOUNDS[BOUNDS.length - 1]));
  }

  /**
   * All figures, for a storage, which adds each up by itself.
   *
   * @return {@value #FIGURES} of them, in an order that stays the same
   */
  public long[] figures() {
    return figures.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AttemptStatistics that
        && start.equals(that.start)
        && eventName.equals(that.eventName)
        && Arrays.equals(figures, that.figures)
        && otherStatuses.equals(that.otherStatuses);
  }

  @Override
  public int hashCode() {
    return Objects.hash(start, eventName, Arrays.hashCode(figures), otherStatuses);
  }

  @Override
  public String toString() {
    return "AttemptStatistics[" + start + ", " + eventName + ", " + attempts() + " attempts, "
        + failures() + " failed]";
  }
}
