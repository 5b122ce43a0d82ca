package cloud.klink.webhooks.sender.webhook;

/** How a webhook's deliveries reach its endpoint. */
public enum DeliveryMethod {
  /** One HTTP POST for each delivery. */
  WEBHOOK("webhook"),

  /** One message for each delivery, on a WebSocket that is kept open. */
  WEBSOCKET("websocket");

  private final String id;

  DeliveryMethod(String id) {
    this.id = id;
  }

  /**
   * The name that storage and configuration use.
   *
   * @return {@code webhook} or {@code websocket}
   */
  public String id() {
    return id;
  }

  /**
   * The method with an {@link #id()}.
   *
   * @param id {@code webhook} or {@code websocket}
   * @return the method
   * @throws IllegalArgumentException for any other text
   */
  public static DeliveryMethod ofId(String id) {
    for (DeliveryMethod method : values()) {
      if (method.id.equals(id)) {
        return method;
      }
    }
    throw new IllegalArgumentException(
        "method: \"" + id + "\" is not a method; use webhook or websocket");
  }
}
