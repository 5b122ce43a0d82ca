package cloud.klink.webhooks.canonical;

/**
 * A body needs more memory than a {@link JsonScanner} may take; a {@link SparseIndex} takes less.
 * The exception has no stack trace, so throwing it for every hostile body is cheap.
 */
final class TapeFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TapeFullException() {
    super("The body needs more work than there is memory for", null, false, false);
  }
}
