package cloud.klink.webhooks.canonical;

import javax.crypto.Mac;

/**
 * One form of a body while {@link CanonicalBody#search} tries it. Its bytes are printed straight
 * into a MAC, so it takes next to no memory until it is accepted. For use by the calling thread
 * only, and only until the call returns.
 */
public final class CanonicalForm {
  private final Canonicalizer canonicalizer;
  private final Dialect dialect;
  private boolean isOver;

  CanonicalForm(Canonicalizer canonicalizer, Dialect dialect) {
    this.canonicalizer = canonicalizer;
    this.dialect = dialect;
  }

  /**
   * The dialect of this form.
   *
   * @return the dialect
   */
  public Dialect dialect() {
    return dialect;
  }

  /**
   * Feeds the canonical bytes of this form to a MAC.
   *
   * @param mac an initialised MAC; it is not reset before or finished afterwards
   * @throws IllegalStateException after the call in which this form was tried
   */
  public void update(Mac mac) {
    open().print(dialect, mac);
  }

  /** Prints this form into a body. */
  CanonicalBody toBody() {
    Canonicalizer source = open();
    return new CanonicalBody(source.toBytes(dialect), dialect, source.features());
  }

  private Canonicalizer open() {
    if (isOver) {
      throw new IllegalStateException(
          "form: it can be used only while it is tried; CanonicalBody.firstMatching gives bodies"
              + " that can be kept");
    }
    return canonicalizer;
  }

  void end() {
    isOver = true;
  }
}
