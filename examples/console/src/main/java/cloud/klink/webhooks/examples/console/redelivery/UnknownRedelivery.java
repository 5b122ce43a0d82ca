package cloud.klink.webhooks.examples.console.redelivery;

/** There is no redelivery of an id. */
public final class UnknownRedelivery extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** For whoever has looked for it. */
  public UnknownRedelivery() {
    super("There is no such redelivery");
  }
}
