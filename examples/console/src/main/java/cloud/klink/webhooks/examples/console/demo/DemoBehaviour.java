package cloud.klink.webhooks.examples.console.demo;

/** What the demo endpoint does with a request. */
public enum DemoBehaviour {
  /** It answers 200. */
  ANSWERS,
  /** It answers 500, and its answer holds HTML. */
  FAILS,
  /** It takes the request and does not answer. */
  HANGS,
  /** It takes the request and closes the connection. */
  CLOSES;

  /**
   * The key of its text in the message bundles.
   *
   * @return the key
   */
  public String key() {
    return "demo.behaviour." + name().toLowerCase(java.util.Locale.ROOT);
  }
}
