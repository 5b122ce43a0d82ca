package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.Reason;

/** Why a storage failed. */
public enum StorageReason implements Reason {
  /** It cannot be reached, or refused to work. Whether a write was done is not known. */
  UNAVAILABLE("storage_unavailable"),

  /**
   * It reported an error that is neither an outage nor a conflict with others. If others commit at
   * the same time, it refuses what it was asked to do, and will refuse it again.
   */
  REFUSED("storage_refused"),

  /** A row holds what no row may hold. */
  CORRUPT("storage_corrupt"),

  /** It has an older or a newer structure than this library; {@code migrate()} mends the first. */
  WRONG_VERSION("storage_wrong_version"),

  /** It cannot keep every text: a PostgreSQL database whose encoding is not UTF-8. */
  WRONG_ENCODING("storage_wrong_encoding"),

  /**
   * A connection is not as it must be: it has auto-commit on where a transaction is to be joined,
   * or off where the pool was not said to be so, is closed, read-only, in a transaction that has
   * failed, or of another database. Nothing was changed; the program must be mended.
   */
  WRONG_CONNECTION("storage_wrong_connection");

  private final String code;

  StorageReason(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }
}
