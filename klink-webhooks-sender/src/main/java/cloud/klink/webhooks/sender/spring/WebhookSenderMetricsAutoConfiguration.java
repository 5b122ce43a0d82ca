package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.sender.metrics.SenderMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Configures the sender's meters; Spring Boot binds them to the application's registries. */
@AutoConfiguration
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnProperty(SenderProperties.PREFIX + ".enabled")
class WebhookSenderMetricsAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  SenderMetrics klinkWebhookSenderMetrics() {
    return SenderMetrics.create();
  }
}
