package cloud.klink.webhooks.examples.benchmarks.delivery;

import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/** In memory, anew for each run. */
final class MemoryStore implements Store {
  /** All of a run are kept: they are looked at in the end. */
  private static final int EVENTS = 1_000_000;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Storage storage() {
    return new InMemoryStorage(EVENTS, EVENTS);
  }

  @Override
  public Optional<DataSource> dataSource() {
    return Optional.empty();
  }

  @Override
  public Duration cpu() {
    return Duration.ZERO;
  }

  @Override
  public void close() {}
}
