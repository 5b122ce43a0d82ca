package cloud.klink.webhooks.examples.cli;

/** What was asked for cannot be done: exit status 2. The message is one line. */
final class BadUsage extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadUsage(String message) {
    super(message);
  }
}
