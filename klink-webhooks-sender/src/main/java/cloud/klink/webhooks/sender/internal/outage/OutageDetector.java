package cloud.klink.webhooks.sender.internal.outage;

import cloud.klink.webhooks.sender.internal.outage.HostHistory.HostState;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies {@link OutagePolicy}: for each ended attempt it decides which attempts count, which are
 * spared, and whether an outage begins or ends. Has no clock and no callbacks. Not thread-safe.
 *
 * @param <T> the type of attempts
 */
final class OutageDetector<T> {
  /** The most undecided attempts that are held; beyond it, only the first of each host is. */
  static final int MAX_HELD = 1_000;

  private final OutagePolicy policy;
  private final int maxHosts;
  private final HostHistory hosts;
  private final ArrayDeque<Held<T>> held = new ArrayDeque<>();
  private final Set<String> failedHosts = new LinkedHashSet<>();
  private long answers;
  private long answersAtEnd;
  private Instant lastAnswer = Instant.MIN;
  private Instant lastAnswered = Instant.MIN;
  private @Nullable Instant since;
  private boolean closed;

  /** How far an attempt has got. */
  enum Reach {
    /** The endpoint, or the machine that it runs on, answered. */
    ANSWERED,
    /** No connection was established. */
    UNREACHABLE,
    /** There was a connection, perhaps an old one, but no answer. */
    SILENT,
    /** This node did not try. */
    NOTHING_SENT
  }

  /** The change that a decision makes. */
  enum Change {
    NONE,
    OUTAGE_BEGINS,
    OUTAGE_ENDS
  }

  /** An undecided attempt. */
  private record Held<T>(T attempt, Start start, String host, Instant endedAt) {}

  /**
   * The begin of an attempt.
   *
   * @param answers {@link #answers} at that time
   */
  record Start(Instant at, long answers) {}

  /**
   * A decision.
   *
   * @param counting attempts that count
   * @param spared attempts that do not count, as if they had not been made
   * @param change whether an outage begins or ends
   * @param decisionAt when {@link #expire} is to be called; empty if nothing is held
   */
  record Decision<T>(
      List<T> counting, List<T> spared, Change change, Optional<Instant> decisionAt) {}

  /**
   * A detector on a node that no endpoint has answered yet.
   *
   * @param maxHosts the most hosts of each kind that are kept
   */
  OutageDetector(OutagePolicy policy, int maxHosts) {
    this.policy = policy;
    this.maxHosts = maxHosts;
    this.hosts = new HostHistory(maxHosts);
  }

  /** The number of answers so far, to be noted at the begin of an attempt. */
  long answers() {
    return answers;
  }

  /** The begin of the outage; null if there is none. */
  @Nullable
  Instant since() {
    return since;
  }

  /**
   * Handles the end of an attempt.
   *
   * @param now the time of its end
   * @return the decision on it and on held attempts
   */
  Decision<T> ended(T attempt, Start start, String host, Reach reach, Instant now) {
    return switch (reach) {
      case ANSWERED -> answered(attempt, start, host, now);
      case UNREACHABLE -> unreachable(new Held<>(attempt, start, host, now));
      case NOTHING_SENT -> counting(List.of(attempt), now);
      case SILENT -> {
        boolean counts =
            hosts.state(host, start.answers()) == HostState.DEAD || !belongsToOutage(start);
        yield counts ? counting(List.of(attempt), now) : spared(List.of(attempt), now);
      }
    };
  }

  private Decision<T> answered(T attempt, Start start, String host, Instant now) {
    answers++;
    lastAnswer = now;
    lastAnswered = start.at().isAfter(lastAnswered) ? start.at() : lastAnswered;
    List<T> counting = expired(now);
    List<Held<T>> refuted = held.stream().filter(this::isRefuted).toList();
    held.removeAll(Set.copyOf(refuted));
    for (Held<T> failure : refuted) {
      counting.add(failure.attempt());
      hosts.failed(failure.host(), answers);
    }
    counting.add(attempt);
    Change change = Change.NONE;
    if (since != null) {
      since = null;
      answersAtEnd = answers;
      failedHosts.forEach(failed -> hosts.failedInOutage(failed, answers));
      failedHosts.clear();
      change = Change.OUTAGE_ENDS;
    }
    hosts.answered(host, answers);
    return new Decision<>(counting, List.of(), change, decisionAt());
  }

