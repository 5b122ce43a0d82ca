package cloud.klink.webhooks.examples.benchmarks.delivery;

import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/** In memory, anew for each run. */
final class MemoryStore implements Store {
  @Override
  public String name() {
    return "memory";
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
