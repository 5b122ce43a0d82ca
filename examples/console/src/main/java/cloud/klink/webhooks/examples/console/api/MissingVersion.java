package cloud.klink.webhooks.examples.console.api;

/** An edit does not say which version it was made from. */
final class MissingVersion extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
