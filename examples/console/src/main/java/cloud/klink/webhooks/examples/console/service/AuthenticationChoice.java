package cloud.klink.webhooks.examples.console.service;

/** What a form says about authentication. */
public enum AuthenticationChoice {
  /** What is stored stays; for an edit only. */
  KEEP,
  /** No header. */
  NONE,
  /** {@code Authorization} with a token. */
  BASIC,
  /** A header of the customer's choice. */
  HEADER
}
