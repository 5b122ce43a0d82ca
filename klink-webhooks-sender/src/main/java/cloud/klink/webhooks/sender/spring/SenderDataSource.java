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

/** The application's DataSource: the one that the property names, or the only or primary one. */
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
          "the database of the sender cannot be reached: " + e.getMessage(),
          "check the URL, the user and the password of the DataSource",
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
          "the DataSource of the sender cannot be determined: " + e.getMessage(),
          "configure one by spring.datasource.url, name one of several in this property, or"
              + " declare a bean of type Storage",
          e);
    }
  }

  /** Whether new connections have auto-commit on. */
  boolean isAutoCommit() {
    return isAutoCommit;
  }

  /** The DataSource without Spring's proxies that join transactions. */
  DataSource unproxied() {
    return unproxied;
  }

  /** Whether another DataSource is this one, or a proxy of Spring's for it. */
  boolean isSameAs(DataSource other) {
    return unproxied(other).equals(unproxied);
  }

  /** Removes proxies that return the connection of the caller's transaction. */
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

  /** Makes a storage, and creates its tables if the properties say so. */
  Storage storage(SenderProperties properties) {
    JdbcStorage storage = build(properties.storageTimeout());
    if (properties.migrate()) {
      try {
        storage.migrate();
      } catch (StorageException e) {
        throw SenderSetupException.property(
            "migrate",
            "the tables of the sender cannot be created: " + e.getMessage(),
            "grant the role the right to create tables, or set the property to false and run"
                + " JdbcStorage.ddl() with a migration tool",
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
            "its database is " + product + ", but the sender supports PostgreSQL, SQLite and H2",
            "name another DataSource in this property, or declare a bean of type Storage",
            null));
  }
}
