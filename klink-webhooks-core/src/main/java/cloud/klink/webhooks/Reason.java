package cloud.klink.webhooks;

/**
 * A machine-readable reason for a failure. Each module has enums of its own reasons.
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
