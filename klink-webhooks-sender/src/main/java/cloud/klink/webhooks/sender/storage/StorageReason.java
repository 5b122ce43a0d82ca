package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.Reason;

/** Why a storage failed. */
public enum StorageReason implements Reason {
  /** It cannot be reached, or refused to work. Whether a write was done is not known. */
  UNAVAILABLE("storage_unavailable"),

  /** A row holds what no row may hold. */
  CORRUPT("storage_corrupt"),

  /** It has an older or a newer structure than this library; {@code migrate()} mends the first. */
  WRONG_VERSION("storage_wrong_version");

  private final String code;

  StorageReason(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }
}
