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
 * Whether this node's own network works, as far as its attempts can tell: see {@link OutagePolicy}.
 * Applies what an {@link OutageDetector} decides to the queues and tells the listener of it, in one
 * order for both; the caller does the rest.
 */
public final class OutageMonitor {
  private static final Logger LOG = LoggerFactory.getLogger(OutageMonitor.class);

  /** So many hosts that answered are remembered, and so many that are dead. */
  private static final int MAX_HOSTS = 10_000;

  /** So many webhooks are remembered to have answered. */
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
   * What is left to do.
   *
   * @param counting attempts to be written
   * @param spared deliveries to be given back as they were
   * @param isOver whether an outage is over, so that everything is to be sent again
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

  /** Since when there is an outage; empty if there is none. */
  public Optional<Instant> since() {
    return since;
  }

  /** To be noted when an attempt begins: how many have been answered by then. */
  public long answers() {
    return answers;
  }

  /** An attempt has ended that began after so many answers. It is decided upon, now or later. */
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

  /** Those attempts count that were held back for long enough. */
  public synchronized Decision expire() {
    Instant now = clock.get();
    return apply(detector.expire(now), now);
  }

  /** Decides nothing any more: attempts that are held back or still under way are spared. */
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
      failed.forEach(webhookId -> spared.addAll(queues.rest(webhookId)));
    }
    return new Decision(
        decision.counting(),
        spared,
        decision.change() == Change.OUTAGE_ENDS,
        decision.decisionAt().map(window -> Duration.between(now, window)));
  }

  private void begin(Instant now, List<QueuedDelivery> spared) {
    since = Optional.of(now);
    spared.addAll(queues.hold(Set.copyOf(answered)));
    SafeRunner.log(() -> LOG.warn(
        "This node seems to be cut off: {} hosts were unreachable within {}, and none answered."
            + " Webhooks that fail wait and are probed until a probe is answered. Until then only"
            + " failures of hosts that failed before count",
        policy.hosts(),
        policy.window()));
    safely(() -> listener.onOutage(now));
  }

  private void end() {
    Instant began = since.orElseThrow();
    since = Optional.empty();
    queues.goOn();
    SafeRunner.log(
        () -> LOG.info("This node reaches its endpoints again; it was cut off since {}", began));
    safely(() -> listener.onOutageOver(began));
  }

  private static void safely(Runnable call) {
    SafeRunner.run(LOG, "A listener failed", call);
  }
}
