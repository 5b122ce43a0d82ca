package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.Reason;

/** Why an event was not published. */
public enum PublishReason implements Reason {
  /** Its body is longer than the sender's limit. */
  TOO_LARGE("event_too_large"),

  /** There are too many events in one call. */
  TOO_MANY("too_many_events"),

  /** The sender's storage cannot join a transaction of the caller's. */
  NOT_TRANSACTIONAL("storage_not_transactional"),

  /** The caller's transaction was committed or rolled back before: it would store nothing. */
  TRANSACTION_ENDED("transaction_ended"),

  /** The sender was stopped. */
  STOPPED("sender_stopped");

  private final String code;

  PublishReason(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }
}
