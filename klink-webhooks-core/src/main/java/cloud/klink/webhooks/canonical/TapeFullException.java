package cloud.klink.webhooks.canonical;

/** A body needs more memory than a {@link JsonScanner} may take: {@link Outline} takes less. */
final class TapeFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** It says nothing of the body and has no stack trace, so that one is enough. */
  static final TapeFullException INSTANCE = new TapeFullException();

  private TapeFullException() {
    super("The body needs more work than there is memory for", null, false, false);
  }
}
