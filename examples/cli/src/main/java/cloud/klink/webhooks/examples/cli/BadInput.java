package cloud.klink.webhooks.examples.cli;

/** Something that was given cannot be read: exit status 2. The message is one line. */
final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadInput(String message) {
    super(message);
  }
}
