package cloud.klink.webhooks.sender.health;

/** The status of a sender. {@link Health#status()} has the rules. */
public enum HealthStatus {
  /** It works. */
  UP("up"),

  /** It works, but needs attention. */
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
