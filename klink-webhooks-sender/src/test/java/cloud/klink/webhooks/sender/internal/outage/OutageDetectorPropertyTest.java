package cloud.klink.webhooks.sender.internal.outage;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.internal.outage.OutageDetector.Change;
import cloud.klink.webhooks.sender.internal.outage.OutageDetector.Decision;
import cloud.klink.webhooks.sender.internal.outage.OutageDetector.Reach;
import cloud.klink.webhooks.sender.internal.outage.OutageDetector.Start;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The rule, against its sentences read one by one over all that has happened. */
class OutageDetectorPropertyTest {
  private static final Duration WINDOW = Duration.ofSeconds(5);
  private static final OutagePolicy POLICY = new OutagePolicy(3, WINDOW, Duration.ofSeconds(30));

  /** An attempt; it has ended when {@code end} is set. */
  private static final class Try {
    final int number;
    final String host;
    final Start start;
    Instant end = Instant.MAX;
    boolean isDecided;

    Try(int number, String host, Start start) {
      this.number = number;
      this.host = host;
      this.start = start;
    }

    @Override
    public String toString() {
      return number + " to " + host;
    }
  }

  /** What a host is taken for, kept in the plainest way. */
  private static final class Naive {
    /** After how many answers each host was dead. */
    final Map<String, Long> dead = new HashMap<>();

    /** The last answer of each host that answered and is not dead. */
    final Map<String, Long> answered = new HashMap<>();

    /** Hosts of these that have failed in an outage since. */
    final List<String> failedSince = new ArrayList<>();

    final List<Try> held = new ArrayList<>();
    final List<String> failed = new ArrayList<>();
    long answers;
    long answersAtEnd;
    Instant lastAnswer = Instant.MIN;
    Instant lastAnswered = Instant.MIN;
    boolean isOutage;

    final List<Try> counting = new ArrayList<>();
    final List<Try> spared = new ArrayList<>();
    Change change = Change.NONE;

    void ended(Try one, Reach reach) {
      expire(one.end);
      boolean isOfAnOutage = isOutage || one.start.answers() < answersAtEnd;
      boolean isDead = dead.getOrDefault(one.host, Long.MAX_VALUE) <= one.start.answers();
      if (reach == Reach.ANSWERED) {
        answered(one);
      } else if (reach == Reach.NOTHING_SENT || isDead) {
        counting.add(one);
      } else if (isOfAnOutage) {
        spared.add(one);
        if (reach == Reach.UNREACHABLE && isOutage) {
          failed.add(one.host);
        } else if (reach == Reach.UNREACHABLE
            && answered.getOrDefault(one.host, -1L) <= one.start.answers()) {
          failedInOutage(one.host);
        }
      } else if (reach == Reach.SILENT) {
        counting.add(one);
      } else if (isRefuted(one)) {
        counting.add(one);
        die(one.host);
      } else {
        hold(one);
      }
    }

    private void answered(Try one) {
      answers++;
      lastAnswer = one.end;
      lastAnswered = one.start.at().isAfter(lastAnswered) ? one.start.at() : lastAnswered;
      List<Try> refuted = held.stream().filter(this::isRefuted).toList();
      held.removeAll(refuted);
      counting.addAll(refuted);
      counting.add(one);
      refuted.forEach(other -> die(other.host));
      if (isOutage) {
        isOutage = false;
        answersAtEnd = answers;
        failed.forEach(this::failedInOutage);
        failed.clear();
        change = Change.OUTAGE_ENDS;
      }
      dead.remove(one.host);
      failedSince.remove(one.host);
      answered.put(one.host, answers);
    }

    private boolean isRefuted(Try one) {
      boolean isKnown = answered.containsKey(one.host);
      return answers > one.start.answers()
          && (!isKnown
              || (!lastAnswered.isBefore(one.start.at())
                  && !lastAnswer.plus(WINDOW).isBefore(one.end)));
    }

    private void die(String host) {
      answered.remove(host);
      failedSince.remove(host);
      dead.putIfAbsent(host, answers);
    }

    private void failedInOutage(String host) {
      if (!answered.containsKey(host)) {
        die(host);
      } else if (!failedSince.contains(host)) {
        failedSince.add(host);
      }
    }

