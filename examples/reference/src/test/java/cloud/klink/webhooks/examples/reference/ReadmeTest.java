package cloud.klink.webhooks.examples.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReadmeTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)]+)\\)");
  private static final String CANONICAL_FORM = "---- METHOD, URL and QUERY ----";

  private static String readme() throws IOException {
    return Files.readString(Path.of("README.md"));
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void readme_ofEachLanguage_tellsItsFileLinesAndDialects(Language language) throws IOException {
    List<String> lines = Files.readAllLines(language.file());
    assertThat(readme())
        .contains("](" + language.file() + ")")
        .contains("| " + lines.size() + " | " + String.join(", ", language.dialects()) + " |");
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void canonicalForm_inOneDialect_hasAtMost250Lines(Language language) throws IOException {
    List<String> lines = Files.readAllLines(language.file());
    long before =
        lines.stream().takeWhile(line -> !line.contains(CANONICAL_FORM)).count();
    assertThat(lines.size() - before).isBetween(100L, language == Language.GO ? 300L : 250L);
  }

  @Test
  void links_all_exist() throws IOException {
    assertThat(LINK.matcher(readme()).results().map((MatchResult link) -> link.group(1)))
        .isNotEmpty()
        .allSatisfy(target -> assertThat(Path.of(target)).exists());
  }
}
