package cloud.klink.webhooks.verifier.deduplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.klink.webhooks.verifier.RefusalReason;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class InMemoryProcessedEventsTest extends ProcessedEventsContract {
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38Z");
  private static final Duration HOUR = Duration.ofHours(1);

  @Override
  protected ProcessedEvents memory() {
    return ProcessedEvents.inMemory();
  }

  private static ClaimState state(ProcessedEvents memory, String key, Instant now) {
    return ClaimState.of(memory.claim(key, now, now.plusSeconds(25)));
  }

  private static void process(ProcessedEvents memory, String key, Instant now) {
    assertThat(memory.done(memory.claim(key, now, now.plusSeconds(25)), now)).isTrue();
  }

  @Test
  void doneEvent_afterItsRetention_isForgotten() {
    ProcessedEvents memory = ProcessedEvents.inMemory(10, HOUR);
    process(memory, "evt_1", NOW);
    assertThat(state(memory, "evt_1", NOW.plus(HOUR).minusMillis(1))).isEqualTo(ClaimState.DONE);
    assertThat(state(memory, "evt_1", NOW.plus(HOUR))).isEqualTo(ClaimState.NEW);
  }

  @Test
  void doneEvents_whenThereIsNoRoom_leaveOldestFirst() {
    ProcessedEvents memory = ProcessedEvents.inMemory(3, HOUR);
    process(memory, "evt_1", NOW);
    process(memory, "evt_2", NOW);
    process(memory, "evt_3", NOW);
    process(memory, "evt_4", NOW);
    assertThat(state(memory, "evt_2", NOW)).isEqualTo(ClaimState.DONE);
    assertThat(state(memory, "evt_3", NOW)).isEqualTo(ClaimState.DONE);
    assertThat(state(memory, "evt_4", NOW)).isEqualTo(ClaimState.DONE);
    assertThat(state(memory, "evt_1", NOW)).isEqualTo(ClaimState.NEW);
  }

  @Test
  void claims_whenThereIsNoRoom_stayAndTheNewOneFails() {
    ProcessedEvents memory = ProcessedEvents.inMemory(2, HOUR);
    state(memory, "evt_1", NOW);
    state(memory, "evt_2", NOW);
    assertThatExceptionOfType(ProcessedEventsException.class)
        .isThrownBy(() -> state(memory, "evt_3", NOW))
        .withMessageContaining("maxEntries")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(RefusalReason.DEDUPLICATION_UNAVAILABLE));
    assertThat(state(memory, "evt_1", NOW)).isEqualTo(ClaimState.IN_PROGRESS);
    assertThat(state(memory, "evt_2", NOW)).isEqualTo(ClaimState.IN_PROGRESS);
  }

  @Test
  void claims_whoseLeaseEnded_makeRoom() {
    ProcessedEvents memory = ProcessedEvents.inMemory(2, HOUR);
    state(memory, "evt_1", NOW);
    state(memory, "evt_2", NOW.plusSeconds(20));
    assertThat(state(memory, "evt_3", NOW.plusSeconds(25))).isEqualTo(ClaimState.NEW);
    assertThat(state(memory, "evt_2", NOW.plusSeconds(25))).isEqualTo(ClaimState.IN_PROGRESS);
  }

  @Test
  void takeOver_whenThereIsNoRoom_needsNone() {
    ProcessedEvents memory = ProcessedEvents.inMemory(1, HOUR);
    state(memory, "evt_1", NOW);
    assertThat(state(memory, "evt_1", NOW.plusSeconds(25))).isEqualTo(ClaimState.NEW);
  }

  @Test
  void manyEvents_always_stayWithinTheBound() {
    ProcessedEvents memory = ProcessedEvents.inMemory(100, HOUR);
    for (int i = 0; i < 10_000; i++) {
      process(memory, "evt_" + i, NOW.plusMillis(i));
    }
    assertThat(memory.toString())
        .isEqualTo("InMemoryProcessedEvents[100 done, 0 in progress, at most 100]");
  }

  @Test
  void settings_outOfRange_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProcessedEvents.inMemory(0, HOUR))
        .withMessageContaining("maxEntries");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProcessedEvents.inMemory(1, Duration.ZERO))
        .withMessageContaining("retention");
  }
}
