package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.redelivery.RedeliveryJob;
import cloud.klink.webhooks.examples.console.redelivery.RedeliveryJobs;
import cloud.klink.webhooks.examples.console.redelivery.RedeliveryPlan;
import cloud.klink.webhooks.examples.console.redelivery.RedeliveryService;
import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import cloud.klink.webhooks.examples.console.service.FilterText;
import cloud.klink.webhooks.examples.console.web.FilterValues;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Redelivery of what a filter finds, in the background. */
@RestController
@RequestMapping("/api/v1/redeliveries")
class RedeliveryApi {
  private static final String JSON = MediaType.APPLICATION_JSON_VALUE;
  private static final int RATE = 20;

  private final RedeliveryService redeliveries;
  private final RedeliveryJobs jobs;
  private final Clock clock;

  RedeliveryApi(RedeliveryService redeliveries, RedeliveryJobs jobs, Clock clock) {
    this.redeliveries = redeliveries;
    this.jobs = jobs;
    this.clock = clock;
  }

  /**
   * How fast to go.
   *
   * @param rate how many in a second at most; 20 unless it is given
   */
  public record Input(@Nullable BigInteger rate) {}

  /**
   * A redelivery.
   *
   * @param id its id
   * @param filter which deliveries, as the parameters of the log
   * @param state {@code running}, {@code finished} or {@code cancelled}
   * @param total how many were to be sent when it was begun
   * @param totalIsMore whether there were more than were counted
   * @param done how many were sent again
   * @param leftOut how many still waited, or were sent again before
   * @param gone how many could not be sent
   * @param rate how many in a second at most
   * @param createdAt when it was begun
   */
  public record JobJson(
      String id,
      Map<String, String> filter,
      String state,
      long total,
      boolean totalIsMore,
      long done,
      long leftOut,
      long gone,
      int rate,
      Instant createdAt) {
    static JobJson of(RedeliveryJob job) {
      return new JobJson(
          job.id(),
          FilterValues.of(FilterText.read(job.filter())),
          job.state().id(),
          job.total(),
          job.isMore(),
          job.done(),
          job.left(),
          job.gone(),
          job.rate(),
          job.createdAt());
    }
  }

  /**
   * What would be sent again.
   *
   * @param total how many, up to 10,000
   * @param leftOut how many match, but still wait or were sent again before
   * @param totalIsMore whether there may be more than were counted
   * @param next the parameter {@code after} to count on, in older deliveries; null if all were
   *     counted, or more than 10,000
   * @param filter which deliveries, as the parameters of the log; with an end, so that to start
   *     with them sends what was counted
   */
  public record PlanJson(
      long total,
      long leftOut,
      boolean totalIsMore,
      @Nullable String next,
      Map<String, String> filter) {}

  /**
   * A page.
   *
   * @param items the newest first
   * @param next the parameter {@code after} of the next page; null at the end
   */
  public record PageJson(List<JobJson> items, @Nullable String next) {}

  @GetMapping
  PageJson list(@RequestParam MultiValueMap<String, String> given) {
    RedeliveryJobs.Page page = jobs.list(QueryParameters.of(given, "after").text("after"))
        .orElseThrow(() -> new InvalidInput("after", "it must be the next of a page"));
    return new PageJson(
        page.jobs().stream().map(JobJson::of).toList(), page.next().orElse(null));
  }

  /** Takes the parameters of the log. Without an end, what is published later is not meant. */
  @PostMapping(consumes = JSON)
  @ResponseStatus(HttpStatus.ACCEPTED)
  JobJson start(@RequestParam MultiValueMap<String, String> parameters, @RequestBody Input input) {
    DeliveryFilter filter = ended(QueryParameters.filterWithoutPlace(parameters));
    BigInteger rate = input.rate() == null ? BigInteger.valueOf(RATE) : input.rate();
    if (rate.signum() < 1 || rate.compareTo(BigInteger.valueOf(RedeliveryService.MAX_RATE)) > 0) {
      throw new InvalidInput("rate", "it must be from 1 to " + RedeliveryService.MAX_RATE);
    }
    return JobJson.of(redeliveries.start(filter, rate.intValue()));
  }

  private DeliveryFilter ended(DeliveryFilter filter) {
    return filter.ended(clock.instant().truncatedTo(ChronoUnit.MILLIS));
  }

  /** Counts what {@link #start} would send. */
  @GetMapping("/plan")
  PlanJson plan(@RequestParam MultiValueMap<String, String> parameters) {
    DeliveryFilter given = QueryParameters.filter(parameters);
    DeliveryFilter filter = ended(given);
    RedeliveryPlan plan = redeliveries.plan(filter.withAfter(given.after()));
    return new PlanJson(
        plan.eligible(),
        plan.left(),
        plan.isMore(),
        plan.next().orElse(null),
        FilterValues.of(filter));
  }

  @GetMapping("/{id}")
  JobJson get(@PathVariable String id) {
    return JobJson.of(jobs.get(id));
  }

  @PostMapping(path = "/{id}/cancel", consumes = JSON)
  JobJson cancel(@PathVariable String id) {
    jobs.cancel(id);
    return get(id);
  }
}
