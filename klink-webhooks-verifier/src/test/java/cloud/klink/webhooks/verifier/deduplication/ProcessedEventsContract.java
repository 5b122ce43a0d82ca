package cloud.klink.webhooks.verifier.deduplication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ProcessedEvents} must do. To test one of your own, copy this class and give it
 * an empty memory.
 */
abstract class ProcessedEventsContract {
  private static final int THREADS = 16;
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38.123Z");
  private static final Duration LEASE = Duration.ofSeconds(25);
  private static final Instant LEASE_END = NOW.plus(LEASE);

  /** An empty memory, new for each test. */
  protected abstract ProcessedEvents memory();

  /** Another node's view of the same memory. */
  protected ProcessedEvents otherNode(ProcessedEvents memory) {
    return memory;
  }

  private static Claim claim(ProcessedEvents memory, String key, Instant now) {
    return memory.claim(key, now, now.plus(LEASE));
  }

  @Test
  void claim_ofAFreeKey_isNew() {
    Claim claim = claim(memory(), "evt_1", NOW);
    assertThat(ClaimState.of(claim)).isEqualTo(ClaimState.NEW);
    assertThat(claim.key()).isEqualTo("evt_1");
    assertThat(claim.token()).isNotEmpty();
  }

  @Test
  void claim_ofOtherKeys_isNew() {
    ProcessedEvents memory = memory();
    claim(memory, "evt_1", NOW);
    assertThat(ClaimState.of(claim(memory, "evt_2", NOW))).isEqualTo(ClaimState.NEW);
    assertThat(ClaimState.of(claim(memory, "EVT_1", NOW))).isEqualTo(ClaimState.NEW);
  }

  @Test
  void claim_ofTheLongestKey_isNewOnce() {
    ProcessedEvents memory = memory();
    String key = "k".repeat(ProcessedEvents.MAX_KEY_LENGTH);
    Claim claim = claim(memory, key, NOW);
    assertThat(ClaimState.of(claim)).isEqualTo(ClaimState.NEW);
    assertThat(memory.done(claim, NOW)).isTrue();
    assertThat(ClaimState.of(claim(memory, key, NOW))).isEqualTo(ClaimState.DONE);
  }

  @Test
  void claim_duringTheLease_isInProgress() {
    ProcessedEvents memory = memory();
    claim(memory, "evt_1", NOW);
    Claim again = claim(otherNode(memory), "evt_1", LEASE_END.minusMillis(1));
    assertThat(ClaimState.of(again)).isEqualTo(ClaimState.IN_PROGRESS);
    assertThat(again.token()).isEmpty();
  }

  @Test
  void claim_atTheEndOfTheLease_isNew() {
    ProcessedEvents memory = memory();
    Claim first = claim(memory, "evt_1", NOW);
    Claim second = claim(otherNode(memory), "evt_1", LEASE_END);
    assertThat(ClaimState.of(second)).isEqualTo(ClaimState.NEW);
    assertThat(second.token()).isNotEqualTo(first.token());
  }

  @Test
  void claim_afterDone_isDone() {
    ProcessedEvents memory = memory();
    assertThat(memory.done(claim(memory, "evt_1", NOW), NOW)).isTrue();
    assertThat(ClaimState.of(claim(otherNode(memory), "evt_1", NOW))).isEqualTo(ClaimState.DONE);
  }

  @Test
  void claim_afterDoneAndTheEndOfTheLease_isDone() {
    ProcessedEvents memory = memory();
    memory.done(claim(memory, "evt_1", NOW), NOW);
    assertThat(ClaimState.of(claim(memory, "evt_1", LEASE_END.plusSeconds(1))))
        .isEqualTo(ClaimState.DONE);
  }

  @Test
  void claim_afterRelease_isNew() {
    ProcessedEvents memory = memory();
    Claim claim = claim(memory, "evt_1", NOW);
    assertThat(memory.release(claim)).isTrue();
    assertThat(ClaimState.of(claim(otherNode(memory), "evt_1", NOW))).isEqualTo(ClaimState.NEW);
  }

  @Test
  void done_afterTheLeaseThatNobodyTookOver_counts() {
    ProcessedEvents memory = memory();
    Claim claim = claim(memory, "evt_1", NOW);
    assertThat(memory.done(claim, LEASE_END.plusSeconds(60))).isTrue();
  }

  @Test
  void renew_ofAClaim_prolongsIt() {
    ProcessedEvents memory = memory();
    Claim claim = claim(memory, "evt_1", NOW);
    assertThat(memory.renew(claim, LEASE_END.plusSeconds(10))).isTrue();
    assertThat(ClaimState.of(claim(memory, "evt_1", LEASE_END.plusSeconds(9))))
        .isEqualTo(ClaimState.IN_PROGRESS);
    assertThat(ClaimState.of(claim(memory, "evt_1", LEASE_END.plusSeconds(10))))
        .isEqualTo(ClaimState.NEW);
  }

