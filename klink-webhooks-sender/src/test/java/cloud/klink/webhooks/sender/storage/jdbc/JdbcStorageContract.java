package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.contract.StorageContract;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The contract, of which a database can do everything. */
abstract class JdbcStorageContract extends StorageContract {
  abstract DataSource database();

  @Override
  public final boolean isShared() {
    return true;
  }

  @Override
  public final boolean isDurable() {
    return true;
  }

  @Override
  public final boolean isTransactional() {
    return true;
  }

  @Override
  public final Connection connection() throws SQLException {
    return database().getConnection();
  }
}
