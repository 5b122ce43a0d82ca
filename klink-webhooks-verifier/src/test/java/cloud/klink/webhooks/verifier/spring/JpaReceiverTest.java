package cloud.klink.webhooks.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Handlers that work by JPA: what Hibernate writes and the mark are committed together. */
class JpaReceiverTest {
  private static final String DONE =
      "SELECT COUNT(*) FROM klink_processed_events WHERE done_at IS NOT NULL";

  private final ApplicationContextRunner runner = new ApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(
          DataSourceAutoConfiguration.class,
          HibernateJpaAutoConfiguration.class,
          JdbcTemplateAutoConfiguration.class,
          TransactionAutoConfiguration.class,
          WebhookReceiverAutoConfiguration.class))
      .withUserConfiguration(Entities.class, Inbox.class)
      .withPropertyValues(
          "spring.jpa.hibernate.ddl-auto=create",
          "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
          "klink.webhooks.receiver.public-url=" + App.URL,
          "klink.webhooks.receiver.secrets=" + App.SECRET,
          "klink.webhooks.receiver.deduplication.type=jdbc");

  /** What an application keeps. */
  @Entity(name = "Message")
  static class Message {
    @Id
    String id = "";
  }

  @Configuration(proxyBeanMethods = false)
  @AutoConfigurationPackage
  static class Entities {}

  static class Inbox {
    /** How many events were marked, as another connection sees it right after each commit. */
    private final List<Integer> doneAtCommit = new CopyOnWriteArrayList<>();

    private final EntityManager entities;
    private final JdbcTemplate jdbc;

    Inbox(EntityManager entities, JdbcTemplate jdbc) {
      this.entities = entities;
      this.jdbc = jdbc;
    }

    @Transactional
    @KlinkWebhook("message.inbound")
    public void onMessage(Event event) {
      TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
        @Override
        public void afterCommit() {
          doneAtCommit.add(inAnotherThread());
        }
      });
      Message message = new Message();
      message.id = event.id().orElseThrow().replaceFirst("again", "evt");
      entities.persist(message);
      if (message.id.startsWith("bad")) {
        throw new IllegalStateException("on purpose");
      }
    }

    List<Integer> doneAtCommit() {
      return doneAtCommit;
    }

    private int inAnotherThread() {
      return CompletableFuture.supplyAsync(() -> jdbc.queryForObject(DONE, Integer.class))
          .join();
    }
  }

  private static String deliver(ApplicationContext context, String id) {
    return context
        .getBean(WebhookReceiver.class)
        .receive(App.signed("message.inbound", id).toIncomingRequest())
        .code();
  }

  private static List<String> messages(ApplicationContext context) {
    return context
        .getBean(EntityManager.class)
        .createQuery("SELECT m.id FROM Message m", String.class)
        .getResultList();
  }

  private static Integer done(ApplicationContext context) {
    return context.getBean(JdbcTemplate.class).queryForObject(DONE, Integer.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void event_ofAHandlerWithJpa_isMarkedInItsTransaction(boolean autoCommit) {
    runner
        .withPropertyValues("spring.datasource.hikari.auto-commit=" + autoCommit)
        .run(context -> {
          assertThat(context).hasNotFailed();

          assertThat(deliver(context, "evt_1")).isEqualTo("processed");
          assertThat(deliver(context, "evt_1")).isEqualTo("duplicate");

          assertThat(context.getBean(Inbox.class).doneAtCommit()).containsExactly(1);
          assertThat(messages(context)).containsExactly("evt_1");
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void event_ofAHandlerWithJpaThatFails_isRolledBackAndMayCome(boolean autoCommit) {
    runner
        .withPropertyValues("spring.datasource.hikari.auto-commit=" + autoCommit)
        .run(context -> {
          assertThat(deliver(context, "bad_1")).isEqualTo("handler_failed");
          assertThat(deliver(context, "bad_1")).isEqualTo("handler_failed");

          assertThat(messages(context)).isEmpty();
          assertThat(done(context)).isZero();
        });
  }

  /** Hibernate writes at the commit; what the database refuses then takes the mark with it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void event_whoseWorkFailsAtTheCommit_isNotMarked(boolean autoCommit) {
    runner
        .withPropertyValues("spring.datasource.hikari.auto-commit=" + autoCommit)
        .run(context -> {
          assertThat(deliver(context, "evt_1")).isEqualTo("processed");

          assertThat(deliver(context, "again_1")).isEqualTo("handler_failed");

          assertThat(messages(context)).containsExactly("evt_1");
          assertThat(done(context)).isEqualTo(1);
        });
  }
}
