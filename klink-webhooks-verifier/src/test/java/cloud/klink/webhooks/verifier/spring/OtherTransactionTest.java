package cloud.klink.webhooks.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import com.zaxxer.hikari.HikariDataSource;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

/**
 * A handler in the transaction of another DataSource than that in which events are remembered: its
 * events are marked after it.
 */
class OtherTransactionTest {
  private final ApplicationContextRunner runner = new ApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(WebhookReceiverAutoConfiguration.class))
      .withUserConfiguration(TwoDatabases.class, Inbox.class)
      .withPropertyValues(
          "klink.webhooks.receiver.public-url=" + App.URL,
          "klink.webhooks.receiver.secrets=" + App.SECRET,
          "klink.webhooks.receiver.deduplication.type=jdbc");

  @Configuration(proxyBeanMethods = false)
  @EnableTransactionManagement(proxyTargetClass = true)
  static class TwoDatabases {
    @Bean
    @Primary
    DataSource first(Environment environment) {
      return h2(environment);
    }

    @Bean
    DataSource second(Environment environment) {
      return h2(environment);
    }

    @Bean
    PlatformTransactionManager secondTransactions(Environment environment) {
      return new JdbcTransactionManager(second(environment));
    }

    @Bean
    JdbcTemplate jdbc(DataSource first) {
      return new JdbcTemplate(first);
    }

    private static DataSource h2(Environment environment) {
      HikariDataSource pool = new HikariDataSource();
      pool.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
      pool.setAutoCommit(environment.getRequiredProperty("auto-commit", Boolean.class));
      return pool;
    }
  }

  static class Inbox {
    private final JdbcTemplate first;

    Inbox(JdbcTemplate first) {
      this.first = first;
    }

    /** Spring keeps the connection of the first DataSource until the second's transaction ends. */
    @Transactional
    @KlinkWebhook("message.inbound")
    public void onMessage(Event event) {
      first.queryForList("SELECT 1");
      if (event.id().orElseThrow().startsWith("bad")) {
        throw new IllegalStateException("on purpose");
      }
    }
  }

  private static String deliver(ApplicationContext context, String id) {
    return context
        .getBean(WebhookReceiver.class)
        .receive(App.signed("message.inbound", id).toIncomingRequest())
        .code();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void event_ofAHandlerInAnotherTransaction_isMarkedAfterIt(boolean autoCommit) {
    runner.withPropertyValues("auto-commit=" + autoCommit).run(context -> {
      assertThat(deliver(context, "evt_1")).isEqualTo("processed");
      assertThat(deliver(context, "evt_1")).isEqualTo("duplicate");
      assertThat(context
              .getBean(JdbcTemplate.class)
              .queryForObject(
                  "SELECT COUNT(*) FROM klink_processed_events WHERE done_at IS NOT NULL",
                  Integer.class))
          .isEqualTo(1);

      assertThat(deliver(context, "bad_1")).isEqualTo("handler_failed");
      assertThat(deliver(context, "bad_1")).isEqualTo("handler_failed");
    });
  }
}
