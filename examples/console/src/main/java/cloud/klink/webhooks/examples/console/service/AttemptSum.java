package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptStatistics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of attempts, at events of any name together.
 *
 * @param start when the first could begin
 * @param statistics the sum; empty if there was no attempt
 * @param peak the most failures within an hour that ended here
 */
public record AttemptSum(Instant start, Optional<AttemptStatistics> statistics, long peak) {
  static AttemptSum of(Instant start, List<AttemptStatistics> parts, long peak) {
    return new AttemptSum(start, parts.stream().reduce(AttemptStatistics::plus), peak);
  }

  /**
   * How many attempts there were.
   *
   * @return 0 or more
   */
  public long attempts() {
    return statistics.map(AttemptStatistics::attempts).orElse(0L);
  }

  /**
   * How many attempts failed.
   *
   * @return 0 or more
   */
  public long failures() {
    return statistics.map(AttemptStatistics::failures).orElse(0L);
  }

  /**
   * How many attempts were answered with each HTTP status.
   *
   * @return the counts by the status; attempts without an answer are in none
   */
  public SortedMap<Integer, Long> statuses() {
    return statistics.map(AttemptStatistics::statuses).orElseGet(TreeMap::new);
  }

  /**
   * How many attempts had an outcome.
   *
   * @param outcome the outcome
   * @return 0 or more
   */
  public long count(AttemptOutcome outcome) {
    return statistics.map(sum -> sum.count(outcome)).orElse(0L);
  }

  /**
   * The part that failed.
   *
   * @return from 0 to 100; 0 without attempts
   */
  public double errorRate() {
    return attempts() == 0 ? 0 : 100.0 * failures() / attempts();
  }

  /**
   * The duration within which a part of the attempts ended.
   *
   * @param percent from 1 to 100
   * @return the duration; empty without attempts
   */
  public Optional<Duration> percentile(int percent) {
    return statistics.flatMap(sum -> sum.percentile(percent));
  }
}
