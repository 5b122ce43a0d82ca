package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.deduplication.JdbcProcessedEvents;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import cloud.klink.webhooks.verifier.receive.FailureHandler;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import cloud.klink.webhooks.verifier.receive.WebhookReceiverListener;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.DataSourceUtils;

/** Configures the verifier and the receiver, in any kind of application. */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
      "org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration",
      "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
      "org.springframework.boot.jackson2.autoconfigure.Jackson2AutoConfiguration"
    })
@ConditionalOnProperty(ReceiverProperties.PREFIX + ".public-url")
@EnableConfigurationProperties(ReceiverProperties.class)
@Import({
  DataBinderConfiguration.Jackson3.class,
  DataBinderConfiguration.Jackson2.class,
  DataBinderConfiguration.Plain.class
})
class WebhookReceiverAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  WebhookVerifier klinkWebhookVerifier(ReceiverProperties properties, Environment environment) {
    return VerifierFactory.verifier(properties, environment);
  }

  /** Lazy, so that handlers are looked up once all beans exist. */
  @Lazy
  @Bean(destroyMethod = "")
  @ConditionalOnMissingBean
  WebhookReceiver klinkWebhookReceiver(
      WebhookVerifier verifier,
      ReceiverProperties properties,
      ConfigurableListableBeanFactory beans,
      DataBinder binder,
      ObjectProvider<HandlerTransactions> transactions,
      ObjectProvider<ProcessedEvents> processed,
      ObjectProvider<WebhookReceiverListener> listeners,
      ObjectProvider<FailureHandler> failures) {
    HandlerRegistry handlers = new HandlerRegistry(beans, binder, transactions.getIfAvailable());
    return ReceiverFactory.receiver(
        verifier,
        properties,
        handlers,
        processed.getIfAvailable(),
        listeners.orderedStream().toList(),
        failures.getIfAvailable());
  }

  @Bean
  ReceiverLifecycle klinkWebhookReceiverLifecycle(
      ObjectProvider<WebhookReceiver> receiver, ReceiverProperties properties) {
    return new ReceiverLifecycle(receiver, properties.acknowledgeFirst().shutdownTimeout());
  }

  @Bean
  RefusalExplainer klinkWebhookRefusalExplainer(
      WebhookVerifier verifier, ReceiverProperties properties) {
    return new RefusalExplainer(verifier, properties.explain().candidateUrls());
  }

  /** Keeps processed events in memory. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingBean(ProcessedEvents.class)
  @ConditionalOnProperty(
      name = ReceiverProperties.PREFIX + ".deduplication.type",
      havingValue = "memory",
      matchIfMissing = true)
  static class Memory {
    @Bean
    ProcessedEvents klinkWebhookProcessedEvents(ReceiverProperties properties) {
      return ReceiverFactory.memory(properties.deduplication().memory());
    }
  }

  /** Keeps processed events in a database. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingBean(ProcessedEvents.class)
  @ConditionalOnClass({DataSource.class, DataSourceUtils.class})
  @ConditionalOnProperty(
      name = ReceiverProperties.PREFIX + ".deduplication.type",
      havingValue = "jdbc")
  static class Jdbc {
    @Bean
    @DependsOnDatabaseInitialization
    JdbcProcessedEvents klinkWebhookProcessedEvents(
        ReceiverProperties properties, ListableBeanFactory beans) {
      ReceiverProperties.Jdbc jdbc = properties.deduplication().jdbc();
      return JdbcDeduplication.events(jdbc, JdbcDeduplication.dataSource(jdbc, beans));
    }

    @Bean
    ProcessedEventsPurger klinkWebhookProcessedEventsPurger(
        JdbcProcessedEvents events, ReceiverProperties properties) {
      ReceiverProperties.Jdbc jdbc = properties.deduplication().jdbc();
      return new ProcessedEventsPurger(events, jdbc.retention(), jdbc.purgeInterval());
    }

    @Bean
    HandlerTransactions klinkWebhookHandlerTransactions(
        ReceiverProperties properties, ListableBeanFactory beans) {
      return new JdbcHandlerTransactions(
          JdbcDeduplication.dataSource(properties.deduplication().jdbc(), beans), beans);
    }
  }
}
