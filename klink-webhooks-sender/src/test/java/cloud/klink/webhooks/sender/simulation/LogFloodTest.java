package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.logs.CapturedLog;
import cloud.klink.webhooks.sender.logs.LogLine;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.simulation.SenderFixture.Reply;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** What is in the log of INFO and above, however many attempts fail. */
class LogFloodTest {
  private final CapturedLog log = CapturedLog.from(Level.INFO);

  @AfterEach
  void close() {
    log.close();
  }

  private static SenderFixture unpaused() {
    return new SenderFixture(
        new InMemoryStorage(),
        builder ->
            builder.policy(DeliveryPolicy.builder().pausing(PausePolicy.never()).build()));
  }

  /** Lines about webhooks, without those of start and stop. */
  private List<LogLine> lines() {
    return log.lines().stream()
        .filter(line -> line.logger().equals("cloud.klink.webhooks.sender.webhooks"))
        .toList();
  }

  @Test
  void webhook_thatFailsFortyThousandAttemptsWithinMinutes_hasALineForEachChange() {
    SenderFixture fixture = unpaused();
    fixture.answer(number -> Reply.status(500));
    fixture.publish(10_000);
    fixture.pass(Duration.ofMinutes(9));

    assertThat(fixture.starts).hasSize(40_000);
    assertThat(lines()).extracting(LogLine::level).containsExactly(Level.INFO, Level.WARN);
    assertThat(lines().get(0).text())
        .startsWith(fixture.webhook.id() + " begins to fail: dlv_")
        .contains("attempt 1 of contact.created: rejected with 500");
    assertThat(lines().get(1).text()).contains("has failed for good at attempt 4", "with 500");
    assertThat(log.lines()).hasSizeLessThan(5);
  }

  @Test
  void webhook_thatFailsForHours_isRemindedOfEveryTenMinutes() {
    SenderFixture fixture = unpaused();
    fixture.answer(number -> Reply.never());
    fixture.publish(10_000);
    fixture.pass(Duration.ofHours(2));

    assertThat(fixture.starts).hasSizeGreaterThan(7_000);
    assertThat(lines()).hasSizeBetween(12, 26);
    assertThat(lines())
        .anySatisfy(line -> assertThat(line.text())
            .startsWith(fixture.webhook.id() + " has failed ")
            .contains("times in a row since 2026-01-09T"));
    assertThat(log.lines()).hasSizeLessThan(30);
  }

  @Test
  void webhook_thatFailsAndRecoversAllTheTime_hasTwoLinesAMinute() {
    SenderFixture fixture = unpaused();
    fixture.answer(number -> Reply.status(number % 2 == 0 ? 200 : 500));
    fixture.publish(10_000);
    fixture.pass(Duration.ofMinutes(5));

    assertThat(fixture.starts).hasSizeGreaterThan(15_000);
    assertThat(lines()).hasSizeBetween(4, 14);
  }

  @Test
  void webhook_thatIsPausedByItsFailures_saysSoOnceAndRecoversOnce() {
    SenderFixture fixture = new SenderFixture();
    fixture.answer(number -> Reply.status(500));
    fixture.publish(10_000);
    fixture.pass(Duration.ofMinutes(10));
    assertThat(fixture.starts).hasSizeBetween(51, 70);
    assertThat(lines()).hasSize(2);
    assertThat(lines().get(1).level()).isEqualTo(Level.WARN);
    assertThat(lines().get(1).text())
        .startsWith(fixture.webhook.id() + " is paused")
        .contains("more than 50 failed attempts");

    fixture.answer(number -> Reply.status(200));
    fixture.sender.webhooks().resume(fixture.webhook.id());
    fixture.pass(Duration.ofMinutes(10));

    assertThat(fixture.starts).hasSizeGreaterThan(10_000);
    assertThat(lines()).hasSize(4);
    assertThat(lines().get(2).text()).isEqualTo(fixture.webhook.id() + " is resumed");
    assertThat(lines().get(3).text()).startsWith(fixture.webhook.id() + " has recovered with dlv_");
  }

  @Test
  void attempt_atDebug_isALineThatNamesWebhookDeliveryAndAttempt() {
    try (CapturedLog debug = CapturedLog.from(Level.DEBUG)) {
      SenderFixture fixture = new SenderFixture();
      fixture.answer(number -> Reply.status(number == 1 ? 503 : 200));
      String delivery = fixture.publish();
      fixture.pass(Duration.ofMinutes(1));

      assertThat(debug.lines().stream()
              .filter(line -> line.logger().equals("cloud.klink.webhooks.sender.attempts"))
              .map(LogLine::text))
          .satisfiesExactly(
              first -> assertThat(first)
                  .startsWith(fixture.webhook.id() + " " + delivery
                      + " attempt 1: rejected with 503 in 20 ms, WAITING until 2026-01-09T"),
              second -> assertThat(second)
                  .isEqualTo(fixture.webhook.id() + " " + delivery
                      + " attempt 2: succeeded with 200 in 20 ms, SUCCEEDED"));
    }
  }
}
