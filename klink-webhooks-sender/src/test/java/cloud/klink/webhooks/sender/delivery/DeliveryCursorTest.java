package cloud.klink.webhooks.sender.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryCursorTest {

  @Test
  void toString_anyPlace_isReadAgain() {
    for (String id : new String[] {"", "dlv_1", "~", "a~b", "'%\\"}) {
      for (Instant at : new Instant[] {
        Instant.MIN, Instant.EPOCH, Instant.parse("2026-03-04T05:06:07.123456Z"), Instant.MAX
      }) {
        DeliveryCursor place = new DeliveryCursor(at, id);

        assertThat(DeliveryCursor.parse(place.toString())).isEqualTo(place);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "~",
        "dlv_1",
        "2026-03-04~dlv_1",
        "2026-03-04T05:06:07Z",
        "2026-03-04T05:06:07Z~a\0b",
        "2026-03-04T05:06:07Z~a b",
        "2026-03-04T05:06:07Z~a\n",
        "2026-03-04T05:06:07Z~\u1780"
      })
  void parse_whatWasNotPrinted_isRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> DeliveryCursor.parse(text));
  }
}
