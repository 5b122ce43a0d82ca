package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.secret.AesGcmCipher;
import cloud.klink.webhooks.sender.secret.SecretCipher;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcDatabase;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcStorage;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/** The Java of SPRING.md, which {@link SpringPageTest} compares it with and runs. */
final class SpringPage {
  private SpringPage() {}

  record ContactCreated(String id, String name) {}

  @Service
  static class Contacts {
    private final JdbcTemplate jdbc;
    private final WebhookPublisher webhooks;

    Contacts(JdbcTemplate jdbc, WebhookPublisher webhooks) {
      this.jdbc = jdbc;
      this.webhooks = webhooks;
    }

    @Transactional
    public void create(String id, String name) {
      jdbc.update("INSERT INTO contact (id, name) VALUES (?, ?)", id, name);
      webhooks.publish(
          Environment.PRODUCTION,
          Event.builder(EventName.CONTACT_CREATED)
              .timestamp(Instant.now())
              .data(JsonNodeFactory.instance.objectNode().put("id", id).put("name", name))
              .build());
    }
  }

  @Service
  static class Listeners {
    private final WebhookPublisher webhooks;

    Listeners(WebhookPublisher webhooks) {
      this.webhooks = webhooks;
    }

    @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
    void beforeCommit(ContactCreated created) {
      webhooks.publish(Environment.PRODUCTION, event(created));
    }

    @TransactionalEventListener
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void afterCommit(ContactCreated created) {
      webhooks.publish(Environment.PRODUCTION, event(created));
    }

    private static Event event(ContactCreated created) {
      return Event.builder(EventName.CONTACT_CREATED)
          .timestamp(Instant.now())
          .data(JsonNodeFactory.instance.objectNode().put("id", created.id()))
          .build();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Beans {
    @Bean
    SecretCipher cipher() {
      return AesGcmCipher.of("2026-01", AesGcmCipher.decodeKey(System.getenv("WEBHOOK_KEY")));
    }

    @Bean
    DeliveryPolicy policy() {
      return DeliveryPolicy.builder().timeout(Duration.ofSeconds(5)).jitter(0.1).build();
    }

    @Bean
    WebhookSenderCustomizer connections() {
      return builder -> builder.keepAlive(Duration.ofSeconds(20));
    }

    @Bean
    TraceParentRecipients ownEndpoints() {
      return webhook -> webhook.url().startsWith("https://internal.example.com/");
    }
  }

  static void writeMigration(Path migrations) throws IOException {
    Files.writeString(
        migrations.resolve("V7__klink_webhooks_1.sql"),
        JdbcStorage.ddl(JdbcDatabase.POSTGRESQL, 1));
  }
}
