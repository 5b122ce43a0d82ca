package cloud.klink.webhooks.sender.spring;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.WebhookSender;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The Java of SPRING.md is code that is compiled, and runs; its table has every property. */
class SpringPageTest {
  private static final Path PAGE = Path.of("SPRING.md");
  private static final Path SOURCE =
      Path.of("src/test/java/cloud/klink/webhooks/sender/spring/SpringPage.java");
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void page_javaBlocks_standInCompiledSources() throws IOException {
    String compiled = unindented(Files.readString(SOURCE));
    Matcher block = JAVA_BLOCK.matcher(Files.readString(PAGE));
    int blocks = 0;
    while (block.find()) {
      assertThat(compiled).contains(unindented(block.group(1)));
      blocks++;
    }
    assertThat(blocks).isEqualTo(5);
  }

  private static String unindented(String code) {
    return code.lines().map(String::strip).collect(joining("\n", "", "\n"));
  }

  @Test
  void page_table_hasEveryPropertyWithItsDefault() throws IOException {
    String page = Files.readString(PAGE);
    new ObjectMapper()
        .readTree(Path.of("src/main/resources/META-INF/spring-configuration-metadata.json")
            .toFile())
        .path("properties")
        .forEach(property -> {
          String name = property.path("name").asText();
          String value = property.path("defaultValue").asText();
          assertThat(page)
              .contains(
                  name.startsWith("management")
                      ? "`" + name + "`"
                      : "| `" + name.substring(SenderProperties.PREFIX.length() + 1) + "` |"
                          + (value.isEmpty() ? "" : " " + value) + " |");
        });
  }

  @Test
  void service_ofThePage_isDeliveredAfterItsCommit() {
    try (Endpoint endpoint = Endpoint.start()) {
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(
              DataSourceAutoConfiguration.class,
              DataSourceTransactionManagerAutoConfiguration.class,
              JdbcTemplateAutoConfiguration.class,
              TransactionAutoConfiguration.class,
              WebhookSenderAutoConfiguration.class))
          .withUserConfiguration(
              Endpoint.Allowed.class, SpringPage.Contacts.class, SpringPage.Listeners.class)
          .withPropertyValues(
              "klink.webhooks.sender.enabled=true",
              "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1")
          .run(context -> {
            endpoint.subscribeTo(context.getBean(WebhookSender.class));
            context
                .getBean(JdbcTemplate.class)
                .execute("CREATE TABLE contact (id VARCHAR(40), name VARCHAR(200))");

            context.getBean(SpringPage.Contacts.class).create("1", "Dara");
            new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                .executeWithoutResult(
                    status -> context.publishEvent(new SpringPage.ContactCreated("2", "Sok")));

            await().untilAsserted(() -> assertThat(endpoint.received()).hasSize(3));
          });
    }
  }

  @Test
  void migration_ofThePage_isWritten(@TempDir Path folder) throws IOException {
    SpringPage.writeMigration(folder);

    assertThat(folder.resolve("V7__klink_webhooks_1.sql")).content().contains("klink_delivery");
  }
}
