package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.storage.Storage;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.ConfigurableTransactionManager;

/** Configures a sender, and what publishes through it. */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
    })
@ConditionalOnProperty(SenderProperties.PREFIX + ".enabled")
@EnableConfigurationProperties(SenderProperties.class)
class WebhookSenderAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  WebhookSender klinkWebhookSender(
      ObjectProvider<Storage> storage, SenderProperties properties, BeanFactory beans) {
    Storage found = storage.getIfAvailable(() -> {
      throw SenderSetupException.property(
          "data-source",
          "a database needs spring-jdbc and a DataSource, which are not there",
          "add spring-boot-starter-jdbc and a driver, or make a bean of the type Storage",
          null);
    });
    return SenderFactory.sender(found, properties, beans);
  }

  @Bean
  SenderLifecycle klinkWebhookSenderLifecycle(
      ObjectProvider<WebhookSender> sender, SenderProperties properties) {
    return new SenderLifecycle(sender::getObject, properties);
  }

  /** For applications with Spring's support of JDBC. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({DataSource.class, DataSourceUtils.class})
  static class Jdbc {
    /** Lazy, for an application's own storage may need no DataSource. */
    @Lazy
    @Bean
    SenderDataSource klinkWebhookSenderDataSource(
        SenderProperties properties, ListableBeanFactory beans) {
      return SenderDataSource.of(properties, beans);
    }

    @Bean
    @ConditionalOnMissingBean(Storage.class)
    @DependsOnDatabaseInitialization
    Storage klinkWebhookStorage(
        ObjectProvider<SenderDataSource> dataSource, SenderProperties properties) {
      return dataSource.getObject().storage(properties);
    }

    @Bean
    @ConditionalOnMissingBean
    WebhookPublisher klinkWebhookPublisher(
        ObjectProvider<WebhookSender> sender,
        Storage storage,
        ObjectProvider<SenderDataSource> dataSource,
        ObjectProvider<ConfigurableTransactionManager> managers) {
      return storage.isTransactional()
          ? new TransactionalPublisher(
              sender::getObject, new CurrentTransaction(dataSource.getObject()), managers)
          : Publishing.alone(sender);
    }
  }

  /** For applications without it. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingClass("org.springframework.jdbc.datasource.DataSourceUtils")
  static class Publishing {
    @Bean
    @ConditionalOnMissingBean
    WebhookPublisher klinkWebhookPublisher(ObjectProvider<WebhookSender> sender) {
      return alone(sender);
    }

    static WebhookPublisher alone(ObjectProvider<WebhookSender> sender) {
      return (environment, events) -> sender.getObject().publishAll(environment, events);
    }
  }
}
