package cloud.klink.webhooks.verifier.deduplication;

import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

class H2ProcessedEventsTest extends JdbcProcessedEventsContract {
  private final JdbcDataSource database = new JdbcDataSource();

  H2ProcessedEventsTest() {
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
  }

  @Override
  protected DataSource database() {
    return database;
  }
}
