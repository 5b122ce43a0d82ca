package cloud.klink.webhooks.sender.storage.jdbc;

import java.sql.SQLException;

/** Another was faster with the same key; begun again, the transaction will see that. */
final class ConcurrentInsertException extends SQLException {
  private static final long serialVersionUID = 1L;

  ConcurrentInsertException(SQLException cause) {
    super("another was faster", cause.getSQLState(), cause);
  }
}
