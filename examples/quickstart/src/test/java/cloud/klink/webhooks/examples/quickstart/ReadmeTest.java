package cloud.klink.webhooks.examples.quickstart;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.receive.JdbcProcessedEvents;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** The README's Java is code that is compiled: the quickstart's, or the method below. */
class ReadmeTest {
  private static final Path README = Path.of("../../README.md");
  private static final Pattern TEST_NAME = Pattern.compile("`(\\w+(?:Test|Contract))`");
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void readme_javaBlocks_standInCompiledSources() throws IOException {
    String compiled = source("src/main/java", "Receiver")
        + source("src/main/java", "Service")
        + source("src/test/java", "ReadmeTest");
    Matcher block = JAVA_BLOCK.matcher(Files.readString(README));
    int blocks = 0;
    while (block.find()) {
      assertThat(compiled).contains(unindented(block.group(1)));
      blocks++;
    }
    assertThat(blocks).isGreaterThanOrEqualTo(2);
  }

  @Test
  void readme_firstJavaBlock_standsWithinItsFirstFifteenLines() throws IOException {
    List<String> lines = Files.readAllLines(README);

    assertThat(lines.indexOf("```java")).isBetween(1, 15);
  }

  @Test
  void readme_rightsOfTheRole_areThoseThatTheTestsHave() throws IOException {
    String granted = Files.readString(Path.of(
        "../../klink-webhooks-sender/src/main/resources/cloud/klink/webhooks/sender/storage/"
            + "jdbc/postgresql-grants.sql"));
    String grants = granted.lines().filter(line -> !line.startsWith("--")).collect(joining("\n"));

    assertThat(Files.readString(README)).contains("```sql\n" + grants + "\n```");
  }

  /** Who compares us with others names the test that holds our cell. */
  @Test
  void readme_featureTable_namesTestsThatThereAre() throws IOException {
    String table = Files.readString(README)
        .lines()
        .dropWhile(line -> !line.startsWith("## Beside the others"))
        .filter(line -> line.startsWith("| ") && !line.endsWith("| held by |"))
        .takeWhile(line -> !line.startsWith("## How"))
        .collect(joining("\n"));
    Set<String> tests = testClasses();

    Matcher name = TEST_NAME.matcher(table);
    int names = 0;
    while (name.find()) {
      assertThat(tests).contains(name.group(1));
      names++;
    }
    assertThat(names).isGreaterThan(20);
  }

  private static Set<String> testClasses() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("../.."))) {
      return files
          .filter(file -> file.toString().replace('\\', '/').contains("/src/test/java/"))
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".java"))
          .map(file -> file.substring(0, file.length() - ".java".length()))
          .collect(toSet());
    }
  }

  private static String source(String folder, String name) throws IOException {
    return unindented(Files.readString(
        Path.of(folder, "cloud/klink/webhooks/examples/quickstart", name + ".java")));
  }

  private static String unindented(String code) {
    return code.lines().map(String::strip).collect(joining("\n", "", "\n"));
  }

  @Test
  void receiver_asTheReadmeBuildsIt_isBuilt() {
    List<Event> inbox = new ArrayList<>();
    Contacts contacts = new Contacts(data -> {});
    WebhookVerifier verifier = WebhookVerifier.builder()
        .publicUrl("https://example.com/hook")
        .secret(SigningSecret.of("whsec_test"))
        .build();

    try (WebhookReceiver receiver = handlers(verifier, inbox, contacts, new JdbcDataSource())) {
      assertThat(receiver.verifier()).isSameAs(verifier);
    }
  }

  private static WebhookReceiver handlers(
      WebhookVerifier verifier, List<Event> inbox, Contacts contacts, DataSource dataSource) {
    return WebhookReceiver.builder(verifier)
        .on(EventName.MESSAGE_INBOUND, webhook -> inbox.add(webhook.event()))
        .onGroup(EventGroup.CONTACT, webhook -> contacts.update(webhook.event().data()))
        .deduplicate(new JdbcProcessedEvents(dataSource))
        .acknowledgeFirst()
        .build();
  }

  private record Contacts(Consumer<JsonNode> store) {
    void update(JsonNode data) {
      store.accept(data);
    }
  }
}
