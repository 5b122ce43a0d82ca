package cloud.klink.webhooks.examples.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
  private static List<String> read(String text, int maxLength) throws IOException {
    Lines lines =
        Lines.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), maxLength);
    List<String> all = new ArrayList<>();
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      all.add(new String(line, StandardCharsets.UTF_8));
    }
    return all;
  }

  @Test
  void lines_withAndWithoutALastLineFeed_areTheSame() throws IOException {
    assertThat(read("a\n\nb\n", 9)).containsExactly("a", "", "b");
    assertThat(read("a\n\nb", 9)).containsExactly("a", "", "b");
    assertThat(read("", 9)).isEmpty();
    assertThat(read("a", 9)).containsExactly("a");
  }

  @Test
  void line_beyondTheBuffer_isWhole() throws IOException {
    String line = "0123456789".repeat(50_000);
    assertThat(read(line + "\nb", 500_000)).containsExactly(line, "b");
  }

  @Test
  void line_asLongAsTheLimit_isRead() throws IOException {
    assertThat(read("12345\n12345", 5)).containsExactly("12345", "12345");
  }

  @Test
  void line_beyondTheLimit_isRefused() {
    assertThatExceptionOfType(Lines.TooLongException.class).isThrownBy(() -> read("123456\n", 5));
    assertThatExceptionOfType(Lines.TooLongException.class)
        .isThrownBy(() -> read("x".repeat(200_000), 100_000));
  }
}
