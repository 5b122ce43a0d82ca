package cloud.klink.webhooks.sender.spring;

import static cloud.klink.webhooks.event.Environment.PRODUCTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.secret.AesGcmCipher;
import cloud.klink.webhooks.sender.secret.SecretCipher;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** What the properties and beans make of a sender, and what is said if they make none. */
class SenderSetupTest {
  private static final AutoConfigurations OURS = AutoConfigurations.of(
      WebhookSenderAutoConfiguration.class,
      WebhookSenderMetricsAutoConfiguration.class,
      WebhookSenderHealthAutoConfiguration.class);

  private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

  private final ApplicationContextRunner withoutDatabase = new ApplicationContextRunner()
      .withConfiguration(OURS)
      .withUserConfiguration(Endpoint.Allowed.class)
      .withPropertyValues(
          "klink.webhooks.sender.enabled=true", "klink.webhooks.sender.shutdown-timeout=1s");

  private final ApplicationContextRunner runner = withoutDatabase
      .withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
      .withPropertyValues("spring.datasource.url=" + url);

  private static FailureAnalysis analysisOf(Throwable failure) {
    assertThat(failure).as("the failure of the start").isNotNull();
    FailureAnalysis analysis = new SenderFailureAnalyzer().analyze(failure);
    assertThat(analysis).as("the analysis of " + failure).isNotNull();
    return analysis;
  }

  @ParameterizedTest
  @CsvSource({"klink.webhooks.sender.enabled=false", "klink.webhooks.sender.lease=1m"})
  void application_withoutEnabled_getsNothing(String property) {
    new ApplicationContextRunner()
        .withConfiguration(OURS)
        .withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
        .withPropertyValues(property, "spring.datasource.url=" + url)
        .run(context -> {
          assertThat(context)
              .hasNotFailed()
              .doesNotHaveBean(WebhookSender.class)
              .doesNotHaveBean(WebhookPublisher.class)
              .doesNotHaveBean("klinkWebhookSenderHealthIndicator");
          assertThat(new JdbcTemplate(context.getBean(DataSource.class))
                  .queryForObject(
                      "SELECT COUNT(*) FROM information_schema.tables"
                          + " WHERE LOWER(table_name) LIKE 'klink%'",
                      Integer.class))
              .isZero();
        });
  }

  @Test
  void sender_thatIsToDeliver_isStarted() {
    runner.run(context ->
        assertThat(context.getBean(WebhookSender.class).health().isStarted()).isTrue());
  }

  @Test
  void sender_thatIsNotToDeliver_publishesOnly() {
    runner.withPropertyValues("klink.webhooks.sender.deliver=false").run(context -> {
      WebhookSender sender = context.getBean(WebhookSender.class);
      assertThat(sender.health().isStarted()).isFalse();
      assertThat(context
              .getBean(WebhookPublisher.class)
              .publish(PRODUCTION, Endpoint.event("evt_1"))
              .isNew())
          .isTrue();
    });
  }

  @Test
  void properties_thatAreSet_areTheSenders() {
    runner
        .withPropertyValues(
            "klink.webhooks.sender.max-concurrent-attempts=7",
            "klink.webhooks.sender.local-queue=9",
            "klink.webhooks.sender.max-memory=1MB",
            "klink.webhooks.sender.lease=2m",
            "klink.webhooks.sender.poll-interval=3s",
            "klink.webhooks.sender.retention=40d")
        .run(context -> assertThat(context.getBean(WebhookSender.class).describe())
            .contains(
                "attempts at the same time: 7",
                "up to 9",
                "up to 1048576",
                "lease: 2m",
                "each 3s",
                "40d"));
  }

  @ParameterizedTest
  @CsvSource({
    "max-concurrent-attempts=0",
    "local-queue=-1",
    "max-memory=1KB",
    "max-payload=17MB",
    "max-payload=3GB",
    "lease=12s",
    "poll-interval=1ms",
    "retention=1m",
    "storage-timeout=0s",
    "data-source=nowhere"
  })
  void property_thatIsWrong_isNamedAtStartWithARemedy(String setting) {
    String property = "klink.webhooks.sender." + setting.substring(0, setting.indexOf('='));
    runner.withPropertyValues("klink.webhooks.sender." + setting).run(context -> {
      FailureAnalysis analysis = analysisOf(context.getStartupFailure());
      assertThat(analysis.getDescription()).contains("Property: " + property + "\n");
      assertThat(analysis.getAction()).isNotBlank();
    });
  }

  @Test
  void tables_thatNobodyHasMade_areNamedWithARemedy() {
    runner.withPropertyValues("klink.webhooks.sender.migrate=false").run(context -> {
      FailureAnalysis analysis = analysisOf(context.getStartupFailure());
      assertThat(analysis.getDescription()).contains("Property: klink.webhooks.sender.migrate\n");
      assertThat(analysis.getAction()).contains("JdbcStorage.ddl()");
    });
  }

  @Test
  void dataSource_thatThereIsNone_isNamedWithARemedy() {
    withoutDatabase.run(context -> {
      FailureAnalysis analysis = analysisOf(context.getStartupFailure());
      assertThat(analysis.getDescription())
          .contains("Property: klink.webhooks.sender.data-source\n");
      assertThat(analysis.getAction()).contains("spring.datasource.url");
    });
  }

