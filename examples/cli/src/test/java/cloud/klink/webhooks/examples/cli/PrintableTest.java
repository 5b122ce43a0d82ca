package cloud.klink.webhooks.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void line_withControls_isEscaped() {
    assertThat(Printable.line("a\u001b[31m\nb\u0085\u202e\ud800"))
        .isEqualTo("a\\u001b[31m\\nb\\u0085\\u202e\\ud800");
  }

  @Test
  void line_ofAnyScript_isKept() {
    assertThat(Printable.line("ខ្មែរ 中文 👩‍👩‍👧")).isEqualTo("ខ្មែរ 中文 👩‍👩‍👧");
  }

  @Test
  void lines_withLineFeeds_keepsThem() {
    assertThat(Printable.lines("a\n\tb")).isEqualTo("a\n\\u0009b");
  }

  @Test
  void cut_ofALongText_endsWithAnEllipsis() {
    assertThat(Printable.cut("😀😀😀", 2)).isEqualTo("😀😀…");
    assertThat(Printable.cut("😀😀", 2)).isEqualTo("😀😀");
  }

  @Test
  void excerpt_fromWithinAPair_startsAtTheCharacter() {
    assertThat(Printable.excerpt("a😀bcd", 2, 2)).isEqualTo("…\"😀b\"…");
  }

  @Test
  void excerpt_beyondTheEnd_isEmpty() {
    assertThat(Printable.excerpt("ab", 9, 2)).isEqualTo("…\"\"");
  }
}
