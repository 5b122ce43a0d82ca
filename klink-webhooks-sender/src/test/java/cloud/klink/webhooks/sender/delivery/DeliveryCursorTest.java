package cloud.klink.webhooks.sender.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryCursorTest {

  @Test
  void cursor_anyPlace_isReadAgain() {
    for (String id : new String[] {"", "dlv_1", "~", "a~b", "'%\\"}) {
      for (Instant at : new Instant[] {
        Instant.MIN, Instant.EPOCH, Instant.parse("2026-03-04T05:06:07.123456Z"), Instant.MAX
      }) {
        DeliveryQuery query =
            DeliveryQuery.builder().after(DeliveryQuery.cursor(at, id)).build();

        assertThat(query.afterTime()).contains(at);
        assertThat(query.afterId()).contains(id);
        assertThat(query.toBuilder().build().afterId()).contains(id);
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
  void after_whatWasNotReturned_isRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeliveryQuery.builder().after(text));
  }
}
