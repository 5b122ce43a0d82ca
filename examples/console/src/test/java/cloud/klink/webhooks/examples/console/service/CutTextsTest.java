package cloud.klink.webhooks.examples.console.service;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CutTextsTest {
  private final CutTexts cuts = new CutTexts();

  private static AttemptResult answered(String body) {
    return AttemptResult.answered(200, body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void body_asLongAsWhatIsKept_mayBeCut() {
    assertThat(cuts.isBodyCut(answered(""))).isFalse();
    assertThat(cuts.isBodyCut(answered("a".repeat(4_000)))).isFalse();
    assertThat(cuts.isBodyCut(answered("a".repeat(5_000)))).isTrue();
    assertThat(cuts.isBodyCut(answered("ក".repeat(2_000)))).isTrue();
  }

  @Test
  void headers_asManyOrAsLongAsWhatIsKept_mayBeCut() {
    AttemptResult result = answered("");

    assertThat(cuts.areHeadersCut(result)).isFalse();
    assertThat(cuts.areHeadersCut(result.withResponseHeaders(Map.of("A", List.of("b")))))
        .isFalse();
    assertThat(cuts.areHeadersCut(
            result.withResponseHeaders(Map.of("A", Collections.nCopies(70, "b")))))
        .isTrue();
    assertThat(
            cuts.areHeadersCut(result.withResponseHeaders(Map.of("A", List.of("b".repeat(5_000))))))
        .isTrue();
  }
}
