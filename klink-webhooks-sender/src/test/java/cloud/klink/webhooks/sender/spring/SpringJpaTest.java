package cloud.klink.webhooks.sender.spring;

import static cloud.klink.webhooks.event.Environment.PRODUCTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.PublishException;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.reason.SenderReason;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Publishing in transactions of JPA, by Hibernate, on pools of both settings of auto-commit. */
class SpringJpaTest {
  private final Endpoint endpoint = Endpoint.start();

  private final ApplicationContextRunner runner = new ApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(
          DataSourceAutoConfiguration.class,
          HibernateJpaAutoConfiguration.class,
          TransactionAutoConfiguration.class,
          WebhookSenderAutoConfiguration.class))
      .withUserConfiguration(Entities.class, Endpoint.Allowed.class)
      .withPropertyValues(
          "klink.webhooks.sender.enabled=true",
          "klink.webhooks.sender.poll-interval=1h",
          "klink.webhooks.sender.shutdown-timeout=1s",
          "spring.jpa.hibernate.ddl-auto=create",
          "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");

  /** What an application keeps. */
  @Entity(name = "Customer")
  static class Customer {
    @Id
    String id = "";
  }

  @Configuration(proxyBeanMethods = false)
  @AutoConfigurationPackage
  static class Entities {}

  @AfterEach
  void stop() {
    endpoint.close();
  }

  private interface Work {
    void run(
        WebhookPublisher publisher, EntityManager entities, PlatformTransactionManager manager);
  }

  private void run(boolean autoCommit, Work work) {
    runner
        .withPropertyValues("spring.datasource.hikari.auto-commit=" + autoCommit)
        .run(context -> {
          assertThat(context).hasNotFailed();
          endpoint.subscribeTo(context.getBean(WebhookSender.class));
          work.run(
              context.getBean(WebhookPublisher.class),
              context.getBean(EntityManager.class),
              context.getBean(PlatformTransactionManager.class));
        });
  }

  private static void insert(EntityManager entities, String id) {
    Customer customer = new Customer();
    customer.id = id;
    entities.persist(customer);
  }

  private void awaitReceived(String... ids) {
    await().untilAsserted(() -> assertThat(endpoint.received()).containsExactlyInAnyOrder(ids));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void publish_inATransactionOfJpa_isKeptOrLostWithIt(boolean autoCommit) {
    run(autoCommit, (publisher, entities, manager) -> {
      TransactionTemplate transaction = new TransactionTemplate(manager);
      assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
            insert(entities, "lost");
            publisher.publish(PRODUCTION, Endpoint.event("evt_lost"));
            throw new IllegalStateException("on purpose");
          }))
          .hasMessage("on purpose");
      transaction.executeWithoutResult(status -> {
        insert(entities, "kept");
        publisher.publish(PRODUCTION, Endpoint.event("evt_kept"));
        assertThat(endpoint.received()).isEmpty();
      });

      awaitReceived("evt_kept");
      assertThat(
              entities.createQuery("SELECT c.id FROM Customer c", String.class).getResultList())
          .containsExactly("kept");
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void publish_inRequiresNewOfJpa_isKeptWhenTheOuterIsRolledBack(boolean autoCommit) {
    run(autoCommit, (publisher, entities, manager) -> {
      TransactionTemplate inner = new TransactionTemplate(manager);
      inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
      new TransactionTemplate(manager).executeWithoutResult(status -> {
        insert(entities, "lost");
        inner.executeWithoutResult(
            own -> publisher.publish(PRODUCTION, Endpoint.event("evt_inner")));
        publisher.publish(PRODUCTION, Endpoint.event("evt_outer"));
        status.setRollbackOnly();
      });

      awaitReceived("evt_inner");
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void publish_afterACommitOfJpa_isRefused(boolean autoCommit) {
    run(autoCommit, (publisher, entities, manager) -> {
      TransactionTemplate transaction = new TransactionTemplate(manager);

      assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
            insert(entities, "kept");
            TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                  @Override
                  public void afterCommit() {
                    publisher.publish(PRODUCTION, Endpoint.event("evt_1"));
                  }
                });
          }))
          .isInstanceOfSatisfying(
              PublishException.class,
              e -> assertThat(e.reason()).isEqualTo(SenderReason.TRANSACTION_ENDED));
      publisher.publish(PRODUCTION, Endpoint.event("evt_2"));

      awaitReceived("evt_2");
    });
  }
}
