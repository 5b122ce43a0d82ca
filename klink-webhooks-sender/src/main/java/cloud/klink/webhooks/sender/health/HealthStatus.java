package cloud.klink.webhooks.sender.health;

/** How a sender is doing, in one word. {@link Health#status()} has the rules. */
public enum HealthStatus {
  /** It works. */
  UP("up"),

  /** It works, but somebody should have a look. */
  DEGRADED("degraded"),

  /** It does not work. */
  DOWN("down");

  private final String id;

  HealthStatus(String id) {
    this.id = id;
  }

  /**
   * The name that {@link Health#toMap()} uses.
   *
   * @return {@code up}, {@code degraded} or {@code down}
   */
  public String id() {
    return id;
  }
}
