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

/** Configures a sender and a publisher. */
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
          "a database needs spring-jdbc and a DataSource, and at least one of them is missing",
          "add spring-boot-starter-jdbc and a driver, or declare a bean of type Storage",
          null);
    });
    return SenderFactory.sender(found, properties, beans);
  }

  @Bean
  SenderLifecycle klinkWebhookSenderLifecycle(
      ObjectProvider<WebhookSender> sender, SenderProperties properties) {
    return new SenderLifecycle(sender::getObject, properties);
  }

  /** For applications with spring-jdbc. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({DataSource.class, DataSourceUtils.class})
  static class Jdbc {
    /** Lazy, since a storage of the application may need no DataSource. */
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
          : WithoutJdbc.withoutTransactions(sender);
    }
  }

  /** For applications without spring-jdbc. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingClass("org.springframework.jdbc.datasource.DataSourceUtils")
  static class WithoutJdbc {
    @Bean
    @ConditionalOnMissingBean
    WebhookPublisher klinkWebhookPublisher(ObjectProvider<WebhookSender> sender) {
      return withoutTransactions(sender);
    }

    static WebhookPublisher withoutTransactions(ObjectProvider<WebhookSender> sender) {
      return (environment, events) -> sender.getObject().publishAll(environment, events);
    }
  }
}
