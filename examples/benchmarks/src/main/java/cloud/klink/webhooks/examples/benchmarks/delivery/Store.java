package cloud.klink.webhooks.examples.benchmarks.delivery;

import cloud.klink.webhooks.sender.storage.Storage;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/** Where a sender keeps its deliveries while it is measured. */
interface Store extends AutoCloseable {
  /** The name in the results. */
  String name();

  /** The storage for one run, ready for use. */
  Storage storage();

  /** The database, if there is one whose transactions a caller can share. */
  Optional<DataSource> dataSource();

  /** The processor time that processes of its own have used. */
  Duration cpu();

  @Override
  void close();
}
