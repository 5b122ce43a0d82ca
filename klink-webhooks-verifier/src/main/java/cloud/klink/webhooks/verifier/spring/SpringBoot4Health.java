package cloud.klink.webhooks.verifier.spring;

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
  HealthIndicator klinkWebhooksHealthIndicator(ReceiverHealth health) {
    return () -> {
      Health.Builder builder = health.isUp() ? Health.up() : Health.outOfService();
      return builder.withDetails(health.details()).build();
    };
  }
}
