package cloud.klink.webhooks.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class RefusalLimitTest {
  private Instant now = Instant.parse("2026-01-09T03:42:38.900Z");

  private final RefusalLimit limit = new RefusalLimit(
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      },
      2);

  @Test
  void flood_withinASecond_isCutOffUntilTheNext() {
    assertThat(limit.allows()).isTrue();
    assertThat(limit.allows()).isTrue();
    assertThat(limit.allows()).isFalse();
    assertThat(limit.allows()).isFalse();
    now = now.plusMillis(200);
    assertThat(limit.allows()).isTrue();
  }
}
