package cloud.klink.webhooks.event;

/** Where an event happens. The two are isolated: an event never leaves its environment. */
public enum Environment {
  /** For building and trying integrations. */
  DEVELOPMENT("development"),

  /** For real customers. */
  PRODUCTION("production");

  private final String id;

  Environment(String id) {
    this.id = id;
  }

  /**
   * The name that storage, configuration and command lines use.
   *
   * @return {@code development} or {@code production}
   */
  public String id() {
    return id;
  }

  /**
   * The environment of that {@link #id()}.
   *
   * @param id {@code development} or {@code production}
   * @return the environment
   * @throws IllegalArgumentException for any other text
   */
  public static Environment ofId(String id) {
    for (Environment environment : values()) {
      if (environment.id.equals(id)) {
        return environment;
      }
    }
    throw new IllegalArgumentException(
        "environment: \"" + id + "\" is not an environment; use development or production");
  }
}
