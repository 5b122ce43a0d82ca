package cloud.klink.webhooks.verifier;

/** A failure that no log can print, as any may be where memory is short. */
public final class UnprintableException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  @Override
  public String getMessage() {
    throw new IllegalStateException("cannot be printed");
  }
}
