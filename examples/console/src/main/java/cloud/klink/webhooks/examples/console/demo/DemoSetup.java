package cloud.klink.webhooks.examples.console.demo;

import cloud.klink.webhooks.examples.console.setup.ConsoleSettings;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.function.Function;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The demo endpoint, and what the sender has to know of it. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "console.demo.enabled", matchIfMissing = true)
class DemoSetup {
  @Bean
  DemoEndpoint demoEndpoint(ConsoleSettings settings) {
    return new DemoEndpoint(settings.demo().port());
  }

  @Bean
  EndpointPolicy endpoints(DemoEndpoint endpoint) {
    return new DemoEndpointPolicy(endpoint.url());
  }

  @Bean
  Function<Webhook, DeliveryPolicy> policies(DemoEndpoint endpoint) {
    return new ShortSchedule(endpoint.url());
  }
}
