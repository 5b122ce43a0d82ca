package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.sender.WebhookSender;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The health indicator for Spring Boot 4. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(HealthIndicator.class)
class SpringBoot4Health {
  @Bean
  HealthIndicator klinkWebhookSenderHealthIndicator(WebhookSender sender) {
    return () -> {
      SenderHealth health = SenderHealth.of(sender);
      return Health.status(health.status()).withDetails(health.details()).build();
    };
  }
}
