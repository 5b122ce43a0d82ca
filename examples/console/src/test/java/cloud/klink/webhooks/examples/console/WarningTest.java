package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.examples.console.service.PauseRisk;
import org.junit.jupiter.api.Test;

class WarningTest {

  @Test
  void risk_atEachLevel_isReachedAtItsPartOfTheLimit() {
    assertThat(new PauseRisk(24, 50).level()).isZero();
    assertThat(new PauseRisk(25, 50).level()).isEqualTo(50);
    assertThat(new PauseRisk(34, 50).level()).isEqualTo(50);
    assertThat(new PauseRisk(35, 50).level()).isEqualTo(70);
    assertThat(new PauseRisk(45, 50).level()).isEqualTo(90);
    assertThat(new PauseRisk(51, 50).level()).isEqualTo(90);
    assertThat(new PauseRisk(9, 0).level()).isZero();
  }
}
