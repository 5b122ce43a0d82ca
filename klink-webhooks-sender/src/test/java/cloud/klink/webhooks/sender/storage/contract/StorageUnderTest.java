package cloud.klink.webhooks.sender.storage.contract;

import cloud.klink.webhooks.sender.storage.Storage;
import java.sql.Connection;
import java.sql.SQLException;

/** The storage that is examined, and what it can do beyond what every storage must. */
public interface StorageUnderTest {
  /**
   * The storage.
   *
   * @return the same one for the length of a test: migrated, and empty when the test begins
   */
  Storage storage();

  /**
   * Whether several nodes can share it.
   *
   * @return true if {@link #otherNode()} is another instance
   */
  default boolean isShared() {
    return false;
  }

  /**
   * The storage as another node sees it.
   *
   * @return another instance on the same data if {@link #isShared()}; otherwise the same
   */
  default Storage otherNode() {
    return storage();
  }

  /**
   * Whether what is stored outlives the process.
   *
   * @return true if {@link #reopened()} is another instance
   */
  default boolean isDurable() {
    return false;
  }

  /**
   * The storage after all of its connections and files were closed and opened again.
   *
   * @return another instance on the same data if {@link #isDurable()}; otherwise the same
   */
  default Storage reopened() {
    return storage();
  }

  /**
   * Whether it can publish in a transaction of its user's.
   *
   * @return what {@link Storage#isTransactional} of {@link #storage()} returns
   */
  default boolean isTransactional() {
    return false;
  }

  /**
   * A connection to its database.
   *
   * @return a new one, which the test closes
   * @throws SQLException if there is none
   */
  default Connection connection() throws SQLException {
    throw new SQLException("this storage has no connections");
  }
}
