package cloud.klink.webhooks.examples.cli;

/** What was asked for was done, and the answer is no: exit status 1. The message is one line. */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Refused(String message) {
    super(message);
  }
}
