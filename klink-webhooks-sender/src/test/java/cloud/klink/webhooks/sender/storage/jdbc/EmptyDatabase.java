package cloud.klink.webhooks.sender.storage.jdbc;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.sqlite.SQLiteDataSource;

/** Databases without any table, one of each kind. */
final class EmptyDatabase {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private EmptyDatabase() {}

  static DataSource of(JdbcDatabase kind, Path directory) throws SQLException {
    return switch (kind) {
      case SQLITE -> {
        SQLiteDataSource sqlite = new SQLiteDataSource();
        sqlite.setUrl("jdbc:sqlite:" + directory.resolve("empty.db"));
        yield sqlite;
      }
      case H2 -> {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        yield h2;
      }
      case POSTGRESQL -> {
        String name = "empty" + COUNT.incrementAndGet();
        TestPostgres.execute(TestPostgres.owner(), "CREATE DATABASE " + name);
        yield TestPostgres.pool("postgres", name);
      }
    };
  }

  static JdbcStorage storage(JdbcDatabase kind, DataSource dataSource) {
    return switch (kind) {
      case SQLITE -> JdbcStorage.sqlite(dataSource);
      case H2 -> JdbcStorage.h2(dataSource);
      case POSTGRESQL -> JdbcStorage.postgresql(dataSource);
    };
  }
}
