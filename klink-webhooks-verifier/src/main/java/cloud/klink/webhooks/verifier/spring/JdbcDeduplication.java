package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.verifier.deduplication.JdbcProcessedEvents;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEventsException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** Keeps processed events in a database of the application. */
final class JdbcDeduplication {
  private static final String SETTING = "deduplication.jdbc.data-source";

  private JdbcDeduplication() {}

  /**
   * Finds the application's DataSource: the one that the property names, or the only or primary
   * one.
   */
  static DataSource dataSource(ReceiverProperties.Jdbc jdbc, ListableBeanFactory beans) {
    DataSource found;
    try {
      found = jdbc.dataSource() == null
          ? beans.getBean(DataSource.class)
          : beans.getBean(jdbc.dataSource(), DataSource.class);
    } catch (NoSuchBeanDefinitionException e) {
      throw ReceiverSetupException.property(
          SETTING,
          "the DataSource for processed events cannot be determined: " + e.getMessage(),
          "configure one by spring.datasource.url, name one of several in this property, or set "
              + ReceiverProperties.PREFIX + ".deduplication.type=memory",
          e);
    }
    return unproxied(found);
  }

  /** The store's own statements must not join a transaction of their caller. */
  private static DataSource unproxied(DataSource dataSource) {
    return dataSource instanceof TransactionAwareDataSourceProxy proxy
            && proxy.getTargetDataSource() != null
        ? unproxied(proxy.getTargetDataSource())
        : dataSource;
  }

  static JdbcProcessedEvents events(ReceiverProperties.Jdbc jdbc, DataSource dataSource) {
    JdbcProcessedEvents.Builder builder =
        JdbcProcessedEvents.builder(dataSource).statementTimeout(jdbc.statementTimeout());
    if (isAutoCommitOff(dataSource)) {
      builder.autoCommitOff();
    }
    JdbcProcessedEvents events = build(builder);
    if (jdbc.migrate()) {
      try {
        events.migrate();
      } catch (ProcessedEventsException e) {
        throw ReceiverSetupException.property(
            "deduplication.jdbc.migrate",
            "the table klink_processed_events cannot be created: " + e.getMessage(),
            "grant the role the right to create tables, or set the property to false and run"
                + " JdbcProcessedEvents.ddl() with a migration tool",
            e);
      }
    }
    return events;
  }

  private static JdbcProcessedEvents build(JdbcProcessedEvents.Builder builder) {
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw ReceiverSetupException.property(
          "deduplication.jdbc.statement-timeout",
          String.valueOf(e.getMessage()),
          "give a time from 1s to 1h",
          e);
    }
  }

  private static boolean isAutoCommitOff(DataSource dataSource) {
    try (Connection connection = dataSource.getConnection()) {
      return !connection.getAutoCommit();
    } catch (SQLException e) {
      throw ReceiverSetupException.property(
          SETTING,
          "the database for processed events cannot be reached: " + e.getMessage(),
          "check the URL, the user and the password of the DataSource",
          e);
    }
  }
}
