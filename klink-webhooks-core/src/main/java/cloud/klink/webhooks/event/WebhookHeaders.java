package cloud.klink.webhooks.event;

/** The names and values of HTTP headers that both sides know. Names are case-insensitive. */
public final class WebhookHeaders {
  /** The signature: 64 lower-case hex digits. */
  public static final String SIGNATURE = "X-Signature";

  /** The name of the event, for routing before the body is read. It is not signed. */
  public static final String EVENT = "X-Klink-Event";

  /** The id of the event, the same in every delivery and attempt. It is not signed. */
  public static final String EVENT_ID = "X-Klink-Event-Id";

  /** The id of the delivery: of one event to one webhook. It is not signed. */
  public static final String DELIVERY_ID = "X-Klink-Delivery-Id";

  /** The number of the attempt, from 1. It is not signed. */
  public static final String ATTEMPT = "X-Klink-Attempt";

  /**
   * In a receiver's answer: {@code true} if the event was processed before. Senders need not read
   * it.
   */
  public static final String DUPLICATE = "X-Klink-Duplicate";

  /** The media type's header. */
  public static final String CONTENT_TYPE = "Content-Type";

  /** The media type of every body, which is in UTF-8 (RFC 8259). */
  public static final String JSON = "application/json";

  private WebhookHeaders() {}
}
