package cloud.klink.webhooks.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class RangesTest {
  private static final Duration MILLI = Duration.ofMillis(1);
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void check_theLimits_areAllowed() {
    assertThatCode(() -> {
          Ranges.check("size", 1, 1, 1_000);
          Ranges.check("size", 1_000, 1, 1_000);
          Ranges.check("timeout", MILLI, MILLI, DAY);
          Ranges.check("timeout", DAY, MILLI, DAY);
          Ranges.checkAtLeast("size", 1, 1);
          Ranges.checkAtLeast("timeout", MILLI, MILLI);
          Ranges.checkPositive("timeout", Duration.ofNanos(1));
          Ranges.checkFraction("jitter", 0);
          Ranges.checkFraction("jitter", 1);
        })
        .doesNotThrowAnyException();
  }

  @Test
  void check_aValueOutOfTheRange_namesSettingRangeAndValue() {
    refuses(() -> Ranges.check("size", 0, 1, 1_000), "size: it must be from 1 to 1,000, not 0");
    refuses(
        () -> Ranges.check("size", 1_001, 1, 1_000), "size: it must be from 1 to 1,000, not 1,001");
    refuses(
        () -> Ranges.check("timeout", Duration.ZERO, MILLI, DAY),
        "timeout: it must be from 1ms to 1d, not 0s");
    refuses(
        () -> Ranges.check("timeout", DAY.plus(MILLI), MILLI, DAY),
        "timeout: it must be from 1ms to 1d, not 1d1ms");
    refuses(() -> Ranges.checkAtLeast("size", -1, 0), "size: it must be at least 0, not -1");
    refuses(
        () -> Ranges.checkAtLeast("timeout", Duration.ZERO, MILLI),
        "timeout: it must be at least 1ms, not 0s");
    refuses(
        () -> Ranges.checkPositive("timeout", Duration.ZERO),
        "timeout: it must be more than 0s, not 0s");
    refuses(() -> Ranges.checkFraction("jitter", 1.5), "jitter: it must be from 0 to 1, not 1.5");
    refuses(
        () -> Ranges.checkFraction("jitter", Double.NaN),
        "jitter: it must be from 0 to 1, not NaN");
  }

  @Test
  void violation_ofADuration_isRuleAndValueOrNothing() {
    assertThat(Ranges.violation(Duration.ZERO, MILLI)).contains("it must be at least 1ms, not 0s");
    assertThat(Ranges.violation(MILLI, MILLI)).isEmpty();
  }

  private static void refuses(ThrowingCallable check, String message) {
    assertThatIllegalArgumentException().isThrownBy(check).withMessage(message);
  }
}
