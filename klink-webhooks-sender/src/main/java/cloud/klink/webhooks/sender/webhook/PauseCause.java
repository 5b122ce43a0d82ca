package cloud.klink.webhooks.sender.webhook;

/** Why a webhook is paused. */
public enum PauseCause {
  /** It was paused by {@link Webhooks#pause}. */
  REQUESTED("requested"),

  /** It failed more often than its policy allows. */
  FAILURES("failures"),
  /** Its endpoint answered 410 Gone, and its policy pauses for that. */
  GONE("gone");

  private final String id;

  PauseCause(String id) {
    this.id = id;
  }

  /**
   * The name that storage and metrics use.
   *
   * @return {@code requested}, {@code failures} or {@code gone}
   */
  public String id() {
    return id;
  }

  /**
   * The cause with an {@link #id()}.
   *
   * @param id {@code requested}, {@code failures} or {@code gone}
   * @return the cause
   * @throws IllegalArgumentException for any other text
   */
  public static PauseCause ofId(String id) {
    for (PauseCause cause : values()) {
      if (cause.id.equals(id)) {
        return cause;
      }
    }
    throw new IllegalArgumentException(
        "pause: \"" + id + "\" is not a pause cause; use requested, failures or gone");
  }
}
