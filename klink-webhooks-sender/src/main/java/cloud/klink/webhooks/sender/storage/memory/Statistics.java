package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.AttemptStatistics;
import cloud.klink.webhooks.sender.delivery.CountQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Statistics of attempts, for the newest spans. Not safe for use by several threads at once. */
final class Statistics {
  /** Thirty days of spans, if each has attempts. */
  private static final int MAX_SPANS = 8_640;

  private final NavigableMap<Instant, NavigableMap<EventName, AttemptStatistics>> spans =
      new TreeMap<>();

  void add(AttemptStatistics attempt) {
    spans
        .computeIfAbsent(
            attempt.start(), start -> new TreeMap<>(Comparator.comparing(EventName::value)))
        .merge(attempt.eventName(), attempt, AttemptStatistics::plus);
    if (spans.size() > MAX_SPANS) {
      spans.pollFirstEntry();
    }
  }

  List<AttemptStatistics> sums(CountQuery query) {
    Statistics sums = new Statistics();
    spans.subMap(query.from(), query.to()).forEach((start, names) -> {
      long number = Duration.between(query.from(), start).dividedBy(query.bucket());
      Instant bucket = query.from().plus(query.bucket().multipliedBy(number));
      names.forEach((name, sum) ->
          sums.add(AttemptStatistics.of(bucket, name, sum.figures()).withStatuses(sum.statuses())));
    });
    return sums.spans.values().stream()
        .flatMap(names -> names.values().stream())
        .toList();
  }

  void purge(Instant before) {
    spans.headMap(before.minus(AttemptStatistics.SPAN), true).clear();
  }
}
