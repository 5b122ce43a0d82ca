package cloud.klink.webhooks.sender.internal.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.logs.CapturedLog;
import cloud.klink.webhooks.sender.logs.LogLine;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class QuarantinedWebhooksTest {
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38Z");
  private final RuntimeException why = new IllegalArgumentException("why");

  private final QuarantinedWebhooks unreadable = new QuarantinedWebhooks();

  private ClaimRequest asked(Map<String, Integer> allowances) {
    ClaimRequest request = new ClaimRequest(NOW, NOW.plusSeconds(60), 100, 10, allowances, "wh_5");
    return unreadable.withoutExcluded(request);
  }

  @Test
  void withoutExcluded_nothing_asksForTheSame() {
    ClaimRequest request = new ClaimRequest(NOW, NOW.plusSeconds(60), 100, 10, Map.of(), "");

    assertThat(unreadable.withoutExcluded(request)).isSameAs(request);
  }

  @Test
  void withoutExcluded_some_changesTheirAllowancesOnly() {
    unreadable.add("wh_1", why);
    unreadable.add("wh_2", why);

    assertThat(asked(Map.of("wh_1", 3, "wh_3", 4)))
        .isEqualTo(new ClaimRequest(
            NOW, NOW.plusSeconds(60), 100, 10, Map.of("wh_1", 0, "wh_2", 0, "wh_3", 4), "wh_5"));
  }

  @Test
  void allowReading_afterAChange_asksForItAgainAndStillNamesIt() {
    unreadable.add("wh_1", why);
    unreadable.allowReading("wh_1");
    unreadable.allowReading("wh_2");

    assertThat(unreadable.isExcluded("wh_1")).isFalse();
    assertThat(asked(Map.of()).allowances()).isEmpty();
    assertThat(unreadable.ids()).containsExactly("wh_1");
  }

  @Test
  void toLookAt_always_isEverythingEachHalfMinute() {
    assertThat(unreadable.toRead(NOW)).isEmpty();
    unreadable.add("wh_1", why);
    unreadable.add("wh_2", why);
    unreadable.allowReading("wh_2");

    assertThat(unreadable.toRead(NOW)).isEmpty();
    assertThat(unreadable.toRead(NOW.plusMillis(29_999))).isEmpty();
    assertThat(unreadable.toRead(NOW.plusSeconds(30))).containsExactly("wh_1", "wh_2");
    assertThat(unreadable.toRead(NOW.plusSeconds(59))).isEmpty();
    // A clock that was set back does not make it wait for as long.
    assertThat(unreadable.toRead(NOW.minusSeconds(3_600))).containsExactly("wh_1", "wh_2");
  }

  @Test
  void limit_withSome_isHalfAMinuteAtMost() {
    Duration hour = Duration.ofHours(1);
    assertThat(unreadable.limit(hour)).isEqualTo(hour);
    unreadable.add("wh_1", why);

    assertThat(unreadable.limit(hour)).isEqualTo(Duration.ofSeconds(30));
    assertThat(unreadable.limit(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void log_ofManyLooks_hasOneLineAtEachChange() {
    try (CapturedLog log = CapturedLog.from(Level.INFO)) {
      unreadable.remove("wh_1");
      for (int i = 0; i < 5; i++) {
        unreadable.add("wh_1", why);
        unreadable.allowReading("wh_1");
      }
      assertThat(log.lines()).hasSize(1);
      unreadable.remove("wh_1");
      unreadable.remove("wh_1");
      unreadable.add("wh_1", why);
      unreadable.forget("wh_1");

      assertThat(log.lines().stream().map(LogLine::level))
          .containsExactly(Level.WARN, Level.INFO, Level.WARN);
      assertThat(log.lines())
          .allSatisfy(line -> assertThat(line.text()).contains("wh_1"))
          .first()
          .satisfies(line -> assertThat(line.text()).endsWith("why"));
    }
  }

  @Test
  void add_ofMoreThanThereIsRoomFor_namesTheFirstAndLeavesTheOthersAloneForAWhile() {
    Duration second = Duration.ofSeconds(1);
    try (CapturedLog log = CapturedLog.from(Level.WARN)) {
      for (int i = 0; i < 1_000; i++) {
        unreadable.add("wh_" + i, why);
      }
      assertThat(unreadable.delayOfUnknown(second)).isEqualTo(second);
      unreadable.add("wh_1000", why);
      unreadable.add("wh_1001", why);

      assertThat(log.lines()).hasSize(1_001);
    }
    assertThat(unreadable.ids()).hasSize(1_000).doesNotContain("wh_1000");
    assertThat(unreadable.isExcluded("wh_1000")).isFalse();
    assertThat(unreadable.delayOfUnknown(second)).isEqualTo(Duration.ofSeconds(30));
    unreadable.forget("wh_7");
    assertThat(unreadable.delayOfUnknown(second)).isEqualTo(second);
    unreadable.add("wh_1000", why);
    assertThat(unreadable.isExcluded("wh_1000")).isTrue();
  }
}
