package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.internal.outcome.SetAsideOutcomes.Cause;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Recorded;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one outcome alone: as much of it as the storage accepts. If it accepts nothing, the
 * outcome is set aside. Handles the results of calls, those of batches too. Only one thread may
 * call this at a time.
 */
final class SingleOutcomeWriter {
  // People who look for what was written, and what not, find it under one logger.
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeWriter.class);
  private static final String REFUSED = "the endpoint's answer is not kept: the storage refused it";

  private final Storage storage;
  private final DispatchRuntime runtime;
  private final PendingPauseChecks pauseChecks;
  private final SetAsideOutcomes setAside;

  SingleOutcomeWriter(
      Storage storage,
      DispatchRuntime runtime,
      PendingPauseChecks pauseChecks,
      SetAsideOutcomes setAside) {
    this.storage = storage;
    this.runtime = runtime;
    this.pauseChecks = pauseChecks;
    this.setAside = setAside;
  }

  /**
   * Whether an exception shows that the storage is unavailable, rather than that it refused this
   * call.
   */
  static boolean isUnavailable(RuntimeException e) {
    return e instanceof StorageException failure
        && failure.reason() != SenderReason.STORAGE_REFUSED
        && failure.reason() != SenderReason.STORAGE_CORRUPT;
  }

  /** Whether the storage can commit. */
  boolean isWorking() {
    try {
      storage.awaitCopies();
      return true;
    } catch (RuntimeException e) {
      SafeRunner.log(() -> LOG.debug("The storage cannot commit", e));
      return false;
    }
  }

  /**
   * Writes an outcome that had been set aside. A failure is thrown only if the storage cannot
   * commit anything else either.
   */
  Optional<WrittenOutcomes> writeAgain(SetAsideOutcomes.Rewrite rewrite) {
    try {
      return write(rewrite, null);
    } catch (RuntimeException | Error e) {
      boolean isOutcomeTheReason = e instanceof RuntimeException && isWorking();
      setAside(isOutcomeTheReason ? rewrite : rewrite.asSuspect(), Cause.FAILED, e);
      if (!isOutcomeTheReason) {
        throw e;
      }
      return Optional.empty();
    } finally {
      setAside.endTry();
    }
  }

  /**
   * Writes as much of an outcome as the storage accepts, or sets it aside. It is written without
   * its attempt only if the storage commits other outcomes.
   */
  Optional<WrittenOutcomes> write(
      SetAsideOutcomes.Rewrite rewrite, @Nullable RuntimeException refusal) {
    PendingOutcome pending = rewrite.pending();
    Outcome withoutTexts = pending.outcome().withoutTexts(REFUSED);
    RuntimeException last = refusal;
    for (Outcome part : List.of(pending.outcome(), withoutTexts, withoutTexts.withoutLog())) {
      if (part.isLogged() || rewrite.isRefused()) {
        try {
          Recorded recorded = storage.record(List.of(part), Map.of(), runtime.now());
          if (recorded.lockedDeliveries().contains(part.lease())) {
            setAside(rewrite, Cause.LOCKED, null);
            return Optional.empty();
          }
          return Optional.of(writtenInPart(pending, part, recorded, last));
        } catch (RuntimeException e) {
          if (isUnavailable(e)) {
            throw e;
          }
          last = e;
        }
      }
    }
    setAside(rewrite, Cause.REFUSED, Objects.requireNonNull(last));
    return Optional.empty();
  }

  private WrittenOutcomes writtenInPart(
      PendingOutcome whole, Outcome part, Recorded recorded, @Nullable RuntimeException refusal) {
    PendingOutcome pending = new PendingOutcome(part, whole.delivery(), whole.policy());
    if (refusal != null) {
      setAside.writtenInPart();
      SafeRunner.log(() -> LOG.error(
          "{}: its outcome is written without {}, which the storage refused",
          part.lease().deliveryId(),
          !part.isLogged()
              ? "its attempt"
              : part.equals(whole.outcome())
                  ? "the pause check of its webhook"
                  : "the endpoint's answer",
          refusal));
    }
    WrittenOutcomes written = written(List.of(pending), Map.of(), recorded);
    pauseChecks.postpone(List.of(pending));
    return written;
  }

  /** Handles the result of a call that wrote outcomes, or made pause checks, or both. */
  WrittenOutcomes written(
      List<PendingOutcome> batch, Map<String, PauseCheck> checks, Recorded recorded) {
    if (!batch.isEmpty()) {
      setAside.committed();
    }
    setAside.hasten(batch);
    Map<String, Pause> paused = pauseChecks.settle(batch, checks.keySet(), recorded);
    return new WrittenOutcomes(batch, checks, recorded, paused);
  }

  /** Sets those outcomes aside that were not written since their delivery is locked. */
  List<PendingOutcome> setAsideLocked(List<PendingOutcome> batch, Recorded recorded) {
    Set<Lease> locked = recorded.lockedDeliveries();
    if (locked.isEmpty()) {
      return batch;
    }
    Map<Boolean, List<PendingOutcome>> parts = batch.stream()
        .collect(Collectors.partitioningBy(one -> locked.contains(one.outcome().lease())));
    Objects.requireNonNull(parts.get(true))
        .forEach(one -> setAside(SetAsideOutcomes.Rewrite.first(one), Cause.LOCKED, null));
    return Objects.requireNonNull(parts.get(false));
  }

  /**
   * Sets an outcome aside. Its webhook is checked without it, if this or an earlier call, whose
   * result is unknown, may have written a failure or paused it.
   */
  void setAside(SetAsideOutcomes.Rewrite rewrite, Cause cause, @Nullable Throwable why) {
    setAside.add(rewrite, cause, why);
    if (cause == Cause.FAILED) {
      pauseChecks.postpone(List.of(rewrite.pending()));
    } else {
      pauseChecks.postponeUnconfirmed(rewrite.pending());
    }
  }
}