  @Test
  void renew_afterTheLeaseThatNobodyTookOver_counts() {
    ProcessedEvents memory = memory();
    Claim claim = claim(memory, "evt_1", NOW);
    assertThat(memory.renew(claim, LEASE_END.plusSeconds(60))).isTrue();
    assertThat(ClaimState.of(claim(memory, "evt_1", LEASE_END.plusSeconds(1))))
        .isEqualTo(ClaimState.IN_PROGRESS);
  }

  @Test
  void oldOwner_afterATakeOver_changesNothing() {
    ProcessedEvents memory = memory();
    Claim old = claim(memory, "evt_1", NOW);
    Claim current = claim(otherNode(memory), "evt_1", LEASE_END);

    assertThat(memory.release(old)).isFalse();
    assertThat(memory.renew(old, LEASE_END.plusSeconds(99))).isFalse();
    assertThat(memory.done(old, LEASE_END)).isFalse();

    assertThat(ClaimState.of(claim(memory, "evt_1", LEASE_END))).isEqualTo(ClaimState.IN_PROGRESS);
    assertThat(memory.done(current, LEASE_END)).isTrue();
    assertThat(ClaimState.of(claim(memory, "evt_1", LEASE_END))).isEqualTo(ClaimState.DONE);
  }

  @Test
  void oldOwner_afterATakeOverThatWasReleasedAndClaimedAnew_changesNothing() {
    ProcessedEvents memory = memory();
    Claim old = claim(memory, "evt_1", NOW);
    memory.release(claim(memory, "evt_1", LEASE_END));
    assertThat(memory.done(old, LEASE_END)).isFalse();
    claim(memory, "evt_1", LEASE_END);
    assertThat(memory.done(old, LEASE_END)).isFalse();
    assertThat(memory.release(old)).isFalse();
  }

  @Test
  void owner_afterDone_changesNothing() {
    ProcessedEvents memory = memory();
    Claim claim = claim(memory, "evt_1", NOW);
    memory.done(claim, NOW);
    assertThat(memory.done(claim, NOW)).isFalse();
    assertThat(memory.release(claim)).isFalse();
    assertThat(memory.renew(claim, LEASE_END)).isFalse();
    assertThat(ClaimState.of(claim(memory, "evt_1", NOW))).isEqualTo(ClaimState.DONE);
  }

  @Test
  void claim_ofFreeKeysByManyThreads_isNewForOneEach() throws Exception {
    ProcessedEvents memory = memory();
    assertOneOfAll(memory, 20, NOW);
  }

  @Test
  void claim_ofEndedLeasesByManyThreads_isNewForOneEach() throws Exception {
    ProcessedEvents memory = memory();
    for (int i = 0; i < 20; i++) {
      claim(memory, "evt_" + i, NOW);
    }
    assertOneOfAll(memory, 20, LEASE_END);
  }

  @Test
  void claim_byManyThreadsThatRelease_isHeldByOneAtATime() throws Exception {
    ProcessedEvents memory = memory();
    Set<String> held = new HashSet<>();
    List<Integer> wins = together(thread -> {
      ProcessedEvents node = thread % 2 == 0 ? memory : otherNode(memory);
      int won = 0;
      for (int i = 0; i < 10; i++) {
        Claim claim = claim(node, "evt_1", NOW);
        if (ClaimState.of(claim) == ClaimState.NEW) {
          won++;
          synchronized (held) {
            assertThat(held.add("evt_1")).isTrue();
          }
          synchronized (held) {
            held.remove("evt_1");
          }
          assertThat(node.release(claim)).isTrue();
        }
      }
      return won;
    });
    assertThat(wins.stream().mapToInt(Integer::intValue).sum()).isPositive();
    assertThat(ClaimState.of(claim(memory, "evt_1", NOW))).isEqualTo(ClaimState.NEW);
  }

  private void assertOneOfAll(ProcessedEvents memory, int keys, Instant now) throws Exception {
    List<Integer> wins = together(thread -> {
      ProcessedEvents node = thread % 2 == 0 ? memory : otherNode(memory);
      int won = 0;
      for (int i = 0; i < keys; i++) {
        Claim claim = claim(node, "evt_" + i, now);
        assertThat(ClaimState.of(claim)).isNotEqualTo(ClaimState.DONE);
        won += ClaimState.of(claim) == ClaimState.NEW ? 1 : 0;
      }
      return won;
    });
    assertThat(wins.stream().mapToInt(Integer::intValue).sum()).isEqualTo(keys);
  }

  private interface Work {
    int by(int thread);
  }

  /** Starts the same work in all threads at once. */
  private static List<Integer> together(Work work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      CyclicBarrier start = new CyclicBarrier(THREADS);
      List<Callable<Integer>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        all.add(() -> {
          start.await();
          return work.by(thread);
        });
      }
      List<Integer> results = new ArrayList<>();
      for (Future<Integer> result : threads.invokeAll(all)) {
        results.add(result.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
