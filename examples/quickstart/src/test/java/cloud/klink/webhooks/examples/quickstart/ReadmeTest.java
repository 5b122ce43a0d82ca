package cloud.klink.webhooks.examples.quickstart;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.secret.AesGcmCipher;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcStorage;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.deduplication.JdbcProcessedEvents;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import com.fasterxml.jackson.databind.JsonNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages' Java is code that is compiled: an example's, or a method below. */
class ReadmeTest {
  private static final Path README = Path.of("../../README.md");
  private static final Path RECEIVING = Path.of("../../klink-webhooks-verifier/RECEIVING.md");
  private static final Path SENDING = Path.of("../../klink-webhooks-sender/SENDING.md");
  private static final Path COMPARISON = Path.of("../../klink-webhooks-sender/COMPARISON.md");
  private static final Path SPRING_INBOX =
      Path.of("../spring-receiver/src/main/java/cloud/klink/webhooks/examples/spring/Inbox.java");
  private static final Pattern TEST_NAME = Pattern.compile("`(\\w+(?:Test|Contract))`");
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)[^)]*\\)");
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @ParameterizedTest
  @MethodSource("pages")
  void page_javaBlocks_standInCompiledSources(Path page) throws IOException {
    String compiled = source("src/main/java", "Receiver")
        + source("src/main/java", "Service")
        + source("src/test/java", "ReadmeTest")
        + unindented(Files.readString(SPRING_INBOX));
    Matcher block = JAVA_BLOCK.matcher(Files.readString(page));
    int blocks = 0;
    while (block.find()) {
      assertThat(compiled).contains(unindented(block.group(1)));
      blocks++;
    }
    assertThat(blocks).isGreaterThanOrEqualTo(2);
  }

  private static Stream<Path> pages() {
    return Stream.of(README, RECEIVING, SENDING);
  }

  @Test
  void readme_always_hasAtMostAThousandWords() throws IOException {
    assertThat(Files.readString(README).split("\\s+")).hasSizeLessThanOrEqualTo(1_000);
  }

  @Test
  void pages_links_leadToFiles() throws IOException {
    for (Path page : List.of(README, RECEIVING, SENDING, COMPARISON)) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        assertThat(page.resolveSibling(link.group(1)))
            .as("%s in %s", link.group(), page)
            .exists();
      }
    }
  }

  @Test
  void readme_firstJavaBlock_standsWithinItsFirstFifteenLines() throws IOException {
    List<String> lines = Files.readAllLines(README);

    assertThat(lines.indexOf("```java")).isBetween(1, 15);
  }

  @Test
  void sendingPage_rightsOfTheRole_areThoseThatTheTestsHave() throws IOException {
    String granted = Files.readString(Path.of(
        "../../klink-webhooks-sender/src/main/resources/cloud/klink/webhooks/sender/storage/"
            + "jdbc/postgresql-grants.sql"));
    String grants = granted.lines().filter(line -> !line.startsWith("--")).collect(joining("\n"));

    assertThat(Files.readString(SENDING)).contains("```sql\n" + grants + "\n```");
  }

  /** Who compares us with others names the test that holds our cell. */
  @Test
  void comparison_featureTable_namesTestsThatThereAre() throws IOException {
    String table = Files.readString(COMPARISON)
        .lines()
        .filter(line -> line.startsWith("| ") && !line.endsWith("| held by |"))
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

  @Test
  void sender_asTheReadmeBuildsIt_publishesWhatItsTransactionCommits() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        Connection connection = postgres.getPostgresDatabase().getConnection();
        WebhookSender sender = sender(postgres.getPostgresDatabase(), new byte[32])) {
      connection.setAutoCommit(false);
      Webhook webhook = webhook(sender);

      publish(sender, connection);

      assertThat(sender.deliveries().search(DeliveryQuery.builder().build()).deliveries())
          .extracting(Delivery::webhookId)
          .containsExactly(webhook.id());
    }
  }

  private static WebhookSender sender(DataSource dataSource, byte[] key) {
    JdbcStorage storage = JdbcStorage.postgresql(dataSource);
    storage.migrate();
    WebhookSender sender =
        WebhookSender.builder(storage).cipher(AesGcmCipher.of("2026-01", key)).build();
    sender.start();
    return sender;
  }

  private static Webhook webhook(WebhookSender sender) {
    Webhook webhook = sender
        .webhooks()
        .create(Environment.PRODUCTION)
        .name("Order system")
        .url("https://example.com/webhooks/klink")
        .subscribeAll(EventGroup.MESSAGE)
        .save();
    return webhook;
  }

  private static void publish(WebhookSender sender, Connection connection) throws SQLException {
    Event event = Event.builder(EventName.MESSAGE_INBOUND)
        .timestamp(Instant.now())
        .data("{\"text\": \"Where is my order?\"}")
        .build();
    sender.publish(connection, Environment.PRODUCTION, event);
    connection.commit();
  }

  private record Contacts(Consumer<JsonNode> store) {
    void update(JsonNode data) {
      store.accept(data);
    }
  }
}
