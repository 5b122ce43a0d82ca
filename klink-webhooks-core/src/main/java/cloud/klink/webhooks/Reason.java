package cloud.klink.webhooks;

/**
 * A machine-readable reason of a failure. Each module has an enum of those it knows.
 *
 * @see WebhookException#reason()
 */
public interface Reason {
  /**
   * The reason as it is written to logs, metrics and HTTP responses: lower case, words joined by an
   * underscore, for example {@code malformed_body}. Codes are part of the API and do not change.
   *
   * @return the code
   */
  String code();
}
