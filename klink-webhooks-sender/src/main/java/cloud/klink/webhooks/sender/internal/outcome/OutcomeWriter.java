package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.internal.tasks.Backoff;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.internal.tasks.Wakeup;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.FailureWatch;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Recorded;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes outcomes in batches: one at a time is being written, and what comes meanwhile, or within a
 * millisecond, makes the next. A lone outcome waits for nothing. A batch that fails, whatever is
 * thrown, is kept and repeated.
 *
 * <p>A batch that fails although the storage is not {@code UNAVAILABLE} is halved, down to the one
 * outcome that it refuses. Of that, as much is written as the storage takes, or it is set aside;
 * but the storage refuses it only if it commits others.
 */
public final class OutcomeWriter {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeWriter.class);
  private static final int MAX_BATCH = 500;

  /** So many are written without waiting for more. */
  private static final int ENOUGH = 100;

  private static final Duration GATHERING = Duration.ofMillis(1);

  /** With so many unwritten, nothing more is started. */
  private static final int MAX_WAITING = 2_000;

  /**
   * The same while the storage takes nothing but seems to work: others may tell whether it does.
   */
  private static final int MAX_DOUBTFUL = 100;

  private static final String REFUSED =
      "what the endpoint answered is not kept: the storage refused it";

  private final Storage storage;
  private final DispatchRuntime runtime;
  private final OutcomeAnnouncer announcer;
  private final Runnable afterwards;
  private final Backoff outage;
  private final long maxBytes;
  private final PendingPauseChecks decisions;
  private final RefusedOutcomes refused;
  private final MissingDeliveries missing;
  private final Wakeup alarm;
  private final ArrayDeque<PendingOutcome> waiting = new ArrayDeque<>();
  private long bytes;
  private boolean running;
  private boolean stopping;
  private volatile @Nullable Instant doubtfulSince;
  private volatile int limit = MAX_BATCH;

  /**
   * A writer.
   *
   * @param maxBytes with so many bytes unwritten, nothing more is started
   * @param onPause told the id of each webhook that was paused
   * @param onRetry told when something that was written will be due
   * @param afterwards run after each batch
   */
  public OutcomeWriter(
      Storage storage,
      DispatchRuntime runtime,
      long maxBytes,
      DispatchListener reporter,
      Consumer<String> onPause,
      Consumer<Instant> onRetry,
      Runnable afterwards) {
    this.storage = storage;
    this.runtime = runtime;
    this.maxBytes = maxBytes;
    this.missing = new MissingDeliveries(runtime);
    this.announcer = new OutcomeAnnouncer(reporter, onPause, onRetry, missing);
    this.afterwards = afterwards;
    this.outage = new Backoff("Writing outcomes", runtime.timer());
    this.decisions = new PendingPauseChecks(runtime);
    this.refused = new RefusedOutcomes(runtime);
    this.alarm = new Wakeup(runtime.timer(), this::check, Duration.ofMinutes(1));
  }

  /**
   * Writes an outcome soon.
   *
   * @param isAlone whether no other attempt is in flight, so that there is nothing to wait for
   */
  public void add(PendingOutcome pending, boolean isAlone) {
    synchronized (this) {
      keep(pending);
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

  private synchronized void keep(PendingOutcome pending) {
    waiting.add(pending);
    bytes += pending.bytes();
  }

  /** Begins, if something waits and nobody is at it. To be called whenever something happens. */
  public void check() {
    alarm.check();
    synchronized (this) {
      if (running || !hasWork()) {
        return;
      }
      running = true;
    }
    start();
  }

  /** Lets a batch grow for a moment: a transaction for each outcome would cost far more. */
  private void gather() {
    if (runtime.later(GATHERING, this::start) == null) {
      start();
    }
  }

  private void start() {
    Throwable refused = DispatchRuntime.run(runtime.storage(), this::write);
    if (refused != null) {
      failed(refused);
    }
  }

  private void failed(Throwable e) {
    if (runtime.later(outage.failed(e), this::start) == null) {
      synchronized (this) {
        running = false; // whoever is next begins again; after a stop, all is delivered again
      }
    }
  }

  /** Whether attempts must wait until what they bring can be written. */
  public synchronized boolean isBehind() {
    return waiting.size() >= MAX_WAITING
        || bytes >= maxBytes
        || (outage.isOn() && (doubtfulSince == null || waiting.size() >= MAX_DOUBTFUL));
  }

  /**
   * Looks that wait for another time are left alone from now on. Outcomes that were set aside are
   * tried again at once, a few times, and given up then.
   */
  public void stop() {
    synchronized (this) {
      stopping = true;
    }
    alarm.cancel();
    refused.stop();
    check();
  }

  public UnwrittenOutcomes unwritten() {
    return new UnwrittenOutcomes(
        refused.size(),
        refused.lastRefusal(),
        decisions.waitingLong(),
        Optional.ofNullable(doubtfulSince),
        missing.count(),
        missing.lastAt());
  }

  public synchronized boolean isIdle() {
    return !running && !(stopping && refused.size() > 0);
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
    List<PendingOutcome> batch = peek();
    Instant now = runtime.now();
    if (batch.isEmpty() && !goesOn(now)) {
      outage.over(); // nothing is left that a storage could fail to take
      return false;
    }
    Optional<RefusedOutcomes.Again> again = refused.takeDue(now);
    if (again.isPresent()) {
      tryAgain(again.get());
      return true;
    }
    Map<String, PauseCheck> checks = decisions.checks(batch);
    if (batch.isEmpty() && checks.isEmpty()) {
      return true; // its time has almost come
    }
    Recorded recorded;
    try {
      recorded = storage.record(outcomes(batch), watches(checks), now);
    } catch (RuntimeException e) {
      if (isUnavailable(e)) {
        doubtfulSince = null;
        throw e;
      }
      isolate(batch, checks.keySet(), e);
      return true;
    }
    remove(batch.size());
    limit = Math.min(MAX_BATCH, 2 * limit);
    written(batch, checks, recorded);
    if (isWorthWaiting()) {
      gather();
      return false;
    }
    return true;
  }

  private void written(
      List<PendingOutcome> batch, Map<String, PauseCheck> checks, Recorded recorded) {
    outage.over();
    if (!batch.isEmpty()) {
      doubtfulSince = null;
      refused.committed();
    }
    Map<String, Pause> paused = decisions.settle(batch, checks.keySet(), recorded);
    announcer.written(batch, checks, recorded, paused);
  }

  /** Whether the storage cannot work at the moment, rather than refuse what it was asked. */
  private static boolean isUnavailable(RuntimeException e) {
    return e instanceof StorageException failure
        && failure.reason() != SenderReason.STORAGE_REFUSED
        && failure.reason() != SenderReason.STORAGE_CORRUPT;
  }

  /** Looks for what the storage refuses, rather than cannot do at the moment. */
  private void isolate(List<PendingOutcome> batch, Set<String> watched, RuntimeException e) {
    if (decisions.refused(watched, batch)) {
      SafeRunner.log(() -> LOG.debug("Pause checks could not be repeated", e));
    } else if (batch.size() > 1) {
      limit = batch.size() / 2;
    } else {
      writeInPart(RefusedOutcomes.Again.first(batch.get(0)), e);
      remove(1);
      doubt(e);
    }
  }

  /** So many refused one after another, and none written: then it is the storage. */
  private void doubt(RuntimeException e) {
    List<PendingOutcome> suspects = refused.tooManySuspects();
    if (!suspects.isEmpty()) {
      suspects.forEach(this::keep);
      doubtfulSince = doubtfulSince == null ? runtime.now() : doubtfulSince;
      throw e;
    }
  }

  private void tryAgain(RefusedOutcomes.Again again) {
    try {
      writeInPart(again, null);
    } catch (RuntimeException | Error e) {
      refused.putBack(again);
      throw e;
    }
  }

  /**
   * Writes as much of an outcome as the storage takes, or sets it aside. Without its attempt, a
   * delivery ends only if others are written with theirs.
   */
  private void writeInPart(RefusedOutcomes.Again again, @Nullable RuntimeException refusal) {
    PendingOutcome pending = again.pending();
    Outcome bare = pending.outcome().withoutTexts(REFUSED);
    RuntimeException last = refusal;
    for (Outcome part : List.of(pending.outcome(), bare, bare.withoutLog())) {
      if (part.isLogged() || again.isRefused()) {
        try {
          Recorded recorded = storage.record(List.of(part), Map.of(), runtime.now());
          writtenInPart(pending, part, recorded, last);
          return;
        } catch (RuntimeException e) {
          if (isUnavailable(e)) {
            throw e;
          }
          last = e;
        }
      }
    }
    refused.add(again, Objects.requireNonNull(last));
  }

  private void writtenInPart(
      PendingOutcome whole, Outcome part, Recorded recorded, @Nullable RuntimeException refusal) {
    PendingOutcome pending = new PendingOutcome(part, whole.delivery(), whole.policy());
    if (refusal != null) {
      refused.writtenInPart();
      SafeRunner.log(() -> LOG.error(
          "{}: its outcome is written without {}, which the storage refused",
          part.lease().deliveryId(),
          !part.isLogged()
              ? "its attempt"
              : part.equals(whole.outcome())
                  ? "looking at its webhook"
                  : "what the endpoint answered",
          refusal));
    }
    written(List.of(pending), Map.of(), recorded);
    decisions.putOff(List.of(pending));
  }

  private synchronized boolean isWorthWaiting() {
    return !waiting.isEmpty() && waiting.size() < ENOUGH;
  }

  private synchronized List<PendingOutcome> peek() {
    List<PendingOutcome> batch = new ArrayList<>(Math.min(waiting.size(), limit));
    for (PendingOutcome pending : waiting) {
      if (batch.size() == limit) {
        break;
      }
      batch.add(pending);
    }
    return batch;
  }

  private synchronized boolean hasWork() {
    Instant now = runtime.now();
    return !waiting.isEmpty() || refused.isDue(now) || (!stopping && decisions.isDue(now));
  }

  /** Whether something is to be done though nothing waits; if not, when it will be. */
  private boolean goesOn(Instant now) {
    Optional<Instant> look;
    synchronized (this) {
      running = hasWork();
      if (running) {
        return true;
      }
      look = stopping ? Optional.empty() : decisions.nextAt();
    }
    Stream.of(look, refused.nextAt())
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder())
        .ifPresent(next -> alarm.set(Duration.between(now, next)));
    return false;
  }

  private synchronized void remove(int count) {
    for (int i = 0; i < count; i++) {
      bytes -= waiting.remove().bytes();
    }
  }

  private static Map<String, FailureWatch> watches(Map<String, PauseCheck> checks) {
    Map<String, FailureWatch> watches = new HashMap<>();
    checks.forEach((id, check) -> watches.put(id, check.watch()));
    return watches;
  }

  private static List<Outcome> outcomes(List<PendingOutcome> batch) {
    return batch.stream().map(PendingOutcome::outcome).toList();
  }
}
