package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.deduplication.ProcessedEventsException;
import cloud.klink.webhooks.verifier.deduplication.ProcessingClaim;
import java.sql.Connection;

/** For a receiver that does not de-duplicate. */
enum NoClaim implements ProcessingClaim {
  INSTANCE;

  @Override
  public void done() {}

  @Override
  public void done(Connection connection) {
    throw new ProcessedEventsException(
        "deduplicate: this receiver does not de-duplicate, so there is nothing to mark; give it a"
            + " JdbcProcessedEvents",
        null);
  }

  @Override
  public void release() {}
}
