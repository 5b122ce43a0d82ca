package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.sender.internal.secret.SecretCodec;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One run of a node, from its start to its crash or stop, and what the model notes of it. */
final class NodeRun extends TaskOwner {
  /** How long a record may take, in microseconds, before it explains a repetition. */
  static final long SLOW = 1_000_000;

  /** How often a node that stops tries at least to write an outcome. */
  private static final int LAST_TRIES = 4;

  final int node;
  final NodeClock clock;

  /** Leases under which nothing was sent yet. */
  final List<LeaseModel> idle = new ArrayList<>();

  final Map<String, Integer> inFlight = new HashMap<>();

  /** When it began attempts, by webhook, where the rate is limited. */
  final Map<String, List<Long>> starts = new HashMap<>();

  /** When the records began that have not returned yet. */
  final List<Long> records = new ArrayList<>();

  private long lastTrouble = -1;
  private boolean cut;

  /** How it reads and stores secrets. */
  final SecretCodec secretCodec;

  NodeRun(int node, int number, NodeClock clock, SecretCodec secretCodec) {
    super("n" + node + "." + number);
    this.node = node;
    this.clock = clock;
    this.secretCodec = secretCodec;
  }

  Instant time() {
    return clock.instant();
  }

  /** Since when it has run without a freeze, by its own clock. */
  Instant runningSince(long now) {
    return time().minus(now - frozenUntil(), ChronoUnit.MICROS);
  }

  /** Something happened at this time that may make it send what others send as well. */
  void trouble(long now) {
    lastTrouble = Math.max(lastTrouble, now);
  }

  /** What it has written, and its listener must be told of. */
  final Set<String> untold = new LinkedHashSet<>();

  /** The webhooks whose failures it has written and not looked at since, and since when. */
  final Map<String, Instant> toLookAt = new HashMap<>();

  /**
   * The ends of attempts that its last call has written and not looked at, and that said "gone".
   */
  final Map<WebhookModel, Set<Instant>> goneOfCall = new LinkedHashMap<>();

  /** The pauses that it has made and its listener must be told of, and since when. */
  final Map<UntoldPause, Instant> untoldPauses = new HashMap<>();

  /** A webhook and how it was paused. */
  record UntoldPause(String id, Pause pause) {}

  /** Its listener or what that waits for was slow, so that a stop may not have told all. */
  boolean listenerHeldUp;

  /** It did not end in good order. */
  boolean hasCrashed;

  /** When it stopped, its grace was over before all was done. */
  boolean wasCut;

  /** When it was told to stop; null before. */
  @Nullable
  Instant stopping;

  /** How often the storage has failed to write outcomes since it was told to stop. */
  int failedRecordsOfStop;

  /** Whether the storage has refused outcomes so often that a stop may have given them up. */
  boolean mayHaveGivenUp() {
    return failedRecordsOfStop >= LAST_TRIES;
  }

  /** When what is in flight is cut off, in the microseconds of the world. */
  long endOfGrace = Long.MAX_VALUE;

  /** It has stopped: nothing comes of it any more. */
  boolean isStopped;

  /** What it has in flight is given back. */
  void cutOff() {
    cut = true;
  }

  /** Whether a crash, freeze, cut, or a failed or slow record since then explains a repetition. */
  boolean hadTroubleSince(long time, long now) {
    return !isAlive()
        || cut
        || now >= endOfGrace
        || lastTrouble >= time
        || frozenUntil() >= time
        || records.stream().anyMatch(start -> now - start > SLOW);
  }

  boolean isStopping() {
    return stopping != null;
  }

  /** Whether it was told to stop, or was frozen, before it could write what ended then. */
  boolean hadNoTimeFor(AttemptModel attempt, Duration needed) {
    return (stopping != null && attempt.ended().plus(needed).isAfter(stopping))
        || frozenUntil() >= attempt.sentAt;
  }

  boolean isCut() {
    return cut;
  }

  int inFlight() {
    return inFlight.values().stream().mapToInt(Integer::intValue).sum();
  }
}
