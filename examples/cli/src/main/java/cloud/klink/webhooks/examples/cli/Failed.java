package cloud.klink.webhooks.examples.cli;

/** What was asked for was tried and failed: exit status 1. The message is one line. */
final class Failed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Failed(String message) {
    super(message);
  }
}
