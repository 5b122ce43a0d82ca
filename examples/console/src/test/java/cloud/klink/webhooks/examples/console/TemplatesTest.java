package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatesTest {
  private static final Path TEMPLATES = Path.of("src/main/resources/templates");
  private static final Pattern KEY = Pattern.compile("#\\{([a-z][a-z0-9_.-]*)[}(]");
  private static final Pattern MENTION = Pattern.compile("['\"{]([a-z0-9_.-]+)['\"}(]");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\d[,}]");

  static List<Path> templates() throws IOException {
    try (Stream<Path> files = Files.list(TEMPLATES)) {
      return files.sorted().toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Properties messages(String name) throws IOException {
    Properties messages = new Properties();
    try (InputStream stream = TemplatesTest.class.getResourceAsStream("/" + name)) {
      messages.load(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }
    return messages;
  }

  @ParameterizedTest
  @MethodSource("templates")
  void template_showsTextOnly_andHoldsNoInlineScriptOrStyle(Path template) {
    assertThat(read(template))
        .doesNotContain("th:utext")
        .doesNotContain("[(")
        .doesNotContain("__$")
        .doesNotContainPattern("\\sstyle=")
        .doesNotContainPattern("<style")
        .doesNotContainPattern("\\son[a-z]+=")
        .doesNotContainPattern("th:on[a-z]+=")
        .doesNotContainPattern(
            "<script(?! defer th:src=\"@\\{/(console|webjars/htmx\\.org/dist/htmx\\.min)\\.js}\")")
        .doesNotContainPattern("(href|src|action)=\"https?:");
  }

  @Test
  void messages_inKhmer_areCompleteAndHaveTheSamePlaceholders() throws IOException {
    Properties english = messages("messages.properties");
    Properties khmer = messages("messages_km.properties");

    assertThat(khmer.keySet()).isEqualTo(english.keySet());
    for (String key : english.stringPropertyNames()) {
      assertThat(khmer.getProperty(key)).as(key).isNotBlank();
      assertThat(placeholders(khmer.getProperty(key)))
          .as(key)
          .isEqualTo(placeholders(english.getProperty(key)));
    }
  }

  private static Set<String> placeholders(String message) {
    Set<String> found = new TreeSet<>();
    PLACEHOLDER.matcher(message).results().forEach(one -> found.add(one.group().substring(0, 2)));
    return found;
  }

  @Test
  void templates_useOnlyMessagesThatThereAre() throws IOException {
    Properties english = messages("messages.properties");
    TreeSet<String> missing = new TreeSet<>();
    for (Path template : templates()) {
      Matcher keys = KEY.matcher(read(template));
      while (keys.find()) {
        if (!english.containsKey(keys.group(1))) {
          missing.add(keys.group(1));
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  /** Some keys have a beginning that stands in the source, and an end that is a value. */
  @Test
  void messages_areAllUsed() throws IOException {
    StringBuilder source = new StringBuilder();
    for (String folder : List.of("src/main/resources/templates", "src/main/java")) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        files.filter(Files::isRegularFile).forEach(file -> source.append(read(file)));
      }
    }
    Set<String> used = new TreeSet<>();
    MENTION.matcher(source).results().forEach(one -> used.add(one.group(1)));

    assertThat(messages("messages.properties").stringPropertyNames())
        .allMatch(key -> used.contains(key)
            || used.stream().anyMatch(part -> part.endsWith(".") && key.startsWith(part)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.com",
        "ftp://example.com/",
        "http://example.com/",
        "https:///path",
        "https://[::1%25eth0]/",
        "https://xn%2d.example.com/",
        "https://ex_ample!.com/",
        "https://-.example.com/",
        "https://example.com./",
        "https://example.com:070/",
        "https://example.com/%zz",
        "https://example.com/ក",
        "https://example.com/?ក",
        "https://example.com/a/../b",
        "https://example.com/?it's",
        "https://example.com/#part",
        "https://user@example.com/",
        "https://010.1.1.1/",
        "https://127.0.0.1/"
      })
  void faultsOfUrl_inKhmer_areInKhmer(String url) {
    Browser browser = RunningConsole.shared().browser();
    browser.submit(
        browser.get("/webhooks").formTo("/preferences"),
        java.util.Map.of("language", List.of("km"), "zone", List.of("utc")));

    assertThat(browser
            .submit(
                browser.get("/webhooks/new").formTo("/webhooks"),
                java.util.Map.of("url", List.of(url)))
            .texts("#url-fault span"))
        .isNotEmpty()
        .allSatisfy(fault -> assertThat(fault).containsPattern("\\p{IsKhmer}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "km"})
  void pages_inEachLanguage_lackNoMessage(String language) {
    RunningConsole console = RunningConsole.shared();
    Browser browser = console.browser();
    String id = console.create(
        "production", "ឈ្មោះវែង", "https://example.com/" + language, "contact.created");
    browser.submit(
        browser.get("/webhooks").formTo("/preferences"),
        java.util.Map.of("language", List.of(language), "zone", List.of("local")));

    for (String path : List.of(
        "/webhooks",
        "/webhooks?environment=production",
        "/webhooks/new",
        "/webhooks/" + id,
        "/webhooks/" + id + "/edit",
        "/webhooks/" + id + "/pause",
        "/webhooks/" + id + "/resume",
        "/webhooks/" + id + "/regenerate",
        "/webhooks/" + id + "/delete",
        "/deliveries",
        "/deliveries?environment=production&event=none.such",
        "/deliveries/redeliver",
        "/webhooks/" + id + "/charts",
        "/webhooks/" + id + "/test/choose",
        "/charts?environment=production&range=30d",
        "/redeliveries",
        "/login",
        "/demo",
        "/nothing")) {
      String html = browser.get(path).document().html();
      assertThat(html).as(path).doesNotContain("??").contains("lang=\"" + language + "\"");
      assertThat(html).as(path).contains("Asia/Phnom_Penh");
    }
  }
}
