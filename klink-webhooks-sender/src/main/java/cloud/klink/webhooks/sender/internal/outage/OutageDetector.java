package cloud.klink.webhooks.sender.internal.outage;

import cloud.klink.webhooks.sender.internal.outage.HostHistory.Standing;
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
 * The rule of {@link OutagePolicy}: told of each attempt that ends, it says which count, which are
 * spared, and whether an outage begins or ends. Has no clock and no callbacks. Not thread-safe.
 *
 * @param <T> what stands for an attempt
 */
final class OutageDetector<T> {
  /** So many undecided attempts are held; beyond them, more of the same hosts are not. */
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

  /** How far an attempt got. */
  enum Reach {
    /** The endpoint, or the machine that it runs on, answered. */
    ANSWERED,
    /** No connection came about. */
    UNREACHABLE,
    /** A connection stood, perhaps from before, and no answer came over it. */
    SILENT,
    /** This node did not try. */
    NOTHING_SENT
  }

  /** What changes by a decision. */
  enum Change {
    NONE,
    OUTAGE_BEGINS,
    OUTAGE_ENDS
  }

  /** An attempt that is not decided yet. */
  private record Held<T>(T attempt, Start start, String host, Instant endedAt) {}

  /**
   * When an attempt began.
   *
   * @param answers {@link #answers} at that time
   */
  record Start(Instant at, long answers) {}

  /**
   * What is to be done.
   *
   * @param counting attempts that count
   * @param spared attempts that are as if they had never been made
   * @param change whether an outage begins or ends
   * @param decisionAt when {@link #expire} is to be called; empty if nothing is held
   */
  record Decision<T>(
      List<T> counting, List<T> spared, Change change, Optional<Instant> decisionAt) {}

  /**
   * A detector on a node that no endpoint has answered yet.
   *
   * @param maxHosts how many hosts of each kind are remembered
   */
  OutageDetector(OutagePolicy policy, int maxHosts) {
    this.policy = policy;
    this.maxHosts = maxHosts;
    this.hosts = new HostHistory(maxHosts);
  }

  /** How many answers there were: to be noted when an attempt begins. */
  long answers() {
    return answers;
  }

  /** Since when there is an outage; null if there is none. */
  @Nullable
  Instant since() {
    return since;
  }

  /**
   * An attempt has ended.
   *
   * @param now when it ended
   * @return what is to be done with it, and with what was held
   */
  Decision<T> ended(T attempt, Start start, String host, Reach reach, Instant now) {
    return switch (reach) {
      case ANSWERED -> answered(attempt, start, host, now);
      case UNREACHABLE -> unreachable(new Held<>(attempt, start, host, now));
      case NOTHING_SENT -> counting(List.of(attempt), now);
      case SILENT -> {
        boolean counts =
            hosts.standing(host, start.answers()) == Standing.DEAD || !isOfAnOutage(start);
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
    if (hosts.standing(host, failure.start().answers()) == Standing.DEAD) {
      hosts.failed(host, answers);
      return counting(List.of(failure.attempt()), failure.endedAt());
    }
    if (isOfAnOutage(failure.start())) {
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

  /** Whether it ends in an outage, or began before the end of one. */
  private boolean isOfAnOutage(Start start) {
    return since != null || start.answers() < answersAtEnd;
  }

  private void failedInPastOutage(Held<T> failure) {
    if (!hosts.hasAnsweredAfter(failure.host(), failure.start().answers())) {
      hosts.failedInOutage(failure.host(), answers);
    }
  }

  /**
   * Whether an answer shows that the network worked, so that the host is to blame. Of a host that
   * is not known, any answer since it began will do. A host that has answered before gets the
   * benefit of the doubt: what was answered must not have begun before, and the answer must not
   * have come long before the failure, for the network may have gone between.
   */
  private boolean isRefuted(Held<T> failure) {
    if (failure.start().answers() >= answers) {
      return false;
    }
    Standing standing = hosts.standing(failure.host(), failure.start().answers());
    boolean hasAnswered = standing == Standing.LIVES || standing == Standing.ON_TRIAL;
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

  /** Whether its failure can make an outage with those of others that are not dead. */
  private boolean canBegin(String host) {
    return answers == 0 || hosts.standing(host, answers) == Standing.LIVES;
  }

  /** Those count whose time is over. */
  Decision<T> expire(Instant now) {
    return counting(List.of(), now);
  }

  /** Decides nothing any more: attempts that are held or still under way are spared. */
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
      // A clock that was set back must not make it last longer.
      boolean waits =
          now.isBefore(first.endedAt().plus(policy.window())) && !now.isBefore(first.endedAt());
      if (waits) {
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
