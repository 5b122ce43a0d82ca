package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.redelivery.RedeliveryJob;
import cloud.klink.webhooks.examples.console.redelivery.RedeliveryJobs;
import cloud.klink.webhooks.examples.console.redelivery.RedeliveryService;
import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import cloud.klink.webhooks.examples.console.service.UnknownDelivery;
import cloud.klink.webhooks.examples.console.web.FilterParameters;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
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
  public record Input(@Nullable Integer rate) {}

  /**
   * A redelivery.
   *
   * @param id its id
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
   * The newest ones.
   *
   * @param items the newest first
   */
  public record ListJson(List<JobJson> items) {}

  @GetMapping
  ListJson list() {
    return new ListJson(jobs.newest().stream().map(JobJson::of).toList());
  }

  /** Takes the parameters of the log. Without an end, what is published later is not meant. */
  @PostMapping(consumes = JSON)
  @ResponseStatus(HttpStatus.ACCEPTED)
  JobJson start(@RequestParam MultiValueMap<String, String> parameters, @RequestBody Input input) {
    WebhookApi.environmentOf(String.valueOf(parameters.getFirst("environment")));
    FilterParameters request = FilterParameters.of(parameters);
    DeliveryFilter filter = request.filter().withAfter(Optional.empty());
    request.faults().byField().keySet().stream().findFirst().ifPresent(field -> {
      throw new InvalidInput(field, "it cannot be read");
    });
    int rate = input.rate() == null ? RATE : input.rate();
    if (rate < 1 || rate > RedeliveryService.MAX_RATE) {
      throw new InvalidInput("rate", "it must be from 1 to " + RedeliveryService.MAX_RATE);
    }
    Instant end = filter.to().orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.MILLIS));
    return JobJson.of(redeliveries.start(filter.withTo(end), rate));
  }

  @GetMapping("/{id}")
  JobJson get(@PathVariable String id) {
    return JobJson.of(jobs.find(id).orElseThrow(UnknownDelivery::new));
  }

  @PostMapping(path = "/{id}/cancel", consumes = JSON)
  JobJson cancel(@PathVariable String id) {
    jobs.cancel(id);
    return get(id);
  }
}
