package cloud.klink.webhooks.verifier.deduplication;

import java.util.UUID;
import javax.sql.DataSource;

class HsqldbProcessedEventsTest extends JdbcProcessedEventsContract {
  private final DataSource database =
      new DriverDataSource("jdbc:hsqldb:mem:" + UUID.randomUUID(), "SA", "");

  @Override
  protected DataSource database() {
    return database;
  }
}
