package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptStatistics;
import cloud.klink.webhooks.sender.delivery.CountQuery;
import cloud.klink.webhooks.sender.storage.Backlog;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads the backlog and failures. */
final class BacklogQueries {
  private static final Comparator<Attempt> NEWEST_FIRST =
      Comparator.comparing(Attempt::endedAt).reversed();

  private final Tables tables;

  BacklogQueries(Tables tables) {
    this.tables = tables;
  }

  List<Attempt> failures(String webhookId, Instant since, Instant until, int limit) {
    WebhookDeliveries queue = tables.queue(webhookId);
    if (queue == null) {
      return List.of();
    }
    Instant start = Tables.micros(since);
    Instant end = Tables.micros(until);
    return queue.log.values().stream()
        .flatMap(row -> row.attempts.stream()
            .filter(attempt -> !attempt.result().succeeded()
                && !attempt.endedAt().isBefore(start)
                && !attempt.endedAt().isAfter(end)))
        .sorted(NEWEST_FIRST)
        .limit(limit)
        .toList();
  }

  List<AttemptStatistics> statistics(CountQuery query) {
    if (query.webhookId().isEmpty()) {
      return tables.statistics(query.environment()).sums(query);
    }
    WebhookDeliveries queue = tables.queue(query.webhookId().get());
    if (queue == null || queue.log.isEmpty()) {
      return List.of();
    }
    Environment environment = queue.log.values().iterator().next().event.environment;
    return environment == query.environment() ? queue.statistics.sums(query) : List.of();
  }

  Backlog backlog(Instant now) {
    long waiting = 0;
    long held = 0;
    int paused = 0;
    Instant oldest = Instant.MAX;
    for (WebhookDeliveries queue : tables.queues()) {
      if (queue.isPaused()) {
        paused++;
        held += queue.waiting.size();
      } else if (queue.isActive()) {
        waiting += queue.waiting.size();
        Instant first = queue.dueSince(now);
        oldest = first.isBefore(oldest) ? first : oldest;
      }
    }
    Optional<Instant> due = oldest.equals(Instant.MAX) ? Optional.empty() : Optional.of(oldest);
    return new Backlog(waiting, held, due, paused);
  }
}