  @Test
  void dataSource_withoutSpringJdbc_isNamedWithARemedy() {
    withoutDatabase
        .withClassLoader(new FilteredClassLoader(DataSourceUtils.class))
        .run(context -> assertThat(analysisOf(context.getStartupFailure()).getAction())
            .contains("spring-boot-starter-jdbc"));
  }

  @Test
  void dataSource_thatIsDown_isNamedWithARemedy() {
    withoutDatabase
        .withBean(DataSource.class, () -> h2("jdbc:h2:tcp://127.0.0.1:1/none"))
        .run(context -> assertThat(analysisOf(context.getStartupFailure()).getDescription())
            .contains("data-source", "cannot be reached"));
  }

  private static DataSource h2(String url) {
    JdbcDataSource dataSource = new JdbcDataSource();
    dataSource.setURL(url);
    return dataSource;
  }

  /** A database that the sender does not know, as far as it tells. */
  private static final class Unknown extends DelegatingDataSource {
    Unknown(DataSource target) {
      super(target);
    }

    @Override
    public Connection getConnection() throws SQLException {
      Connection connection = super.getConnection();
      DatabaseMetaData data = connection.getMetaData();
      DatabaseMetaData other =
          proxy(DatabaseMetaData.class, data, "getDatabaseProductName", "MySQL");
      return proxy(Connection.class, connection, "getMetaData", other);
    }

    private static <T> T proxy(Class<T> type, T target, String method, Object result) {
      return type.cast(Proxy.newProxyInstance(
          type.getClassLoader(), new Class<?>[] {type}, (self, called, arguments) -> {
            if (called.getName().equals(method)) {
              return result;
            }
            try {
              return called.invoke(target, arguments);
            } catch (InvocationTargetException e) {
              throw e.getCause();
            }
          }));
    }
  }

  @Test
  void dataSource_ofAnotherDatabase_isNamedWithARemedy() {
    withoutDatabase.withBean(DataSource.class, () -> new Unknown(h2(url))).run(context -> {
      FailureAnalysis analysis = analysisOf(context.getStartupFailure());
      assertThat(analysis.getDescription()).contains("its database is MySQL");
      assertThat(analysis.getAction()).contains("name another DataSource");
    });
  }

  @Test
  void storage_ofTheApplications_isUsed() {
    withoutDatabase
        .withBean(Storage.class, InMemoryStorage::new)
        .run(context -> assertThat(context
                .getBean(WebhookPublisher.class)
                .publish(PRODUCTION, Endpoint.event("evt_1"))
                .isNew())
            .isTrue());
    withoutDatabase
        .withClassLoader(new FilteredClassLoader(DataSourceUtils.class))
        .withBean(Storage.class, InMemoryStorage::new)
        .run(context -> assertThat(context
                .getBean(WebhookPublisher.class)
                .publish(PRODUCTION, Endpoint.event("evt_1"))
                .isNew())
            .isTrue());
  }

  /** What an application may bring. */
  @Configuration(proxyBeanMethods = false)
  static class Beans {
    final AtomicInteger attempts = new AtomicInteger();

    @Bean
    SecretCipher cipher() {
      return AesGcmCipher.of("2026-01", new byte[AesGcmCipher.KEY_BYTES]);
    }

    @Bean
    DeliveryPolicy policy() {
      return DeliveryPolicy.builder().timeout(Duration.ofSeconds(3)).build();
    }

    @Bean
    Function<Webhook, DeliveryPolicy> policies() {
      return webhook -> DeliveryPolicy.DEFAULT;
    }

    @Bean
    Function<String, String> somethingElse() {
      return text -> text;
    }

    /** Publishes itself, for which it needs the publisher. */
    @Bean
    SenderListener listener(WebhookPublisher publisher) {
      return new SenderListener() {
        @Override
        public void onSuccess(AttemptEvent event) {
          if (attempts.incrementAndGet() == 1) {
            publisher.publish(PRODUCTION, Endpoint.event("evt_2"));
          }
        }
      };
    }

    @Bean
    WebhookSenderCustomizer customizer() {
      return builder -> builder.keepAlive(Duration.ofSeconds(2));
    }
  }

  @Test
  void beans_ofTheApplication_areTheSenders() {
    try (Endpoint endpoint = Endpoint.start()) {
      runner.withUserConfiguration(Beans.class).run(context -> {
        assertThat(context).hasNotFailed();
        WebhookSender sender = context.getBean(WebhookSender.class);
        endpoint.subscribeTo(sender);

        context.getBean(WebhookPublisher.class).publish(PRODUCTION, Endpoint.event("evt_1"));

        await()
            .untilAsserted(() -> assertThat(endpoint.received()).containsExactly("evt_1", "evt_2"));
        assertThat(sender.describe()).contains("timeout: 3s", "2026-01");
        assertThat(new JdbcTemplate(context.getBean(DataSource.class))
                .queryForObject("SELECT secret FROM klink_webhook", String.class))
            .contains("2026-01");
      });
    }
  }
}