  private Decision<T> unreachable(Held<T> failure) {
    String host = failure.host();
    if (hosts.state(host, failure.start().answers()) == HostState.DEAD) {
      hosts.failed(host, answers);
      return counting(List.of(failure.attempt()), failure.endedAt());
    }
    if (belongsToOutage(failure.start())) {
      if (since == null) {
        failedInPastOutage(failure);
      } else if (failedHosts.size() < maxHosts) {
        failedHosts.add(host);
      }
      return spared(List.of(failure.attempt()), failure.endedAt());
    }
    if (isRefuted(failure)) {
      hosts.failed(host, answers);
      return counting(List.of(failure.attempt()), failure.endedAt());
    }
    if (closed) {
      return spared(List.of(failure.attempt()), failure.endedAt());
    }
    return hold(failure);
  }

  /** Whether an attempt ended in an outage, or began before the end of one. */
  private boolean belongsToOutage(Start start) {
    return since != null || start.answers() < answersAtEnd;
  }

  private void failedInPastOutage(Held<T> failure) {
    if (!hosts.hasAnsweredAfter(failure.host(), failure.start().answers())) {
      hosts.failedInOutage(failure.host(), answers);
    }
  }

  /**
   * Whether an answer shows that the network worked, so that the host itself failed. For an unknown
   * host, any answer since the attempt began shows that. For a host that has answered before, the
   * answered attempt must not have begun earlier, and the answer must not be much older than the
   * failure, since the network may have failed in between.
   */
  private boolean isRefuted(Held<T> failure) {
    if (failure.start().answers() >= answers) {
      return false;
    }
    HostState state = hosts.state(failure.host(), failure.start().answers());
    boolean hasAnswered = state == HostState.LIVES || state == HostState.ON_TRIAL;
    return !hasAnswered
        || (!lastAnswered.isBefore(failure.start().at())
            && !lastAnswer.plus(policy.window()).isBefore(failure.endedAt()));
  }

  private Decision<T> hold(Held<T> failure) {
    List<T> over = expired(failure.endedAt());
    Set<String> voting = new HashSet<>();
    held.forEach(other -> voting.add(other.host()));
    boolean isNew = voting.add(failure.host());
    if (held.size() >= MAX_HELD && !(isNew && canBegin(failure.host()))) {
      over.add(failure.attempt());
      return counting(over, failure.endedAt());
    }
    held.add(failure);
    if (voting.size() < policy.hosts() || voting.stream().noneMatch(this::canBegin)) {
      return counting(over, failure.endedAt());
    }
    since = failure.endedAt();
    voting.stream().limit(maxHosts).forEach(failedHosts::add);
    return new Decision<>(over, releaseAll(), Change.OUTAGE_BEGINS, Optional.empty());
  }

  /** Whether a host's failure can begin an outage, together with those of other live hosts. */
  private boolean canBegin(String host) {
    return answers == 0 || hosts.state(host, answers) == HostState.LIVES;
  }

  /** Lets held attempts count whose window is over. */
  Decision<T> expire(Instant now) {
    return counting(List.of(), now);
  }

  /** Makes no more decisions: held attempts and those in progress are spared. */
  Decision<T> close() {
    closed = true;
    return new Decision<>(List.of(), releaseAll(), Change.NONE, Optional.empty());
  }

  private Decision<T> counting(List<T> attempts, Instant now) {
    List<T> counting = expired(now);
    counting.addAll(attempts);
    return new Decision<>(counting, List.of(), Change.NONE, decisionAt());
  }

  private Decision<T> spared(List<T> attempts, Instant now) {
    return new Decision<>(expired(now), attempts, Change.NONE, decisionAt());
  }

  private List<T> expired(Instant now) {
    List<T> over = new ArrayList<>();
    for (Held<T> first = held.peek(); first != null; first = held.peek()) {
      // A clock that was set back must not lengthen the window.
      boolean isHeld =
          now.isBefore(first.endedAt().plus(policy.window())) && !now.isBefore(first.endedAt());
      if (isHeld) {
        break;
      }
      over.add(first.attempt());
      held.remove();
    }
    return over;
  }

  private Optional<Instant> decisionAt() {
    return Optional.ofNullable(held.peek()).map(first -> first.endedAt().plus(policy.window()));
  }

  private List<T> releaseAll() {
    List<T> all = new ArrayList<>();
    held.forEach(failure -> all.add(failure.attempt()));
    held.clear();
    return all;
  }
}
