package cloud.klink.webhooks.sender.storage.jdbc;

import java.time.Duration;

/**
 * How connections are used.
 *
 * @param timeout how long a call may take
 * @param isWithoutAutoCommit whether the pool hands out connections with auto-commit off
 */
record ConnectionRules(Duration timeout, boolean isWithoutAutoCommit) {
  static final Duration TIMEOUT = Duration.ofSeconds(30);
}
