package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.service.AttemptHistory;
import cloud.klink.webhooks.examples.console.service.AttemptSum;
import cloud.klink.webhooks.examples.console.service.ChartRange;
import cloud.klink.webhooks.examples.console.service.PauseRisks;
import cloud.klink.webhooks.examples.console.service.StatisticsService;
import cloud.klink.webhooks.examples.console.service.WebhookService;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What the charts show, and the description of the API. */
@RestController
@RequestMapping("/api/v1")
class StatisticsApi {
  private final StatisticsService statistics;
  private final WebhookService webhooks;
  private final PauseRisks risks;

  StatisticsApi(StatisticsService statistics, WebhookService webhooks, PauseRisks risks) {
    this.statistics = statistics;
    this.webhooks = webhooks;
    this.risks = risks;
  }

  /**
   * What became of attempts.
   *
   * @param start when the first could begin
   * @param attempts how many there were
   * @param failures how many of them failed
   * @param outcomes how many had each outcome; those that none had are left out
   * @param statuses how many were answered with each HTTP status; those that none was are left out
   * @param peak the most failures within an hour that ended here
   * @param p50Millis the median of their durations; null without attempts
   * @param p95Millis the 95th percentile of their durations; null without attempts
   */
  public record SumJson(
      Instant start,
      long attempts,
      long failures,
      Map<String, Long> outcomes,
      Map<Integer, Long> statuses,
      long peak,
      @Nullable Long p50Millis,
      @Nullable Long p95Millis) {
    static SumJson of(AttemptSum sum) {
      Map<String, Long> outcomes = new LinkedHashMap<>();
      for (AttemptOutcome outcome : AttemptOutcome.values()) {
        if (sum.count(outcome) > 0) {
          outcomes.put(outcome.id(), sum.count(outcome));
        }
      }
      return new SumJson(
          sum.start(),
          sum.attempts(),
          sum.failures(),
          outcomes,
          sum.statuses(),
          sum.peak(),
          sum.percentile(50).map(Duration::toMillis).orElse(null),
          sum.percentile(95).map(Duration::toMillis).orElse(null));
    }
  }

  /**
   * A history.
   *
   * @param range how far it goes back
   * @param failureLimit how many failures a webhook may have within an hour before it is paused; 0
   *     if it is never paused by itself, and for an environment
   * @param total all of it
   * @param buckets its parts, the oldest first
   * @param events all of it by the names of events
   */
  public record HistoryJson(
      String range,
      int failureLimit,
      SumJson total,
      List<SumJson> buckets,
      Map<String, SumJson> events) {}

  @GetMapping("/statistics")
  HistoryJson statistics(@RequestParam MultiValueMap<String, String> given) {
    QueryParameters parameters = QueryParameters.of(given, "environment", "webhook", "range");
    Environment environment = parameters.environment();
    ChartRange range = parameters
        .text("range")
        .map(id -> Arrays.stream(ChartRange.values())
            .filter(one -> one.id().equals(id))
            .findFirst()
            .orElseThrow(() -> new InvalidInput("range", "it must be 1h, 24h, 7d or 30d")))
        .orElse(ChartRange.DAY);
    Optional<String> webhook = parameters.text("webhook");
    int limit = webhook.map(webhooks::get).map(risks::limit).orElse(0);
    AttemptHistory history = statistics.history(environment, webhook, range);
    Map<String, SumJson> events = new LinkedHashMap<>();
    history.byEvent().forEach((name, sum) -> events.put(name, SumJson.of(sum)));
    return new HistoryJson(
        range.id(),
        limit,
        SumJson.of(history.total()),
        history.buckets().stream().map(SumJson::of).toList(),
        events);
  }

  @GetMapping(path = "/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
  Resource description() {
    return new ClassPathResource("openapi.json");
  }
}
