package cloud.klink.webhooks.verifier.deduplication;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Opens a connection of a driver's for each call. */
record DriverDataSource(String url, String user, String password) implements MinimalDataSource {
  @Override
  public Connection getConnection() throws SQLException {
    return DriverManager.getConnection(url, user, password);
  }

  @Override
  public Connection getConnection(String otherUser, String otherPassword) throws SQLException {
    return DriverManager.getConnection(url, otherUser, otherPassword);
  }
}
