package cloud.klink.webhooks.verifier.deduplication;

import java.io.PrintWriter;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A DataSource that opens connections, and supports nothing else. */
interface MinimalDataSource extends DataSource {
  @Override
  default PrintWriter getLogWriter() {
    throw new UnsupportedOperationException();
  }

  @Override
  default void setLogWriter(PrintWriter out) {
    throw new UnsupportedOperationException();
  }

  @Override
  default void setLoginTimeout(int seconds) {
    throw new UnsupportedOperationException();
  }

  @Override
  default int getLoginTimeout() {
    return 0;
  }

  @Override
  default Logger getParentLogger() {
    throw new UnsupportedOperationException();
  }

  @Override
  default <T> T unwrap(Class<T> type) {
    throw new UnsupportedOperationException();
  }

  @Override
  default boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
