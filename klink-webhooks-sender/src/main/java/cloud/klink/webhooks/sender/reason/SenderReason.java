package cloud.klink.webhooks.sender.reason;

import cloud.klink.webhooks.Reason;

/**
 * Why a sender refused or could not do something. Every exception of a sender carries one of them.
 * Later versions may have more.
 */
public enum SenderReason implements Reason {
  /** The body of an event is longer than the sender's limit. */
  EVENT_TOO_LARGE("event_too_large"),

  /** There are too many events in one call. */
  TOO_MANY_EVENTS("too_many_events"),

  /** The storage cannot join a transaction of the caller's. */
  STORAGE_NOT_TRANSACTIONAL("storage_not_transactional"),

  /** The caller's transaction was committed or rolled back before: it would store nothing. */
  TRANSACTION_ENDED("transaction_ended"),

  /** The sender was stopped. */
  SENDER_STOPPED("sender_stopped"),

  /** There is no delivery of this id, or not any more. */
  UNKNOWN_DELIVERY("unknown_delivery"),

  /** The webhook of a delivery that is to be repeated was deleted. */
  WEBHOOK_GONE("webhook_gone"),

  /** The event of a delivery that is to be repeated is not stored any more. */
  EVENT_GONE("event_gone"),

  /** What was entered for a webhook breaks rules; the exception tells all of them. */
  INVALID_WEBHOOK("invalid_webhook"),

  /** The webhook was changed since it was read. */
  STALE_WEBHOOK("stale_webhook"),

  /** There is no webhook of this id, or not any more. */
  UNKNOWN_WEBHOOK("unknown_webhook"),

  /** The storage cannot be reached, or refused to work. Whether a write was done is not known. */
  STORAGE_UNAVAILABLE("storage_unavailable"),

  /**
   * The storage reported an error that is neither an outage nor a conflict with others. If others
   * commit at the same time, it refuses what it was asked to do, and will refuse it again.
   */
  STORAGE_REFUSED("storage_refused"),

  /** A row of the storage holds what no row may hold. */
  STORAGE_CORRUPT("storage_corrupt"),

  /**
   * The storage has an older or a newer structure than this library; {@code migrate()} fixes the
   * first.
   */
  STORAGE_WRONG_VERSION("storage_wrong_version"),

  /** The storage cannot keep every text: a PostgreSQL database whose encoding is not UTF-8. */
  STORAGE_WRONG_ENCODING("storage_wrong_encoding"),

  /**
   * A connection is not as it must be: it has auto-commit on where a transaction is to be joined,
   * or off where the pool was not said to be so, is closed, read-only, in a transaction that has
   * failed, or of another database. Nothing was changed; the program must be fixed.
   */
  STORAGE_WRONG_CONNECTION("storage_wrong_connection"),

  /** A secret is encrypted, and the sender was given no key. */
  SECRET_NO_KEY("secret_no_key"),

  /** A secret is encrypted under a key that the sender has not got. */
  SECRET_UNKNOWN_KEY("secret_unknown_key"),

  /** A secret is stored in a form that a later version of this library may know. */
  SECRET_UNKNOWN_VERSION("secret_unknown_version"),

  /** The stored form of a secret is damaged, or what it holds is no secret. */
  SECRET_MALFORMED("secret_malformed"),

  /**
   * A secret does not decrypt: it was damaged, belongs to another webhook or another field, is an
   * old one that was put back, or the scheme, host or port of the webhook's URL was changed in the
   * storage.
   */
  SECRET_NOT_AUTHENTIC("secret_not_authentic"),

  /** A secret is not encrypted, and the sender takes none that is not. */
  SECRET_NOT_ENCRYPTED("secret_not_encrypted"),

  /** The cipher failed; that may pass. */
  SECRET_CIPHER_FAILED("secret_cipher_failed");

  private final String code;

  SenderReason(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }
}
