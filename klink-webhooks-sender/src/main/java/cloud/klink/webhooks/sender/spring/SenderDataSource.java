package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcDatabase;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcStorage;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** The application's DataSource: the one that is named, or the only or primary one. */
final class SenderDataSource {
  private static final String SETTING = "data-source";

  private final transient DataSource unproxied;
  private final String product;
  private final boolean isAutoCommit;

  private SenderDataSource(DataSource dataSource) {
    this.unproxied = unproxied(dataSource);
    try (Connection connection = unproxied.getConnection()) {
      this.product = connection.getMetaData().getDatabaseProductName();
      this.isAutoCommit = connection.getAutoCommit();
    } catch (SQLException e) {
      throw SenderSetupException.property(
          SETTING,
          "the database that events are stored in cannot be reached: " + e.getMessage(),
          "check the DataSource",
          e);
    }
  }

  static SenderDataSource of(SenderProperties properties, ListableBeanFactory beans) {
    return new SenderDataSource(find(properties, beans));
  }

  private static DataSource find(SenderProperties properties, ListableBeanFactory beans) {
    try {
      return properties.dataSource() == null
          ? beans.getBean(DataSource.class)
          : beans.getBean(properties.dataSource(), DataSource.class);
    } catch (NoSuchBeanDefinitionException e) {
      throw SenderSetupException.property(
          SETTING,
          "the DataSource to store events in cannot be told: " + e.getMessage(),
          "configure one by spring.datasource.url, name one of several in this property, or make a"
              + " bean of the type Storage",
          e);
    }
  }

  /** Whether connections come with auto-commit on. */
  boolean isAutoCommit() {
    return isAutoCommit;
  }

  /** What hands out connections, without Spring's proxies that join transactions. */
  DataSource unproxied() {
    return unproxied;
  }

  /** Whether connections of another DataSource are of this one, by way of Spring's proxies. */
  boolean isBehind(DataSource other) {
    return unproxied(other).equals(unproxied);
  }

  /** Without what hands out the connection of the transaction of whoever calls. */
  private static DataSource unproxied(DataSource dataSource) {
    DataSource result = dataSource;
    DataSource next = dataSource;
    while (next instanceof DelegatingDataSource proxy && proxy.getTargetDataSource() != null) {
      next = proxy.getTargetDataSource();
      if (proxy instanceof TransactionAwareDataSourceProxy
          || proxy instanceof LazyConnectionDataSourceProxy) {
        result = next;
      }
    }
    return result;
  }

  /** A storage whose tables are there. */
  Storage storage(SenderProperties properties) {
    JdbcStorage storage = build(properties.storageTimeout());
    if (properties.migrate()) {
      try {
        storage.migrate();
      } catch (StorageException e) {
        throw SenderSetupException.property(
            "migrate",
            "the tables of the sender cannot be made: " + e.getMessage(),
            "give the role the right to create tables, or set the property to false and have"
                + " another tool run JdbcStorage.ddl()",
            e);
      }
    }
    return storage;
  }

  private JdbcStorage build(Duration timeout) {
    JdbcStorage storage = JdbcStorage.of(database(), unproxied);
    if (!isAutoCommit) {
      storage = storage.withConnectionsWithoutAutoCommit();
    }
    try {
      return storage.withTimeout(timeout);
    } catch (IllegalArgumentException e) {
      throw SenderSetupException.property(
          "storage-timeout", String.valueOf(e.getMessage()), "change the value", e);
    }
  }

  private JdbcDatabase database() {
    return JdbcDatabase.ofProduct(product)
        .orElseThrow(() -> SenderSetupException.property(
            SETTING,
            "it leads to " + product + ", and the sender stores events in PostgreSQL, SQLite or H2",
            "name another DataSource in this property, or make a bean of the type Storage",
            null));
  }
}
