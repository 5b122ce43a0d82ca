package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.sender.internal.tracing.SenderTracer;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Configures tracing of publishing and attempts by Micrometer, if the property is set. */
@AutoConfiguration
@ConditionalOnClass({ObservationRegistry.class, Tracer.class})
@ConditionalOnProperty(SenderProperties.PREFIX + ".enabled")
@ConditionalOnProperty(SenderProperties.PREFIX + ".tracing.enabled")
class WebhookSenderTracingAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  SenderTracer klinkWebhookSenderTracer(
      ObjectProvider<ObservationRegistry> registry,
      ObjectProvider<Tracer> tracer,
      ObjectProvider<TraceParentRecipients> recipients,
      SenderProperties properties) {
    return new ObservationTracer(
        registry.getIfAvailable(() -> {
          throw missing("ObservationRegistry");
        }),
        tracer.getIfAvailable(() -> {
          throw missing("Tracer");
        }),
        recipients.getIfAvailable(() -> webhook -> properties.tracing().propagate()));
  }

  @Bean
  AttemptSpanHandler klinkWebhookAttemptSpanHandler(ObjectProvider<Tracer> tracer) {
    return new AttemptSpanHandler(tracer.getIfAvailable(() -> Tracer.NOOP));
  }

  private static SenderSetupException missing(String bean) {
    return SenderFactory.tracingImpossible("there is no bean of type " + bean);
  }
}
