package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.internal.outcome.SetAsideOutcomes.Cause;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Recorded;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes outcomes in batches, one batch at a time. A batch that fails is kept and repeated,
 * whatever was thrown.
 *
 * <p>A batch that fails although the storage is not {@code UNAVAILABLE} is halved, down to the one
 * outcome that the storage refuses. As much of that outcome is written as the storage accepts, or
 * it is set aside. An outcome counts as refused only if the storage commits others.
 *
 * <p>If the storage is {@code UNAVAILABLE}, outcomes are then written one by one, in case it fails
 * at one of them only. That one is set aside if the storage can commit something else. So is an
 * outcome whose delivery another session has locked. Outcomes that were set aside are written again
 * in turn with others, so that they keep none waiting.
 */
public final class OutcomeWriter {
  /**
   * How long a batch is collected while other attempts are in flight, since a transaction for each
   * outcome would cost far more.
   */
  public static final Duration GATHERING = Duration.ofMillis(1);

  private static final Logger LOG = LoggerFactory.getLogger(OutcomeWriter.class);
  private static final int MAX_BATCH = 500;

  /** The number of outcomes that are written without waiting for more. */
  private static final int WRITE_AT_ONCE = 100;

  /** The number of unwritten outcomes at which no more attempts are started. */
  private static final int MAX_WAITING = 2_000;

  /**
   * The same limit while the storage refuses all outcomes but seems to work; further outcomes show
   * whether it does.
   */
  private static final int MAX_WAITING_WHILE_REFUSED = 100;

  private final Storage storage;
  private final DispatchRuntime runtime;
  private final OutcomeAnnouncer announcer;
  private final long maxBytes;
  private final PendingPauseChecks pauseChecks;
  private final SetAsideOutcomes setAside;
  private final SingleOutcomeWriter single;
  private final MissingDeliveries missing;
  private final OutcomeQueue waiting = new OutcomeQueue();
  private volatile boolean stopping;
  private volatile @Nullable Instant refusedSince;
  private volatile int limit = MAX_BATCH;

  /** Whether the storage was unavailable for the last outcomes that were not set aside. */
  private boolean isUnavailable;

  /** Whether the last call wrote an outcome that had been set aside. */
  private boolean wasRewrite;

  /**
   * A writer without outcomes.
   *
   * @param maxBytes the unwritten bytes at which no more attempts are started
   * @param listener receives written outcomes
   */
  public OutcomeWriter(
      Storage storage, DispatchRuntime runtime, long maxBytes, DispatchListener listener) {
    this.storage = storage;
    this.runtime = runtime;
    this.maxBytes = maxBytes;
    this.missing = new MissingDeliveries(runtime);
    this.pauseChecks = new PendingPauseChecks(runtime);
    this.setAside = new SetAsideOutcomes(runtime);
    this.announcer = new OutcomeAnnouncer(listener, missing, setAside::contains);
    this.single = new SingleOutcomeWriter(storage, runtime, pauseChecks, setAside);
  }

  /** Adds an outcome to be written. */
  public void add(PendingOutcome pending) {
    waiting.add(pending);
  }

  /** Whether outcomes wait to be written, besides those that were set aside. */
  public boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /**
   * Whether attempts must wait until their outcomes can be written.
   *
   * @param isFailing whether the last {@link #write} failed
   */
  public boolean isBehind(boolean isFailing) {
    return waiting.size() >= MAX_WAITING
        || waiting.bytes() >= maxBytes
        || (refusedSince == null
            ? isFailing
            : waiting.size() + setAside.suspects() >= MAX_WAITING_WHILE_REFUSED);
  }

  /**
   * Begins a stop: pause checks are not repeated any more, and outcomes that were set aside are
   * tried again at once, a few times, and then given up.
   */
  public void stop() {
    stopping = true;
    setAside.stop();
  }

  public UnwrittenOutcomes unwritten() {
    return new UnwrittenOutcomes(
        setAside.size(),
        setAside.lastRefusal(),
        pauseChecks.waitingLong(),
        Optional.ofNullable(refusedSince),
        missing.count(),
        missing.lastAt());
  }

  /** Whether no outcome is left to be written before a stop. */
  public boolean isEmpty() {
    return waiting.isEmpty() && !(stopping && setAside.size() > 0);
  }

  /**
   * Writes a batch and outcomes that are due again. Returns when something was written, or when
   * nothing is due. Only one thread may call this at a time.
   *
   * @return the written outcomes; {@link #announce} must follow
   */
  public WrittenOutcomes write() {
    while (true) {
      List<PendingOutcome> batch = waiting.first(limit);
      Instant now = runtime.now();
      if (batch.isEmpty() && !isDue(now)) {
        return WrittenOutcomes.NOTHING;
      }
      Optional<WrittenOutcomes> written = write(batch, now);
      if (written.isPresent()) {
        refusedSince = written.get().batch().isEmpty() ? refusedSince : null;
        return written.get();
      }
    }
  }

