package cloud.klink.webhooks.sender.reason;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SenderReasonTest {
  @ParameterizedTest
  @EnumSource
  void code_ofEachReason_isItsNameInLowerCase(SenderReason reason) {
    assertThat(reason.code()).isEqualTo(reason.name().toLowerCase(Locale.ROOT));
  }
}
