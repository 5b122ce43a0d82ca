package cloud.klink.webhooks.examples.console.service;

/** There is no delivery of an id, or not any more. */
public final class UnknownDelivery extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** For whoever has looked for it. */
  public UnknownDelivery() {
    super("There is no such delivery, or not any more");
  }
}
