package cloud.klink.webhooks.sender.webhook;

/** Why a webhook is paused. */
public enum PauseCause {
  /** Somebody paused it. */
  REQUESTED("requested"),

  /** It failed more often than its policy allows. */
  FAILURES("failures");

  private final String id;

  PauseCause(String id) {
    this.id = id;
  }

  /**
   * The name that storage and metrics use.
   *
   * @return {@code requested} or {@code failures}
   */
  public String id() {
    return id;
  }

  /**
   * The cause of that {@link #id()}.
   *
   * @param id {@code requested} or {@code failures}
   * @return the cause
   * @throws IllegalArgumentException for any other text
   */
  public static PauseCause ofId(String id) {
    for (PauseCause cause : values()) {
      if (cause.id.equals(id)) {
        return cause;
      }
    }
    throw new IllegalArgumentException("pause: \"" + id + "\" is no cause of one");
  }
}
