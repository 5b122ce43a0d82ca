package cloud.klink.webhooks.sender.spring;

import static cloud.klink.webhooks.event.Environment.PRODUCTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.StorageException;
import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.internal.arjuna.objectstore.VolatileStore;
import com.arjuna.ats.jdbc.TransactionalDriver;
import com.arjuna.ats.jta.TransactionManager;
import com.arjuna.ats.jta.UserTransaction;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.jta.JtaTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Publishing in transactions of JTA, by Narayana, on a DataSource that takes part in them. */
class SpringJtaTest {
  private final Endpoint endpoint = Endpoint.start();

  private final ApplicationContextRunner runner = new ApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(
          JdbcTemplateAutoConfiguration.class, WebhookSenderAutoConfiguration.class))
      .withUserConfiguration(Narayana.class, Endpoint.Allowed.class)
      .withPropertyValues(
          "klink.webhooks.sender.enabled=true",
          "klink.webhooks.sender.poll-interval=1h",
          "klink.webhooks.sender.shutdown-timeout=1s");

  /** Keeps its log in memory. */
  @BeforeAll
  static void storeNothing() {
    for (String name : new String[] {null, "communicationStore", "stateStore"}) {
      BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, name)
          .setObjectStoreType(VolatileStore.class.getName());
    }
  }

  @AfterEach
  void stop() {
    endpoint.close();
  }

  @Configuration(proxyBeanMethods = false)
  static class Narayana {
    @Bean
    DataSource dataSource() {
      JdbcDataSource h2 = new JdbcDataSource();
      h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
      Properties properties = new Properties();
      properties.put(TransactionalDriver.XADataSource, h2);
      // The driver has one pool for all databases, and waits without end when it is full.
      properties.put(TransactionalDriver.maxConnections, "1000000");
      return new SimpleDriverDataSource(
          new TransactionalDriver(), TransactionalDriver.arjunaDriver, properties);
    }

    @Bean
    PlatformTransactionManager transactionManager() {
      return new JtaTransactionManager(
          UserTransaction.userTransaction(), TransactionManager.transactionManager());
    }
  }

  private void run(Consumer<ApplicationContext> test) {
    runner.run(context -> {
      assertThat(context).hasNotFailed();
      WebhookSender sender = context.getBean(WebhookSender.class);
      await().until(() -> sender.health().lastClaim().isPresent());
      endpoint.subscribeTo(sender);
      context.getBean(JdbcTemplate.class).execute("CREATE TABLE orders (id VARCHAR(40))");
      test.accept(context);
    });
  }

  private static void publish(ApplicationContext context, String id) {
    context.getBean(WebhookPublisher.class).publish(PRODUCTION, Endpoint.event(id));
  }

  private static TransactionTemplate transaction(ApplicationContext context) {
    return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
  }

  private static void order(ApplicationContext context) {
    context.getBean(JdbcTemplate.class).update("INSERT INTO orders VALUES ('a')");
  }

  private static int count(ApplicationContext context, String table) {
    Integer count = context
        .getBean(JdbcTemplate.class)
        .queryForObject("SELECT COUNT(*) FROM " + table, Integer.class);
    return count == null ? -1 : count;
  }

  private void awaitReceived(String... ids) {
    await().untilAsserted(() -> assertThat(endpoint.received()).containsExactlyInAnyOrder(ids));
  }

  /** Whether a connection is there already hangs on what the application did before. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void publish_inATransactionOfJta_isKeptOrLostWithIt(boolean afterAStatement) {
    run(context -> {
      transaction(context).executeWithoutResult(status -> {
        if (afterAStatement) {
          order(context);
        }
        publish(context, "evt_lost");
        order(context);
        status.setRollbackOnly();
      });
      assertThat(count(context, "orders")).isZero();
      assertThat(count(context, "klink_event")).isZero();

      transaction(context).executeWithoutResult(status -> {
        if (afterAStatement) {
          order(context);
        }
        publish(context, "evt_kept");
        assertThat(endpoint.received()).isEmpty();
      });

      awaitReceived("evt_kept");
    });
  }

  @Test
  void publish_inRequiresNewOfJta_isKeptWhenTheOuterIsRolledBack() {
    run(context -> {
      TransactionTemplate inner = transaction(context);
      inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
      transaction(context).executeWithoutResult(status -> {
        order(context);
        inner.executeWithoutResult(own -> publish(context, "evt_inner"));
        publish(context, "evt_outer");
        status.setRollbackOnly();
      });

      awaitReceived("evt_inner");
      assertThat(count(context, "klink_event")).isEqualTo(1);
    });
  }

  /** The transaction manager rolls back in a thread of its own, and the caller's goes on. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void publish_whenTheTransactionOfJtaHasTimedOut_isRefused(boolean afterAStatement) {
    run(context -> {
      TransactionTemplate transaction = transaction(context);
      transaction.setTimeout(1);
      assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
            if (afterAStatement) {
              publish(context, "evt_before");
            }
            awaitRollback(currentTransaction());
            assertThatThrownBy(() -> publish(context, "evt_after"))
                .isInstanceOf(WebhookException.class);
          }))
          .isInstanceOf(UnexpectedRollbackException.class);

      assertThat(count(context, "klink_event")).isZero();
    });
  }

  @Test
  void publish_whenTheTransactionOfJtaHasTimedOutWhileItWasSuspended_isRefused() {
    run(context -> {
      TransactionTemplate inner = transaction(context);
      inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
      inner.setTimeout(60); // or it has that of the outer one
      TransactionTemplate outer = transaction(context);
      outer.setTimeout(1);
      assertThatThrownBy(() -> outer.executeWithoutResult(status -> {
            order(context);
            Transaction suspended = currentTransaction();
            inner.executeWithoutResult(own -> {
              awaitRollback(suspended);
              publish(context, "evt_inner");
            });
            assertThatThrownBy(() -> publish(context, "evt_outer"))
                .isInstanceOf(WebhookException.class);
          }))
          .isInstanceOf(UnexpectedRollbackException.class);

      awaitReceived("evt_inner");
      assertThat(count(context, "klink_event")).isEqualTo(1);
      assertThat(count(context, "orders")).isZero();
    });
  }

  private static Transaction currentTransaction() {
    try {
      return TransactionManager.transactionManager().getTransaction();
    } catch (SystemException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitRollback(Transaction transaction) {
    await().until(() -> transaction.getStatus() == Status.STATUS_ROLLEDBACK);
  }

  @Test
  void publish_afterACommitOfJta_isStoredByItself() {
    run(context -> {
      transaction(context).executeWithoutResult(status -> {
        order(context);
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            publish(context, "evt_1");
          }
        });
      });

      awaitReceived("evt_1");
    });
  }

  @Test
  void publish_byTheSenderItselfInATransactionOfJta_isRefused() {
    run(context -> transaction(context)
        .executeWithoutResult(status -> assertThatThrownBy(() ->
                context.getBean(WebhookSender.class).publish(PRODUCTION, Endpoint.event("evt_1")))
            .isInstanceOfSatisfying(
                StorageException.class,
                e -> assertThat(e.reason()).isEqualTo(SenderReason.STORAGE_REFUSED))
            .hasRootCauseMessage("ARJUNA017009: Commit not allowed by transaction service.")));
  }
}
