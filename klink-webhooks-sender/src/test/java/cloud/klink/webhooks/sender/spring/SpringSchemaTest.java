package cloud.klink.webhooks.sender.spring;

import static cloud.klink.webhooks.event.Environment.PRODUCTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcDatabase;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcStorage;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The tables made by the sender itself, by Flyway or by Liquibase, on each database. */
class SpringSchemaTest {
  private static EmbeddedPostgres postgres;

  @TempDir
  Path folder;

  private final ApplicationContextRunner runner = new ApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(
          DataSourceAutoConfiguration.class,
          DataSourceTransactionManagerAutoConfiguration.class,
          JdbcTemplateAutoConfiguration.class,
          FlywayAutoConfiguration.class,
          WebhookSenderAutoConfiguration.class))
      .withUserConfiguration(Endpoint.Allowed.class)
      .withPropertyValues(
          "klink.webhooks.sender.enabled=true", "klink.webhooks.sender.shutdown-timeout=1s");

  @BeforeAll
  static void startPostgres() throws IOException {
    postgres = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stopPostgres() throws IOException {
    postgres.close();
  }

  private String[] at(JdbcDatabase database) {
    return switch (database) {
      case H2 -> new String[] {"spring.datasource.url=jdbc:h2:async:" + folder.resolve("h2")};
      case SQLITE ->
        new String[] {
          "spring.datasource.url=jdbc:sqlite:" + folder.resolve("sqlite.db"),
          "spring.datasource.hikari.maximum-pool-size=4"
        };
      case POSTGRESQL -> {
        String name = "db_" + UUID.randomUUID().toString().replace("-", "");
        new JdbcTemplate(postgres.getPostgresDatabase()).execute("CREATE DATABASE " + name);
        yield new String[] {
          "spring.datasource.url=" + postgres.getJdbcUrl("postgres", name),
          "spring.datasource.username=postgres"
        };
      }
    };
  }

  private Path flywayFolder(JdbcDatabase database) {
    try {
      Path migrations = Files.createDirectory(folder.resolve("migrations"));
      Files.writeString(
          migrations.resolve("V7__klink_webhooks.sql"),
          JdbcStorage.ddl(database, JdbcStorage.SCHEMA_VERSION));
      if (database == JdbcDatabase.SQLITE) {
        Files.writeString(
            migrations.resolve("V7__klink_webhooks.sql.conf"), "executeInTransaction=false");
      }
      return migrations;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sender_onATableOfItsOwnMaking_joinsAndDelivers(JdbcDatabase database) {
    verify(
        runner.withPropertyValues("spring.flyway.enabled=false").withPropertyValues(at(database)),
        database);
  }

  @ParameterizedTest
  @EnumSource
  void sender_onATableMadeByFlyway_joinsAndDelivers(JdbcDatabase database) {
    verify(
        runner
            .withPropertyValues(at(database))
            .withPropertyValues(
                "klink.webhooks.sender.migrate=false",
                "spring.flyway.locations=filesystem:" + flywayFolder(database)),
        database);
  }

  private Path liquibaseChangeLog(JdbcDatabase database) {
    try {
      String attributes = database == JdbcDatabase.SQLITE ? " runInTransaction:false" : "";
      return Files.writeString(
          folder.resolve("changelog.sql"),
          "--liquibase formatted sql\n--changeset klink:webhooks-1" + attributes + "\n"
              + JdbcStorage.ddl(database, JdbcStorage.SCHEMA_VERSION));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sender_onATableMadeByLiquibase_joinsAndDelivers(JdbcDatabase database) {
    ApplicationContextRunner byLiquibase = runner
        .withConfiguration(AutoConfigurations.of(LiquibaseAutoConfiguration.class))
        .withPropertyValues(at(database))
        .withPropertyValues(
            "spring.flyway.enabled=false",
            "klink.webhooks.sender.migrate=false",
            "spring.liquibase.change-log=" + liquibaseChangeLog(database).toUri());

    verify(byLiquibase, database);
    // The second start finds the changes done.
    byLiquibase.run(context -> assertThat(context).hasNotFailed());
  }

  @Test
  void sender_withoutTables_isRefusedAtStartWithTheRemedy() {
    runner
        .withPropertyValues(at(JdbcDatabase.H2))
        .withPropertyValues("spring.flyway.enabled=false", "klink.webhooks.sender.migrate=false")
        .run(context -> assertThat(
                new SenderFailureAnalyzer().analyze(context.getStartupFailure()).getDescription())
            .contains("klink.webhooks.sender.migrate"));
  }

  private static void verify(ApplicationContextRunner runner, JdbcDatabase database) {
    try (Endpoint endpoint = Endpoint.start()) {
      runner.run(context -> {
        assertThat(context).hasNotFailed();
        endpoint.subscribeTo(context.getBean(WebhookSender.class));
        WebhookPublisher publisher = context.getBean(WebhookPublisher.class);
        TransactionTemplate transaction =
            new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
        transaction.executeWithoutResult(status -> {
          publisher.publish(PRODUCTION, Endpoint.event("evt_lost"));
          status.setRollbackOnly();
        });
        transaction.executeWithoutResult(
            status -> publisher.publish(PRODUCTION, Endpoint.event("evt_kept")));

        await().untilAsserted(() -> assertThat(endpoint.received()).containsExactly("evt_kept"));
        assertThat(setting(context.getBean(JdbcTemplate.class), database))
            .isEqualTo(database == JdbcDatabase.H2 ? "0" : "wal");
      });
    }
  }

  /** What migrate() sets for good. */
  private static String setting(JdbcTemplate jdbc, JdbcDatabase database) {
    return switch (database) {
      case H2 ->
        jdbc.queryForObject(
            "SELECT DISTINCT setting_value FROM information_schema.settings WHERE setting_name = 'WRITE_DELAY'",
            String.class);
      case SQLITE -> jdbc.queryForObject("PRAGMA journal_mode", String.class);
      case POSTGRESQL -> "wal";
    };
  }

  @ParameterizedTest
  @EnumSource
  void ddl_ofTheFirstVersion_isAllThatThereIs(JdbcDatabase database) {
    assertThat(JdbcStorage.ddl(database, 1)).isEqualTo(JdbcStorage.ddl(database));
    assertThatThrownBy(() -> JdbcStorage.ddl(database, 2))
        .hasMessage("version: it must be from 1 to 1, not 2");
    assertThatThrownBy(() -> JdbcStorage.ddl(database, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
