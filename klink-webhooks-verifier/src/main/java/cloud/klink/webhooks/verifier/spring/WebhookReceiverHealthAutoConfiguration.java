package cloud.klink.webhooks.verifier.spring;

import java.time.Clock;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Adds the receiver to the health endpoint, if the application has one. */
@AutoConfiguration
@ConditionalOnProperty(ReceiverProperties.PREFIX + ".public-url")
@ConditionalOnBooleanProperty(
    name = "management.health.klinkwebhooks.enabled",
    matchIfMissing = true)
@Import({SpringBoot4Health.class, SpringBoot3Health.class})
class WebhookReceiverHealthAutoConfiguration {
  @Bean
  ReceiverHealth klinkWebhookReceiverHealth() {
    return new ReceiverHealth(Clock.systemUTC());
  }
}