    private void hold(Try one) {
      held.add(one);
      List<String> hosts = held.stream().map(other -> other.host).distinct().toList();
      boolean isOneLiving =
          hosts.stream().anyMatch(h -> answered.containsKey(h) && !failedSince.contains(h));
      if (hosts.size() >= POLICY.hosts() && (isOneLiving || answers == 0)) {
        isOutage = true;
        change = Change.OUTAGE_BEGINS;
        failed.addAll(hosts);
        spared.addAll(held);
        held.clear();
      }
    }

    void expire(Instant now) {
      List<Try> over =
          held.stream().filter(one -> !one.end.plus(WINDOW).isAfter(now)).toList();
      held.removeAll(over);
      counting.addAll(over);
    }

    void close() {
      spared.addAll(held);
      held.clear();
    }
  }

  @Property(tries = 2_000)
  void decisions_whateverHappens_areThoseOfTheSentences(
      @ForAll long seed, @ForAll @IntRange(min = 3, max = 8) int hosts) {
    Random random = new Random(seed);
    OutageDetector<Try> detector = new OutageDetector<>(POLICY, 100);
    Naive naive = new Naive();
    List<Try> inFlight = new ArrayList<>();
    Instant now = Instant.EPOCH;
    boolean isNetworkUp = true;
    int number = 0;
    for (int step = 0; step < 200; step++) {
      now = now.plusMillis(random.nextInt(20) == 0 ? random.nextInt(8_000) : random.nextInt(200));
      isNetworkUp ^= random.nextInt(25) == 0;
      if (inFlight.isEmpty() || random.nextBoolean()) {
        Start start = new Start(now, detector.answers());
        inFlight.add(new Try(number++, "h" + random.nextInt(hosts), start));
      } else if (random.nextInt(10) == 0) {
        naive.expire(now);
        compare(detector.expire(now), naive);
      } else {
        Try one = inFlight.remove(random.nextInt(inFlight.size()));
        one.end = now;
        Reach reach = reach(random, isNetworkUp && !one.host.endsWith("0"));
        naive.ended(one, reach);
        compare(detector.ended(one, one.start, one.host, reach, now), naive);
      }
      assertThat(detector.since() != null).isEqualTo(naive.isOutage);
    }
    naive.close();
    compare(detector.close(), naive);
  }

  private static Reach reach(Random random, boolean isReachable) {
    return switch (random.nextInt(12)) {
      case 0 -> Reach.SILENT;
      case 1 -> Reach.NOTHING_SENT;
      default -> isReachable ? Reach.ANSWERED : Reach.UNREACHABLE;
    };
  }

  private static void compare(Decision<Try> decision, Naive naive) {
    assertThat(decision.counting()).containsExactlyInAnyOrderElementsOf(naive.counting);
    assertThat(decision.spared()).containsExactlyInAnyOrderElementsOf(naive.spared);
    assertThat(decision.change()).isEqualTo(naive.change);
    assertThat(decision.decisionAt())
        .isEqualTo(naive.held.stream().map(one -> one.end.plus(WINDOW)).findFirst());
    for (List<Try> list : List.of(decision.counting(), decision.spared())) {
      list.forEach(one -> {
        assertThat(one.isDecided).isFalse();
        one.isDecided = true;
      });
    }
    naive.counting.clear();
    naive.spared.clear();
    naive.change = Change.NONE;
  }

  @Property(tries = 50)
  void memory_ofManyHosts_keepsTheNewestAndTakesThoseForgottenForDead(
      @ForAll @IntRange(min = 1, max = 50) int limit) {
    HostHistory memory = new HostHistory(limit);
    for (int i = 0; i < 2 * limit; i++) {
      memory.answered("living" + i, i);
    }
    assertThat(memory.state("living0", 0)).isEqualTo(HostHistory.HostState.UNKNOWN);
    assertThat(memory.state("living" + limit, 0)).isEqualTo(HostHistory.HostState.LIVES);
    for (int i = 0; i < 2 * limit; i++) {
      memory.failed("dead" + i, 0);
    }
    assertThat(memory.state("dead0", 0)).isEqualTo(HostHistory.HostState.DEAD);
    assertThat(memory.state("dead" + limit, 0)).isEqualTo(HostHistory.HostState.DEAD);
    assertThat(memory.state("living" + limit, 0)).isEqualTo(HostHistory.HostState.LIVES);
  }
}