  /**
   * Returns empty if nothing could be written, and the storage works or is not yet known to fail.
   */
  private Optional<WrittenOutcomes> write(List<PendingOutcome> batch, Instant now) {
    boolean isTurnOfOthers = wasRewrite && (!batch.isEmpty() || arePauseChecksDue(now));
    Optional<SetAsideOutcomes.Rewrite> rewrite =
        isTurnOfOthers ? Optional.empty() : setAside.takeDue(now);
    wasRewrite = rewrite.isPresent();
    if (rewrite.isPresent()) {
      return throwIfFailing(single.writeAgain(rewrite.get()));
    }
    Map<String, PauseCheck> checks = pauseChecks.checks(batch);
    if (batch.isEmpty() && checks.isEmpty()) {
      return Optional.empty(); // it is due in a moment
    }
    Recorded recorded;
    try {
      recorded = storage.record(outcomes(batch), watches(checks), now);
    } catch (RuntimeException e) {
      Map<String, PauseCheck> repeated = new HashMap<>(checks);
      batch.forEach(pending -> repeated.remove(pending.outcome().webhookId()));
      return SingleOutcomeWriter.isUnavailable(e)
          ? isolateFailure(batch, repeated, now, e)
          : isolate(batch, repeated, now, e);
    }
    List<PendingOutcome> written = single.setAsideLocked(batch, recorded);
    waiting.remove(batch.size());
    limit = Math.min(MAX_BATCH, 2 * limit);
    isUnavailable = false;
    return Optional.of(single.written(written, checks, recorded));
  }

  /** Reports written outcomes to the listener and the log. Never throws. */
  public void announce(WrittenOutcomes written) {
    announcer.announce(written);
  }

  /**
   * Narrows down the outcome at which the storage fails, if it does not fail altogether. The first
   * failure is taken for one of the storage.
   */
  private Optional<WrittenOutcomes> isolateFailure(
      List<PendingOutcome> batch,
      Map<String, PauseCheck> repeated,
      Instant now,
      RuntimeException e) {
    boolean isRepeated = isUnavailable;
    isUnavailable = true;
    refusedSince = null;
    limit = 1;
    if (isRepeated && !repeated.isEmpty()) {
      return checkAlone(batch, repeated, now, e);
    }
    if (isRepeated && batch.size() == 1) {
      return writeAlone(batch.get(0));
    }
    throw e;
  }

  /**
   * Repeats pause checks without outcomes, since the outcomes may be the reason for a failure. If
   * they are not, the checks are delayed.
   *
   * @param now when the checks were made; the failures that they need are counted back from then
   */
  private Optional<WrittenOutcomes> checkAlone(
      List<PendingOutcome> batch,
      Map<String, PauseCheck> checks,
      Instant now,
      RuntimeException failure) {
    RuntimeException last = failure;
    if (!batch.isEmpty()) {
      try {
        Recorded recorded = storage.record(List.of(), watches(checks), now);
        return Optional.of(single.written(List.of(), checks, recorded));
      } catch (RuntimeException e) {
        last = e;
      }
    }
    RuntimeException why = last;
    SafeRunner.log(() -> LOG.debug("Cannot repeat pause checks", why));
    pauseChecks.refused(checks.keySet());
    if (SingleOutcomeWriter.isUnavailable(why)) {
      throw why;
    }
    return Optional.empty();
  }

  /** Writes an outcome without a pause check, or sets it aside if the storage fails at it only. */
  private Optional<WrittenOutcomes> writeAlone(PendingOutcome pending) {
    SetAsideOutcomes.Rewrite first = SetAsideOutcomes.Rewrite.first(pending);
    Optional<WrittenOutcomes> written;
    try {
      written = single.write(first, null);
    } catch (RuntimeException e) {
      if (!single.isWorking()) {
        throw e;
      }
      single.setAside(first, Cause.FAILED, e);
      waiting.remove(1);
      return throwIfFailing(Optional.empty());
    }
    waiting.remove(1);
    return written;
  }

  /** Narrows down the outcome that the storage refuses. */
  private Optional<WrittenOutcomes> isolate(
      List<PendingOutcome> batch,
      Map<String, PauseCheck> repeated,
      Instant now,
      RuntimeException e) {
    if (!repeated.isEmpty()) {
      return checkAlone(batch, repeated, now, e);
    }
    if (batch.size() > 1) {
      limit = batch.size() / 2;
    } else {
      Optional<WrittenOutcomes> written =
          single.write(SetAsideOutcomes.Rewrite.first(batch.get(0)), e);
      waiting.remove(1);
      return throwIfFailing(written);
    }
    return Optional.empty();
  }

  /**
   * Throws if many outcomes in a row could not be written and none was, since the storage must be
   * failing.
   */
  private Optional<WrittenOutcomes> throwIfFailing(Optional<WrittenOutcomes> written) {
    setAside.takeFailure().ifPresent(why -> {
      refusedSince = refusedSince == null ? runtime.now() : refusedSince;
      throw new StorageException(
          SenderReason.STORAGE_REFUSED, "storage: it takes none of the last outcomes", why);
    });
    return written;
  }

  private boolean isDue(Instant now) {
    return !waiting.isEmpty() || setAside.isDue(now) || arePauseChecksDue(now);
  }

  private boolean arePauseChecksDue(Instant now) {
    return !stopping && pauseChecks.isDue(now);
  }

  /** When to write again: at once if many outcomes wait, otherwise when a repetition is due. */
  public Optional<Duration> nextIn() {
    Instant now = runtime.now();
    if (waiting.size() >= WRITE_AT_ONCE) {
      return Optional.of(Duration.ZERO);
    }
    Optional<Instant> check = stopping ? Optional.empty() : pauseChecks.nextAt();
    return Stream.of(check, setAside.nextAt())
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder())
        .map(next -> next.isAfter(now) ? Duration.between(now, next) : Duration.ZERO);
  }

  private static Map<String, PausePolicy> watches(Map<String, PauseCheck> checks) {
    Map<String, PausePolicy> watches = new HashMap<>();
    checks.forEach((id, check) -> watches.put(id, check.watch()));
    return watches;
  }

  private static List<Outcome> outcomes(List<PendingOutcome> batch) {
    return batch.stream().map(PendingOutcome::outcome).toList();
  }
}
