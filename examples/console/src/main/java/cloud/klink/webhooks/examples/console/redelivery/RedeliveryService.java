package cloud.klink.webhooks.examples.console.redelivery;

import cloud.klink.webhooks.examples.console.service.DeliveryCounts;
import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import cloud.klink.webhooks.examples.console.service.DeliveryResults;
import cloud.klink.webhooks.examples.console.service.DeliveryService;
import cloud.klink.webhooks.examples.console.service.FilterText;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/** Sends deliveries again: one at once, those of a filter in the background. */
@Service
public class RedeliveryService implements DisposableBean {
  /** How many are sent again in a second at most. */
  public static final int MAX_RATE = 200;

  private static final Logger LOG = LoggerFactory.getLogger(RedeliveryService.class);

  private final WebhookSender sender;
  private final DeliveryService deliveries;
  private final DeliveryCounts counts;
  private final RedeliveryJobs jobs;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "console-redelivery");
        thread.setDaemon(true);
        return thread;
      });

  RedeliveryService(
      WebhookSender sender,
      DeliveryService deliveries,
      DeliveryCounts counts,
      RedeliveryJobs jobs) {
    this.sender = sender;
    this.deliveries = deliveries;
    this.counts = counts;
    this.jobs = jobs;
  }

  /**
   * Sends one delivery again.
   *
   * @param id the delivery
   * @return the new delivery's id
   * @throws NotFoundException if that cannot be done
   */
  public String redeliver(String id) {
    return sender.redeliver(id);
  }

  /**
   * Counts what {@link #start} would send, from the filter's place back.
   *
   * @param filter which; with an end, so that what is published later is not among them
   * @return the plan
   */
  public RedeliveryPlan plan(DeliveryFilter filter) {
    return RedeliveryPlan.of(counts.count(filter, RedeliveryPlan.COUNTED + 1));
  }

  /**
   * Begins to send again what a filter finds: those that have ended and were not sent again since,
   * so that to repeat this sends none twice.
   *
   * @param filter which; with an end
   * @param rate how many in a second at most, from 1 to {@value #MAX_RATE}
   * @return the job
   * @throws IllegalArgumentException if the rate is out of its range, or the filter has no end
   */
  public RedeliveryJob start(DeliveryFilter filter, int rate) {
    if (rate < 1 || rate > MAX_RATE) {
      throw new IllegalArgumentException("rate: it must be from 1 to " + MAX_RATE);
    }
    if (filter.to().isEmpty()) {
      throw new IllegalArgumentException("to: it must be given, or the job would never end");
    }
    RedeliveryPlan plan = plan(filter.withAfter(Optional.empty()));
    return jobs.add(FilterText.of(filter), plan.eligible(), plan.isMore(), rate);
  }

  @EventListener(ApplicationReadyEvent.class)
  void run() {
    var unused = timer.scheduleWithFixedDelay(this::step, 1, 1, TimeUnit.SECONDS);
  }

  private void step() {
    try {
      jobs.claim().forEach(this::tryStep);
    } catch (RuntimeException e) {
      LOG.warn("Redelivery jobs cannot go on at the moment; they are tried again", e);
    }
  }

  /** One that fails, as with a damaged row, keeps no other waiting. */
  private void tryStep(RedeliveryJob job) {
    try {
      step(job);
    } catch (RuntimeException e) {
      LOG.warn("The redelivery job {} cannot go on at the moment; it is tried again", job.id(), e);
    }
  }

  private void step(RedeliveryJob job) {
    DeliveryFilter filter = FilterText.read(job.filter());
    Optional<String> place = job.place().isEmpty() ? Optional.empty() : Optional.of(job.place());
    DeliveryResults page = deliveries.searchDeliveries(filter.withAfter(place), job.rate());
    int done = 0;
    int left = 0;
    int gone = 0;
    for (var row : page.rows()) {
      if (wasSentByStep(job, row.delivery())) {
        done++;
      } else if (!isEligible(row.delivery())) {
        left++;
      } else if (isSent(row.delivery().id())) {
        done++;
      } else {
        gone++;
      }
    }
    jobs.advance(
        job.id(),
        page.next().orElse(job.place()),
        page.next().isEmpty(),
        new RedeliveryJobs.Progress(done, left, gone));
  }

  /** Whether a step that was cut off, before it was written down, has sent it again. */
  private boolean wasSentByStep(RedeliveryJob job, Delivery delivery) {
    return jobs.isTakenOver(job)
        && delivery
            .redeliveredAs()
            .flatMap(id -> sender.deliveries().find(id))
            .filter(again -> !again.createdAt().isBefore(job.updatedAt()))
            .isPresent();
  }

  private boolean isSent(String id) {
    try {
      sender.redeliver(id);
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  private static boolean isEligible(Delivery delivery) {
    return delivery.state().isFinal() && delivery.redeliveredAs().isEmpty();
  }

  @Override
  public void destroy() {
    timer.shutdownNow();
  }
}
