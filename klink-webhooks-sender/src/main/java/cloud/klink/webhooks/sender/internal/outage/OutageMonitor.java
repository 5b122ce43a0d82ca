package cloud.klink.webhooks.sender.internal.outage;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.internal.outage.OutageDetector.Change;
import cloud.klink.webhooks.sender.internal.outage.OutageDetector.Reach;
import cloud.klink.webhooks.sender.internal.outage.OutageDetector.Start;
import cloud.klink.webhooks.sender.internal.queue.DispatchQueue;
import cloud.klink.webhooks.sender.internal.queue.QueuedDelivery;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Monitors this node's own network by its attempts, see {@link OutagePolicy}. Applies the decisions
 * of an {@link OutageDetector} to the queues and reports them to the listener, in the same order
 * for both. The caller does the rest.
 */
public final class OutageMonitor {
  private static final Logger LOG = LoggerFactory.getLogger(OutageMonitor.class);

  /** The most hosts that answered, and the most dead hosts, that are kept. */
  private static final int MAX_HOSTS = 10_000;

  /** The most webhooks that are kept because they answered. */
  private static final int MAX_ANSWERED = 1_000;

  private final OutagePolicy policy;
  private final DispatchQueue queues;
  private final SenderListener listener;
  private final Supplier<Instant> clock;
  private final OutageDetector<Ended> detector;
  private final Set<String> answered = new LinkedHashSet<>();
  private volatile long answers;
  private volatile Optional<Instant> since = Optional.empty();

  /** An attempt that has ended. */
  public record Ended(QueuedDelivery delivery, Attempt attempt) {}

  /**
   * What the caller has to do.
   *
   * @param counting attempts to write
   * @param spared deliveries to release unchanged
   * @param isOver whether an outage is over, so that all deliveries are to be claimed again
   * @param decisionIn when to call {@link #expire}; empty if nothing is undecided
   */
  public record Decision(
      List<Ended> counting,
      List<QueuedDelivery> spared,
      boolean isOver,
      Optional<Duration> decisionIn) {}

  public OutageMonitor(
      OutagePolicy policy, DispatchQueue queues, SenderListener listener, Supplier<Instant> clock) {
    this.policy = policy;
    this.queues = queues;
    this.listener = listener;
    this.clock = clock;
    this.detector = new OutageDetector<>(policy, MAX_HOSTS);
  }

  /** The begin of the outage; empty if there is none. */
  public Optional<Instant> since() {
    return since;
  }

  /** The number of answers so far, to be noted at the begin of an attempt. */
  public long answers() {
    return answers;
  }

  /**
   * Handles the end of an attempt that began after a number of answers. It is decided now or later.
   */
  public synchronized Decision ended(Ended ended, long answersAtStart) {
    if (policy.isNever()) {
      return new Decision(List.of(ended), List.of(), false, Optional.empty());
    }
    Reach reach = reach(ended.attempt().result().outcome());
    if (reach == Reach.ANSWERED) {
      remember(ended.delivery().webhookId());
    }
    Instant now = clock.get();
    Start start = new Start(ended.attempt().startedAt(), answersAtStart);
    String host = ended.delivery().prepared().host();
    return apply(detector.ended(ended, start, host, reach, now), now);
  }

  /** Lets held attempts count whose window is over. */
  public synchronized Decision expire() {
    Instant now = clock.get();
    return apply(detector.expire(now), now);
  }

  /** Makes no more decisions: held attempts and those in progress are spared. */
  public synchronized Decision close() {
    return apply(detector.close(), clock.get());
  }

  private static Reach reach(AttemptOutcome outcome) {
    return switch (outcome) {
      case SUCCEEDED, REJECTED, CONNECTION_REFUSED, TLS_FAILED -> Reach.ANSWERED;
      case UNREACHABLE -> Reach.UNREACHABLE;
      case TIMED_OUT, BROKEN -> Reach.SILENT;
      case NOT_ALLOWED, INTERNAL -> Reach.NOTHING_SENT;
    };
  }

  private void remember(String webhookId) {
    answered.remove(webhookId);
    answered.add(webhookId);
    if (answered.size() > MAX_ANSWERED) {
      Iterator<String> oldest = answered.iterator();
      oldest.next();
      oldest.remove();
    }
  }

  private Decision apply(OutageDetector.Decision<Ended> decision, Instant now) {
    answers = detector.answers();
    List<QueuedDelivery> spared = decision.spared().stream()
        .map(Ended::delivery)
        .collect(Collectors.toCollection(ArrayList::new));
    if (decision.change() == Change.OUTAGE_BEGINS) {
      begin(now, spared);
    } else if (decision.change() == Change.OUTAGE_ENDS) {
      end();
    }
    if (since.isPresent()) {
      Set<String> failed = new LinkedHashSet<>();
      decision.spared().forEach(ended -> failed.add(ended.delivery().webhookId()));
      failed.forEach(webhookId -> spared.addAll(queues.probeOnly(webhookId)));
    }
    return new Decision(
        decision.counting(),
        spared,
        decision.change() == Change.OUTAGE_ENDS,
        decision.decisionAt().map(at -> Duration.between(now, at)));
  }

  private void begin(Instant now, List<QueuedDelivery> spared) {
    since = Optional.of(now);
    spared.addAll(queues.beginOutage(Set.copyOf(answered)));
    SafeRunner.log(() -> LOG.warn(
        "This node seems to be cut off from the network: {} hosts were unreachable within {},"
            + " and none answered. Webhooks that fail wait and are probed until a probe is"
            + " answered."
            + " Until then only failures of dead hosts count",
        policy.hosts(),
        policy.window()));
    safely(() -> listener.onOutage(now));
  }

  private void end() {
    Instant began = since.orElseThrow();
    since = Optional.empty();
    queues.endOutage();
    SafeRunner.log(() ->
        LOG.info("This node reaches its endpoints again; it had been cut off since {}", began));
    safely(() -> listener.onOutageOver(began));
  }

  private static void safely(Runnable call) {
    SafeRunner.run(LOG, "A listener failed", call);
  }
}
