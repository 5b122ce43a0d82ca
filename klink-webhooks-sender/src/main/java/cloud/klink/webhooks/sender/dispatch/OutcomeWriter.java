package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.rules.DeliveryPolicy;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.FailureWatch;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Recorded;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.StorageReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes outcomes in batches: one at a time is being written, and what comes meanwhile, or within a
 * millisecond, makes the next. A lone outcome waits for nothing. A batch that fails, whatever is
 * thrown, is kept and repeated.
 */
final class OutcomeWriter {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeWriter.class);
  private static final int MAX_BATCH = 500;

  /** So many are written without waiting for more. */
  private static final int ENOUGH = 100;

  private static final Duration GATHERING = Duration.ofMillis(1);

  /** With so many unwritten, nothing more is started. */
  private static final int MAX_WAITING = 2_000;

  private final Storage storage;
  private final Machine machine;
  private final Reporter reporter;
  private final Consumer<String> onPause;
  private final Consumer<Instant> onRetry;
  private final Runnable afterwards;
  private final Outage outage;
  private final ArrayDeque<Result> waiting = new ArrayDeque<>();
  private boolean running;
  private volatile int limit = MAX_BATCH;

  /** An outcome, whose it is, and the policy by which its failure may pause the webhook. */
  record Result(Outcome outcome, ClaimedDelivery delivery, DeliveryPolicy policy) {
    private static final int GONE = 410;

    boolean saysGone() {
      return outcome.attempt().result().status().orElse(0) == GONE;
    }
  }

  /**
   * A writer.
   *
   * @param onPause told the id of each webhook that was paused
   * @param onRetry told when something that was written will be due
   * @param afterwards run after each batch
   */
  OutcomeWriter(
      Storage storage,
      Machine machine,
      Reporter reporter,
      Consumer<String> onPause,
      Consumer<Instant> onRetry,
      Runnable afterwards) {
    this.storage = storage;
    this.machine = machine;
    this.reporter = reporter;
    this.onPause = onPause;
    this.onRetry = onRetry;
    this.afterwards = afterwards;
    this.outage = new Outage("Writing outcomes", machine);
  }

  /**
   * Writes an outcome soon.
   *
   * @param isAlone whether no other attempt is in flight, so that there is nothing to wait for
   */
  void add(Result result, boolean isAlone) {
    synchronized (this) {
      waiting.add(result);
      if (running) {
        return;
      }
      running = true;
    }
    if (isAlone) {
      start();
    } else {
      gather();
    }
  }

  /** Begins, if something waits and nobody is at it. To be called whenever something happens. */
  void check() {
    synchronized (this) {
      if (running || waiting.isEmpty()) {
        return;
      }
      running = true;
    }
    start();
  }

  /** Lets a batch grow for a moment: a transaction for each outcome would cost far more. */
  private void gather() {
    if (machine.later(GATHERING, this::start) == null) {
      start();
    }
  }

  private void start() {
    Throwable refused = Machine.run(machine.storage(), this::write);
    if (refused != null) {
      failed(refused);
    }
  }

  private void failed(Throwable e) {
    if (machine.later(outage.failed(e), this::start) == null) {
      synchronized (this) {
        running = false; // whoever is next begins again; after a stop, all is delivered again
      }
    }
  }

  /** Whether attempts must wait until what they bring can be written. */
  synchronized boolean isBehind() {
    return outage.isOn() || waiting.size() >= MAX_WAITING;
  }

  synchronized boolean isIdle() {
    return !running;
  }

  private void write() {
    try {
      while (writeBatch()) {
        afterwards.run();
      }
    } catch (Throwable e) { // whatever it is, writing goes on
      failed(e);
    }
    afterwards.run();
  }

  /** Whether there is another to write at once. */
  private boolean writeBatch() {
    List<Result> batch = peek();
    if (batch.isEmpty()) {
      return false;
    }
    Instant now = machine.now();
    Map<String, FailureWatch> watches = watches(batch, now);
    Recorded recorded;
    try {
      recorded = storage.record(outcomes(batch), watches, now);
    } catch (RuntimeException e) {
      if (isRefused(batch, e)) {
        return true;
      }
      throw e;
    }
    remove(batch.size());
    outage.over();
    limit = MAX_BATCH;
    new TreeSet<>(recorded.paused().keySet()).forEach(id -> safely(() -> onPause.accept(id)));
    batch.stream()
        .flatMap(result -> result.outcome().retryAt().stream())
        .min(Comparator.naturalOrder())
        .ifPresent(time -> safely(() -> onRetry.accept(time)));
    safely(() -> tell(batch, watches, recorded));
    if (isWorthWaiting()) {
      gather();
      return false;
    }
    return true;
  }

  /**
   * What the storage refuses, rather than cannot do at the moment, is looked for one by one, and
   * left out, so that it does not hold up the others for ever.
   */
  private boolean isRefused(List<Result> batch, RuntimeException e) {
    if (e instanceof StorageException failure && failure.reason() == StorageReason.UNAVAILABLE) {
      return false;
    }
    if (batch.size() == 1) {
      Safely.log(() -> LOG.error(
          "{}: its outcome cannot be written; it is sent again when its lease ends",
          batch.get(0).outcome().lease().deliveryId(),
          e));
      remove(1);
    }
    limit = 1;
    return true;
  }

  private synchronized boolean isWorthWaiting() {
    return !waiting.isEmpty() && waiting.size() < ENOUGH;
  }

  private synchronized List<Result> peek() {
    List<Result> batch = new ArrayList<>(Math.min(waiting.size(), limit));
    for (Result result : waiting) {
      if (batch.size() == limit) {
        break;
      }
      batch.add(result);
    }
    running = !batch.isEmpty();
    return batch;
  }

  private synchronized void remove(int count) {
    for (int i = 0; i < count; i++) {
      waiting.remove();
    }
  }

  private static List<Outcome> outcomes(List<Result> batch) {
    return batch.stream().map(Result::outcome).toList();
  }

  private static Map<String, FailureWatch> watches(List<Result> batch, Instant now) {
    Map<String, Set<Instant>> gone = new HashMap<>();
    for (Result result : batch) {
      if (result.saysGone() && result.policy().pausesWhenGone()) {
        gone.computeIfAbsent(result.outcome().webhookId(), id -> new HashSet<>())
            .add(result.outcome().attempt().endedAt());
      }
    }
    Map<String, FailureWatch> watches = new HashMap<>();
    for (Result result : batch) {
      if (!result.outcome().attempt().result().succeeded()) {
        watches.computeIfAbsent(
            result.outcome().webhookId(),
            id -> Watches.of(id, result.policy().pausing(), gone.getOrDefault(id, Set.of()), now));
      }
    }
    return watches;
  }

  private void tell(List<Result> batch, Map<String, FailureWatch> watches, Recorded recorded) {
    for (Result result : batch) {
      if (!recorded.stale().contains(result.outcome().lease())) {
        safely(() -> reporter.onAttempt(event(result)));
      }
    }
    recorded.stale().stream()
        .findAny()
        .ifPresent(lease -> Safely.log(() -> LOG.info(
            "Outcomes that came after their lease and change nothing: {}, {} among them",
            recorded.stale().size(),
            lease.deliveryId())));
    recorded
        .paused()
        .forEach((webhookId, pause) -> safely(() ->
            reporter.onPaused(webhookId, pause, Objects.requireNonNull(watches.get(webhookId)))));
  }

  private static AttemptEvent event(Result result) {
    Outcome outcome = result.outcome();
    return new AttemptEvent(
        outcome.webhookId(),
        outcome.lease().deliveryId(),
        result.delivery().eventId(),
        result.delivery().eventName(),
        outcome.attempt(),
        outcome.state(),
        outcome.retryAt());
  }

  private static void safely(Runnable call) {
    Safely.run(LOG, "What was written could not be told", call);
  }
}
