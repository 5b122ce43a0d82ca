package cloud.klink.webhooks.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.verifier.deduplication.JdbcProcessedEvents;
import cloud.klink.webhooks.verifier.deduplication.ProcessingClaim;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Events are remembered in the application's database, and marked in its transactions. */
class JdbcReceiverTest {
  private final ApplicationContextRunner runner = new ApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(WebhookReceiverAutoConfiguration.class))
      .withUserConfiguration(Database.class)
      .withPropertyValues(
          "klink.webhooks.receiver.public-url=" + App.URL,
          "klink.webhooks.receiver.secrets=" + App.SECRET,
          "klink.webhooks.receiver.deduplication.type=jdbc");

  @Configuration
  @EnableTransactionManagement(proxyTargetClass = true)
  static class Database {
    @Bean
    DataSource dataSource() {
      JdbcDataSource h2 = new JdbcDataSource();
      h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
      return h2;
    }

    @Bean
    JdbcTemplate jdbc(DataSource dataSource) {
      JdbcTemplate jdbc = new JdbcTemplate(dataSource);
      jdbc.execute("CREATE TABLE inbox (id VARCHAR(100))");
      return jdbc;
    }

    @Bean
    PlatformTransactionManager transactionManager(DataSource dataSource) {
      return new DataSourceTransactionManager(dataSource);
    }
  }

  private static String deliver(ApplicationContext context, String id) {
    return context
        .getBean(WebhookReceiver.class)
        .receive(App.signed("message.inbound", id).toIncomingRequest())
        .code();
  }

  private static int count(ApplicationContext context, String what) {
    Integer count = context
        .getBean(JdbcTemplate.class)
        .queryForObject("SELECT COUNT(*) FROM " + what, Integer.class);
    return count == null ? -1 : count;
  }

  private static final String DONE = "klink_processed_events WHERE done_at IS NOT NULL";

  /** What the handlers of these tests do. */
  abstract static class Inbox {
    protected final JdbcTemplate jdbc;

    /** What was committed beside the inbox when the transaction of the handler was. */
    volatile int doneAtCommit = -1;

    Inbox(JdbcTemplate jdbc) {
      this.jdbc = jdbc;
    }

    void store(Event event) {
      jdbc.update("INSERT INTO inbox VALUES (?)", event.id().orElseThrow());
      if (TransactionSynchronizationManager.isSynchronizationActive()) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            doneAtCommit = doneInAnotherConnection();
          }
        });
      }
      if (event.id().orElseThrow().startsWith("bad")) {
        throw new IllegalStateException("on purpose");
      }
    }

    int doneInAnotherConnection() {
      try (var connection = Objects.requireNonNull(jdbc.getDataSource()).getConnection();
          var rows = connection.createStatement().executeQuery("SELECT COUNT(*) FROM " + DONE)) {
        rows.next();
        return rows.getInt(1);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static class TransactionalInbox extends Inbox {
    TransactionalInbox(JdbcTemplate jdbc) {
      super(jdbc);
    }

    @Transactional
    @KlinkWebhook("message.inbound")
    public void onMessage(Event event) {
      store(event);
    }
  }

  static class PlainInbox extends Inbox {
    PlainInbox(JdbcTemplate jdbc) {
      super(jdbc);
    }

    @KlinkWebhook("message.inbound")
    public void onMessage(Event event) {
      store(event);
    }
  }

  static class ClaimingInbox extends Inbox {
    private final TransactionTemplate transactions;

    ClaimingInbox(JdbcTemplate jdbc, PlatformTransactionManager manager) {
      super(jdbc);
      this.transactions = new TransactionTemplate(manager);
    }

    @KlinkWebhook("message.inbound")
    void onMessage(Event event, ProcessingClaim claim) {
      transactions.executeWithoutResult(status -> {
        store(event);
        try {
          claim.done(DataSourceUtils.getConnection(Objects.requireNonNull(jdbc.getDataSource())));
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      });
    }
  }

  @Test
  void event_ofAnyHandler_isHandledOnce() {
    runner.withUserConfiguration(PlainInbox.class).run(context -> {
      assertThat(deliver(context, "evt_1")).isEqualTo("processed");
      assertThat(deliver(context, "evt_1")).isEqualTo("duplicate");
      assertThat(count(context, "inbox")).isEqualTo(1);
      assertThat(count(context, DONE)).isEqualTo(1);
    });
  }

  @Test
  void event_ofATransactionalHandler_isMarkedInItsTransaction() {
    runner.withUserConfiguration(TransactionalInbox.class).run(context -> {
      assertThat(deliver(context, "evt_1")).isEqualTo("processed");

      assertThat(context.getBean(TransactionalInbox.class).doneInAnotherConnection())
          .isEqualTo(1);
      assertThat(deliver(context, "evt_1")).isEqualTo("duplicate");
      assertThat(count(context, "inbox")).isEqualTo(1);
    });
  }

  @Test
  void event_ofATransactionalHandlerThatFails_isRolledBackAndMayCome() {
    runner.withUserConfiguration(TransactionalInbox.class).run(context -> {
      assertThat(deliver(context, "bad_1")).isEqualTo("handler_failed");
      assertThat(count(context, "inbox")).isZero();
      assertThat(count(context, "klink_processed_events")).isZero();
    });
  }

  /** The mark is there when the transaction is committed, not only after the handler returned. */
  @Test
  void mark_ofATransactionalHandler_isCommittedWithItsWork() {
    runner.withUserConfiguration(Probe.class, ProbedInbox.class).run(context -> {
      deliver(context, "evt_1");
      assertThat(context.getBean(Probe.class).doneAtCommit).isEqualTo(1);
    });
    runner.withUserConfiguration(Probe.class, PlainProbedInbox.class).run(context -> {
      deliver(context, "evt_1");
      assertThat(context.getBean(Probe.class).doneAtCommit).isZero();
    });
  }

  static class Probe extends Inbox {
    Probe(JdbcTemplate jdbc) {
      super(jdbc);
    }
  }

  static class ProbedInbox {
    private final Probe probe;

    ProbedInbox(Probe probe) {
      this.probe = probe;
    }

    @Transactional
    @KlinkWebhook("message.inbound")
    public void onMessage(Event event) {
      probe.store(event);
    }
  }

  static class PlainProbedInbox {
    private final Probe probe;
    private final TransactionTemplate transactions;

    PlainProbedInbox(Probe probe, PlatformTransactionManager manager) {
      this.probe = probe;
      this.transactions = new TransactionTemplate(manager);
    }

    @KlinkWebhook("message.inbound")
    public void onMessage(Event event) {
      transactions.executeWithoutResult(status -> probe.store(event));
    }
  }

  @Test
  void event_ofAHandlerThatTakesTheClaim_isMarkedWhereTheHandlerSays() {
    runner.withUserConfiguration(ClaimingInbox.class).run(context -> {
      assertThat(deliver(context, "evt_1")).isEqualTo("processed");
      assertThat(context.getBean(ClaimingInbox.class).doneAtCommit).isEqualTo(1);
    });
  }

  @Test
  void dataSource_thatJoinsTransactions_isUnwrapped() {
    @Configuration
    class Proxied {
      @Bean
      @Primary
      DataSource proxied(@Qualifier("dataSource") DataSource dataSource) {
        return new TransactionAwareDataSourceProxy(dataSource);
      }
    }
    runner
        .withUserConfiguration(TransactionalInbox.class)
        .withBean(Proxied.class, Proxied::new)
        .run(context -> {
          assertThat(deliver(context, "evt_1")).isEqualTo("processed");
          assertThat(deliver(context, "evt_1")).isEqualTo("duplicate");
        });
  }

  @Test
  void migration_thatIsSwitchedOff_leavesTheTableToOthers() {
    runner
        .withPropertyValues("klink.webhooks.receiver.deduplication.jdbc.migrate=false")
        .withUserConfiguration(PlainInbox.class)
        .run(context -> {
          assertThat(deliver(context, "evt_1")).isEqualTo("deduplication_unavailable");
          context.getBean(JdbcTemplate.class).execute(JdbcProcessedEvents.ddl());
          assertThat(deliver(context, "evt_1")).isEqualTo("processed");
        });
  }

  @Test
  void purge_bySchedule_forgetsWhatIsOld() {
    runner
        .withPropertyValues(
            "klink.webhooks.receiver.deduplication.jdbc.purge-interval=50ms",
            "klink.webhooks.receiver.deduplication.jdbc.retention=0s")
        .withUserConfiguration(PlainInbox.class)
        .run(context -> {
          assertThat(deliver(context, "evt_1")).isEqualTo("processed");
          await().untilAsserted(() -> assertThat(count(context, DONE)).isZero());
        });
  }

  @ParameterizedTest
  @CsvSource({
    "purge-interval=0s, purge-interval",
    "retention=-1s, retention",
    "statement-timeout=10ms, statement-timeout",
    "data-source=nobodys, data-source"
  })
  void setting_thatIsWrong_isNamedAtStart(String setting, String property) {
    runner
        .withPropertyValues("klink.webhooks.receiver.deduplication.jdbc." + setting)
        .withUserConfiguration(PlainInbox.class)
        .run(context -> assertThat(new ReceiverFailureAnalyzer()
                .analyze(context.getStartupFailure())
                .getDescription())
            .contains("Property: klink.webhooks.receiver.deduplication.jdbc." + property + "\n"));
  }

  @Test
  void migration_thatTheDatabaseRefuses_isExplainedAtStart() {
    runner
        .withUserConfiguration(PlainInbox.class)
        .withBean("rights", TableWithoutColumns.class)
        .run(context -> assertThat(new ReceiverFailureAnalyzer()
                .analyze(context.getStartupFailure())
                .getAction())
            .contains("JdbcProcessedEvents.ddl()"));
  }

  /** A table of that name which is somebody else's. */
  static class TableWithoutColumns implements BeanPostProcessor {
    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
      if (bean instanceof JdbcDataSource h2) {
        new JdbcTemplate(h2).execute("CREATE TABLE klink_processed_events (id INT)");
      }
      return bean;
    }
  }
}
