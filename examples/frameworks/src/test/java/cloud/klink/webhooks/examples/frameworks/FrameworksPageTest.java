package cloud.klink.webhooks.examples.frameworks;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Java of FRAMEWORKS.md is code that is compiled; its versions are those of the build. */
class FrameworksPageTest {
  private static final Path PAGE = Path.of("../../klink-webhooks-verifier/FRAMEWORKS.md");
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final List<String> VERSIONS = List.of(
      "jetty",
      "tomcat",
      "undertow",
      "tomcat9",
      "spring",
      "vertx",
      "jersey",
      "micronaut",
      "quarkus");

  @Test
  void page_javaBlocks_standInCompiledSources() throws IOException {
    String compiled = sources();
    Matcher block = JAVA_BLOCK.matcher(Files.readString(PAGE));
    int blocks = 0;
    while (block.find()) {
      assertThat(compiled).contains(unindented(block.group(1)));
      blocks++;
    }
    assertThat(blocks).isGreaterThanOrEqualTo(15);
  }

  @Test
  void page_versions_areThoseOfTheBuild() throws IOException {
    String page = Files.readString(PAGE);
    String pom = Files.readString(Path.of("../../pom.xml"));
    for (String name : VERSIONS) {
      Matcher version = Pattern.compile("<" + name + "\\.version>(.*?)<").matcher(pom);
      assertThat(version.find()).as(name).isTrue();
      assertThat(page).contains("| " + version.group(1) + " |");
    }
  }

  private static String sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("."))) {
      return files
          .filter(file -> file.toString().endsWith(".java") && file.toString().contains("/main/"))
          .map(FrameworksPageTest::read)
          .collect(joining());
    }
  }

  private static String read(Path file) {
    try {
      return unindented(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String unindented(String code) {
    return code.lines().map(String::strip).collect(joining("\n", "", "\n"));
  }
}
