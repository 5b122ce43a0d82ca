package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.AttemptStatistics;
import cloud.klink.webhooks.sender.delivery.CountQuery;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;

/** Reads what became of attempts, for charts. */
@Service
public class StatisticsService {
  private static final Duration HOUR = Duration.ofHours(1);

  private final WebhookSender sender;
  private final Clock clock;

  StatisticsService(WebhookSender sender, Clock clock) {
    this.sender = sender;
    this.clock = clock;
  }

  /**
   * Reads a history up to now.
   *
   * @param environment the environment
   * @param webhookId one webhook of it; empty for all together
   * @param range how far back
   * @return the history, in buckets that begin at whole multiples of their length
   */
  public AttemptHistory history(
      Environment environment, Optional<String> webhookId, ChartRange range) {
    Instant to = end(range.bucket());
    CountQuery query = query(environment, webhookId, range, to);
    return history(range, to, sender.deliveries().statistics(query));
  }

  private static CountQuery query(
      Environment environment, Optional<String> webhookId, ChartRange range, Instant to) {
    Instant from = to.minus(range.length());
    // The busiest hour needs hours, and within an hour the hour before each bucket.
    boolean isShort = range.bucket().compareTo(HOUR) < 0;
    Duration step =
        webhookId.isPresent() && range.bucket().compareTo(HOUR) > 0 ? HOUR : range.bucket();
    return new CountQuery(environment, webhookId, isShort ? from.minus(HOUR) : from, to, step);
  }

  private static AttemptHistory history(
      ChartRange range, Instant to, List<AttemptStatistics> found) {
    Instant from = to.minus(range.length());
    boolean isShort = range.bucket().compareTo(HOUR) < 0;
    Map<Instant, Long> failures = new TreeMap<>();
    found.forEach(one -> failures.merge(one.start(), one.failures(), Long::sum));
    List<AttemptStatistics> inRange =
        found.stream().filter(one -> !one.start().isBefore(from)).toList();
    List<AttemptSum> buckets = new ArrayList<>();
    for (Instant start = from; start.isBefore(to); start = start.plus(range.bucket())) {
      Instant first = start;
      Instant end = start.plus(range.bucket());
      long peak = isShort ? sum(failures, end.minus(HOUR), end) : peak(failures, start, end);
      buckets.add(AttemptSum.of(
          start,
          inRange.stream()
              .filter(one -> !one.start().isBefore(first) && one.start().isBefore(end))
              .toList(),
          peak));
    }
    long peak = buckets.stream().mapToLong(AttemptSum::peak).max().orElse(0);
    return new AttemptHistory(
        range, List.copyOf(buckets), AttemptSum.of(from, inRange, peak), byEvent(from, inRange));
  }

  private static long sum(Map<Instant, Long> failures, Instant from, Instant to) {
    return failures.entrySet().stream()
        .filter(one -> !one.getKey().isBefore(from) && one.getKey().isBefore(to))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static long peak(Map<Instant, Long> failures, Instant from, Instant to) {
    return failures.entrySet().stream()
        .filter(one -> !one.getKey().isBefore(from) && one.getKey().isBefore(to))
        .mapToLong(Map.Entry::getValue)
        .max()
        .orElse(0);
  }

  private static Map<String, AttemptSum> byEvent(Instant from, List<AttemptStatistics> found) {
    return found.stream()
        .collect(Collectors.groupingBy(
            one -> one.eventName().value(),
            TreeMap::new,
            Collectors.collectingAndThen(
                Collectors.toList(), parts -> AttemptSum.of(from, parts, 0))));
  }

  /**
   * The last 24 hours of many webhooks.
   *
   * @param environment their environment
   * @param webhookIds the webhooks
   * @return 24 hours of each, the oldest first, by the webhook's id
   */
  public Map<String, List<AttemptSum>> lastDay(Environment environment, List<String> webhookIds) {
    Instant to = end(ChartRange.DAY.bucket());
    CountQuery query = query(environment, Optional.empty(), ChartRange.DAY, to);
    Map<String, List<AttemptStatistics>> found = sender.deliveries().statistics(query, webhookIds);
    return webhookIds.stream()
        .collect(Collectors.toMap(
            Function.identity(),
            id -> history(ChartRange.DAY, to, found.getOrDefault(id, List.of())).buckets()));
  }

  /** The end of the bucket that is running. */
  private Instant end(Duration bucket) {
    long seconds = bucket.toSeconds();
    long now = clock.instant().getEpochSecond();
    return Instant.ofEpochSecond(Math.floorDiv(now, seconds) * seconds + seconds);
  }
}
