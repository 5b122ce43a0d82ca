package cloud.klink.webhooks.sender;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WebhookSenderBuilderTest {
  private static WebhookSenderBuilder builder() {
    return WebhookSender.builder(new InMemoryStorage());
  }

  @Test
  void build_withALeaseTooShortForTheTimeout_saysSo() {
    WebhookSenderBuilder tooShort = builder().lease(Duration.ofSeconds(25));

    assertThatThrownBy(tooShort::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lease: it must be from 26s");
    builder().lease(Duration.ofSeconds(26)).build().close();
  }

  @Test
  void build_withALeaseTooShortForTheWindowOfTheOutagePolicy_saysSo() {
    OutagePolicy patient = new OutagePolicy(5, Duration.ofSeconds(20), Duration.ofSeconds(30));
    WebhookSenderBuilder tooShort = builder().outage(patient).lease(Duration.ofSeconds(40));

    assertThatThrownBy(tooShort::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lease: it must be from 41s");
    builder().outage(OutagePolicy.never()).lease(Duration.ofSeconds(21)).build().close();
  }

  @Test
  void build_withANumberOutOfRange_namesTheSetting() {
    assertThatThrownBy(() -> builder().maxConcurrentAttempts(0).build())
        .hasMessageStartingWith("maxConcurrentAttempts:");
    assertThatThrownBy(() -> builder().localQueue(-1).build())
        .hasMessageStartingWith("localQueue:");
    assertThatThrownBy(() -> builder().maxPayload(0).build()).hasMessageStartingWith("maxPayload:");
    assertThatThrownBy(() -> builder().pollInterval(Duration.ofMillis(9)).build())
        .hasMessageStartingWith("pollInterval:");
    assertThatThrownBy(() -> builder().keepAlive(Duration.ZERO).build())
        .hasMessageStartingWith("keepAlive:");
    assertThatThrownBy(() -> builder().maxConnectionAge(Duration.ofDays(2)).build())
        .hasMessageStartingWith("maxConnectionAge:");
  }

  @Test
  void build_withARetentionThatHidesFailuresFromThePausePolicy_saysSo() {
    DeliveryPolicy twoHours = DeliveryPolicy.builder()
        .pausing(PausePolicy.moreThan(50, Duration.ofHours(2)))
        .build();

    assertThatThrownBy(() -> builder().retention(Duration.ofMinutes(59)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("retention: it must be from 1h to");
    assertThatThrownBy(() -> builder().retention(Duration.ofDays(36_501)).build())
        .hasMessageContaining("retention: it must be from 1h to");
    assertThatThrownBy(
            () -> builder().policy(twoHours).retention(Duration.ofHours(2)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("longer than the pause policy's window of PT2H");
    builder().policy(twoHours).retention(Duration.ofMinutes(121)).build().close();
  }
}
