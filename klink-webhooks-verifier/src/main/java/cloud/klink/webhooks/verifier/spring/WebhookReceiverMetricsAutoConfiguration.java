package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.verifier.metrics.ReceiverMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Configures the receiver's meters; Spring Boot binds them to the application's registries. */
@AutoConfiguration
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnProperty(ReceiverProperties.PREFIX + ".public-url")
class WebhookReceiverMetricsAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  ReceiverMetrics klinkWebhookReceiverMetrics() {
    return ReceiverMetrics.create();
  }
}
