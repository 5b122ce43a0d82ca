package cloud.klink.webhooks.sender.spring;

import static cloud.klink.webhooks.event.Environment.PRODUCTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.PublishException;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.logs.CapturedLog;
import cloud.klink.webhooks.sender.reason.SenderReason;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Publishing in Spring's transactions, by a sender that delivers over real HTTP. */
class SpringTransactionTest {
  private final Endpoint endpoint = Endpoint.start();

  private final ApplicationContextRunner runner = new ApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(
          DataSourceAutoConfiguration.class,
          DataSourceTransactionManagerAutoConfiguration.class,
          JdbcTemplateAutoConfiguration.class,
          TransactionAutoConfiguration.class,
          WebhookSenderAutoConfiguration.class))
      .withUserConfiguration(Endpoint.Allowed.class)
      .withPropertyValues(
          "klink.webhooks.sender.enabled=true",
          "klink.webhooks.sender.poll-interval=1h",
          "klink.webhooks.sender.shutdown-timeout=1s",
          "spring.datasource.url=" + url());

  @AfterEach
  void stop() {
    endpoint.close();
  }

  private static String url() {
    return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
  }

  /** An application with its sender, and a table of its own. */
  private record App(ApplicationContext context) {
    void publish(String id) {
      context.getBean(WebhookPublisher.class).publish(PRODUCTION, Endpoint.event(id));
    }

    TransactionTemplate transaction() {
      return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
    }

    TransactionTemplate requiresNew() {
      TransactionTemplate template = transaction();
      template.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
      return template;
    }

    JdbcTemplate jdbc() {
      return context.getBean(JdbcTemplate.class);
    }

    int stored() {
      Integer events = jdbc().queryForObject("SELECT COUNT(*) FROM klink_event", Integer.class);
      return events == null ? -1 : events;
    }
  }

  private void run(ApplicationContextRunner with, Consumer<App> test) {
    with.run(context -> {
      assertThat(context).hasNotFailed();
      endpoint.subscribeTo(context.getBean(WebhookSender.class));
      App app = new App(context);
      app.jdbc().execute("CREATE TABLE orders (id VARCHAR(40))");
      test.accept(app);
    });
  }

  private void awaitReceived(String... ids) {
    await().untilAsserted(() -> assertThat(endpoint.received()).containsExactlyInAnyOrder(ids));
  }

  @Test
  void publish_withoutATransaction_isSent() {
    run(runner, app -> {
      app.publish("evt_1");

      awaitReceived("evt_1");
    });
  }

  @Test
  void publish_inATransaction_isSentAtOnceAfterTheCommit() {
    run(runner, app -> {
      app.transaction().executeWithoutResult(status -> {
        app.jdbc().update("INSERT INTO orders VALUES ('a')");
        app.publish("evt_1");
        app.publish("evt_2");
        // Longer than the sender looks often by itself: then next after 2 seconds.
        await().pollDelay(Duration.ofMillis(1_100)).until(() -> true);
        assertThat(endpoint.received()).isEmpty();
      });

      await()
          .atMost(Duration.ofMillis(500))
          .untilAsserted(
              () -> assertThat(endpoint.received()).containsExactlyInAnyOrder("evt_1", "evt_2"));
    });
  }

  @Test
  void publish_inATransactionThatIsRolledBack_wasNever() {
    run(runner, app -> {
      assertThatThrownBy(() -> app.transaction().executeWithoutResult(status -> {
            app.publish("evt_1");
            throw new IllegalStateException("on purpose");
          }))
          .hasMessage("on purpose");
      app.publish("evt_2");

      awaitReceived("evt_2");
      assertThat(app.stored()).isEqualTo(1);
    });
  }

  @Test
  void publish_inRequiresNew_isKeptWhenTheOuterTransactionIsRolledBack() {
    run(runner, app -> {
      app.transaction().executeWithoutResult(outer -> {
        app.requiresNew().executeWithoutResult(inner -> app.publish("evt_inner"));
        awaitReceived("evt_inner");
        app.publish("evt_outer");
        outer.setRollbackOnly();
      });

      assertThat(app.stored()).isEqualTo(1);
    });
  }

  @Test
  void publish_aroundRequiresNew_isSentAfterTheOuterCommit() {
    run(runner, app -> {
      app.transaction().executeWithoutResult(outer -> {
        app.requiresNew().executeWithoutResult(inner -> app.publish("evt_inner"));
        app.publish("evt_outer");
        app.requiresNew().executeWithoutResult(inner -> app.jdbc().queryForList("SELECT 1"));
        app.transaction().executeWithoutResult(joined -> app.publish("evt_joined"));
      });

      awaitReceived("evt_inner", "evt_outer", "evt_joined");
    });
  }

  /** A second database, with a transaction manager of its own. */
  @Configuration(proxyBeanMethods = false)
  static class TwoDatabases {
    @Bean
    @Primary
    DataSource first() {
      return h2();
    }

    @Bean
    DataSource second() {
      return h2();
    }

    @Bean
    @Primary
    PlatformTransactionManager firstTransactions(DataSource first) {
      return new JdbcTransactionManager(first);
    }

    @Bean
    PlatformTransactionManager secondTransactions() {
      return new JdbcTransactionManager(second());
    }

    private static DataSource h2() {
      JdbcDataSource dataSource = new JdbcDataSource();
      dataSource.setURL(url());
      return dataSource;
    }
  }

  @Test
  void publish_inATransactionOfAnotherDataSource_isStoredByItself() {
    run(runner.withUserConfiguration(TwoDatabases.class), app -> {
      TransactionTemplate other = new TransactionTemplate(
          app.context().getBean("secondTransactions", PlatformTransactionManager.class));
      other.executeWithoutResult(status -> {
        app.publish("evt_1");
        awaitReceived("evt_1");
        // From here on, Spring keeps a connection of the first for the second's transaction.
        assertThat(app.stored()).isEqualTo(1);
        app.publish("evt_2");
        status.setRollbackOnly();
      });

      awaitReceived("evt_1", "evt_2");
    });
  }

  /** Spring gives a kept connection back while the transaction is suspended. */
  @Test
  void publish_inATransactionOfAnotherDataSourceThatWasSuspended_isStoredByItself() {
    run(runner.withUserConfiguration(TwoDatabases.class), app -> {
      TransactionTemplate other = new TransactionTemplate(
          app.context().getBean("secondTransactions", PlatformTransactionManager.class));
      TransactionTemplate inner = new TransactionTemplate(
          app.context().getBean("secondTransactions", PlatformTransactionManager.class));
      inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
      other.executeWithoutResult(status -> {
        assertThat(app.stored()).isZero();
        inner.executeWithoutResult(own -> app.publish("evt_1"));
        app.publish("evt_2");
        status.setRollbackOnly();
      });

      awaitReceived("evt_1", "evt_2");
    });
  }

  /** A pool whose connections come with auto-commit off, and a transaction of something else. */
  @Configuration(proxyBeanMethods = false)
  static class OtherTransactions {
    @Bean
    PlatformTransactionManager otherTransactions() {
      JdbcDataSource dataSource = new JdbcDataSource();
      dataSource.setURL(url());
      return new JdbcTransactionManager(dataSource);
    }
  }

  @Test
  void publish_onAPoolWithAutoCommitOff_joinsWhatIsATransactionOnly() {
    ApplicationContextRunner with =
        runner.withPropertyValues("spring.datasource.hikari.auto-commit=false");
    run(with, app -> {
      app.publish("evt_1");
      app.transaction().executeWithoutResult(status -> app.publish("evt_2"));
      app.transaction().executeWithoutResult(status -> {
        app.publish("evt_3");
        status.setRollbackOnly();
      });

      awaitReceived("evt_1", "evt_2");
    });
    endpoint.received().clear();
    run(
        with.withUserConfiguration(OtherTransactions.class)
            .withPropertyValues("spring.datasource.url=" + url()),
        app -> {
          app.transaction().executeWithoutResult(status -> {
            assertThat(app.stored()).isZero();
            app.publish("evt_4");
            awaitReceived("evt_4");
          });
          assertThat(app.stored()).isEqualTo(1);
        });
  }

  /** Spring's ways to wrap a DataSource. */
  @Configuration(proxyBeanMethods = false)
  static class Wrapped {
    @Bean
    DataSource dataSource(org.springframework.core.env.Environment environment) {
      JdbcDataSource target = new JdbcDataSource();
      target.setURL(environment.getRequiredProperty("spring.datasource.url"));
      String kind = environment.getRequiredProperty("wrapped");
      return switch (kind) {
        case "aware" -> new TransactionAwareDataSourceProxy(target);
        case "lazy" -> new LazyConnectionDataSourceProxy(target);
        case "both" ->
          new TransactionAwareDataSourceProxy(new LazyConnectionDataSourceProxy(target));
        default -> new DelegatingDataSource(new TransactionAwareDataSourceProxy(target));
      };
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"aware", "lazy", "both", "delegating"})
  void publish_onADataSourceThatIsWrapped_joins(String kind) {
    run(runner.withUserConfiguration(Wrapped.class).withPropertyValues("wrapped=" + kind), app -> {
      app.transaction().executeWithoutResult(status -> {
        app.publish("evt_1");
        status.setRollbackOnly();
      });
      app.transaction().executeWithoutResult(status -> app.publish("evt_2"));

      awaitReceived("evt_2");
      assertThat(app.stored()).isEqualTo(1);
    });
  }

  private static void register(Runnable afterCommit) {
    TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
      @Override
      public void afterCommit() {
        afterCommit.run();
      }
    });
  }

  private static void assertRefused(Throwable failure) {
    assertThat(failure)
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("REQUIRES_NEW")
        .extracting(e -> ((PublishException) e).reason())
        .isEqualTo(SenderReason.TRANSACTION_ENDED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void publish_afterCommit_isRefused(boolean hasPublishedBefore) {
    run(runner, app -> {
      assertThatThrownBy(() -> app.transaction().executeWithoutResult(status -> {
            if (hasPublishedBefore) {
              app.publish("evt_before");
            }
            register(() -> app.publish("evt_1"));
          }))
          .satisfies(SpringTransactionTest::assertRefused);
      app.publish("evt_2");

      awaitReceived(
          hasPublishedBefore ? new String[] {"evt_before", "evt_2"} : new String[] {"evt_2"});
    });
  }

  @Test
  void publish_afterCommitInRequiresNew_isSent() {
    run(runner, app -> {
      AtomicReference<Throwable> failure = new AtomicReference<>();
      app.transaction()
          .executeWithoutResult(status -> register(() -> {
            app.requiresNew().executeWithoutResult(inner -> app.publish("evt_1"));
            try {
              app.publish("evt_2");
            } catch (PublishException e) {
              failure.set(e);
            }
          }));

      awaitReceived("evt_1");
      assertRefused(failure.get());
    });
  }

  @Test
  void publish_afterACommitOfAnotherDataSource_isSent() {
    run(runner.withUserConfiguration(TwoDatabases.class), app -> {
      new TransactionTemplate(
              app.context().getBean("secondTransactions", PlatformTransactionManager.class))
          .executeWithoutResult(status -> {
            assertThat(app.stored()).isZero();
            register(() -> app.publish("evt_1"));
          });

      awaitReceived("evt_1");
    });
  }

  @Test
  void publish_afterACommitThatNobodyTellsOf_isLogged() {
    run(runner, app -> {
      DataSource dataSource = app.context().getBean(DataSource.class);
      try (CapturedLog log = CapturedLog.from(Level.ERROR)) {
        new TransactionTemplate(new JdbcTransactionManager(dataSource))
            .executeWithoutResult(status -> register(() -> app.publish("evt_1")));

        assertThat(log.lines()).singleElement().asString().contains("is not a bean");
      }
    });
  }

  /** What takes part in the ended transaction looks like a transaction of its own there. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void publish_inWhatJoinsAnEndedTransaction_isRefused(boolean isRolledBack) {
    run(runner, app -> {
      AtomicReference<Throwable> failure = new AtomicReference<>();
      app.transaction().executeWithoutResult(status -> {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
          @Override
          public void afterCompletion(int outcome) {
            app.transaction().executeWithoutResult(joined -> {
              try {
                app.publish("evt_1");
              } catch (PublishException e) {
                failure.set(e);
              }
            });
          }
        });
        if (isRolledBack) {
          status.setRollbackOnly();
        }
      });

      assertRefused(failure.get());
      assertThat(app.stored()).isZero();
    });
  }

  /** Publishes in the phases of a transaction. */
  static class Listener {
    final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final WebhookPublisher publisher;

    Listener(WebhookPublisher publisher) {
      this.publisher = publisher;
    }

    @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
    void before(String id) {
      publisher.publish(PRODUCTION, Endpoint.event(id + "_before"));
    }

    @TransactionalEventListener
    void after(String id) {
      try {
        publisher.publish(PRODUCTION, Endpoint.event(id + "_after"));
      } catch (PublishException e) {
        failure.set(e);
      }
    }
  }

  @Test
  void publish_inAnEventListener_isSentBeforeAndRefusedAfterTheCommit() {
    run(runner.withBean(Listener.class), app -> {
      app.transaction()
          .executeWithoutResult(
              status -> ((ApplicationEventPublisher) app.context()).publishEvent("evt_1"));

      awaitReceived("evt_1_before");
      assertRefused(app.context().getBean(Listener.class).failure.get());
      assertThat(app.stored()).isEqualTo(1);
    });
  }
}
