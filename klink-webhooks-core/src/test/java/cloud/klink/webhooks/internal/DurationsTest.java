package cloud.klink.webhooks.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DurationsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void minAndMax_inEitherOrder_areTheShorterAndTheLonger() {
    assertThat(Durations.min(SECOND, MINUTE)).isEqualTo(SECOND);
    assertThat(Durations.min(MINUTE, SECOND)).isEqualTo(SECOND);
    assertThat(Durations.max(SECOND, MINUTE)).isEqualTo(MINUTE);
    assertThat(Durations.max(MINUTE, SECOND)).isEqualTo(MINUTE);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT0.25S, 250ms",
    "PT1.5S, 1s500ms",
    "PT90S, 1m30s",
    "PT24H, 1d",
    "PT876000H, 36500d",
    "P1DT1M, 1d1m",
    "PT-1S, -1s",
    "P-1D, -24h",
    "PT0.0001S, 0.0001s"
  })
  void format_aDuration_namesItsUnits(Duration duration, String text) {
    assertThat(Durations.format(duration)).isEqualTo(text);
  }
}
