package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What to answer to a request. Nothing in it comes from the request. Immutable and safe for use by
 * many threads.
 */
public final class ReceiverResponse {
  private static final ReceiverResponse PROCESSED =
      accepted(200, "processed", "the event was processed");
  private static final ReceiverResponse ACKNOWLEDGED =
      accepted(202, "acknowledged", "the event will be processed");
  private static final ReceiverResponse IGNORED =
      accepted(200, "ignored", "nothing handles this event");

  private final int status;
  private final String code;
  private final String description;
  private final @Nullable RefusalReason reason;
  private final Map<String, String> headers;

  private ReceiverResponse(
      int status,
      String code,
      String description,
      @Nullable RefusalReason reason,
      Map<String, String> moreHeaders) {
    this.status = status;
    this.code = code;
    this.description = description;
    this.reason = reason;
    Map<String, String> all = new TreeMap<>(moreHeaders);
    all.put(WebhookHeaders.CONTENT_TYPE, WebhookHeaders.JSON);
    this.headers = Map.copyOf(all);
  }

  private static ReceiverResponse accepted(int status, String code, String description) {
    return new ReceiverResponse(status, code, description, null, Map.of());
  }

  /**
   * The handler has done its work.
   *
   * @return 200
   */
  public static ReceiverResponse processed() {
    return PROCESSED;
  }

  /** The handler will do its work: 202. */
  static ReceiverResponse acknowledged() {
    return ACKNOWLEDGED;
  }

  /** There is no handler for the event: 200. */
  static ReceiverResponse ignored() {
    return IGNORED;
  }

  /**
   * The response to a request that a verifier refused, with the headers that RFC 9110 wants for its
   * status: Allow for 405, WWW-Authenticate for 401. One that says that the event was processed
   * before has the header X-Klink-Duplicate, as it is a 200 like that of the first time.
   *
   * @param reason why it was refused
   * @param verifier what refused it
   * @return a response of the reason's status
   */
  public static ReceiverResponse refused(RefusalReason reason, WebhookVerifier verifier) {
    return new ReceiverResponse(
        reason.status(),
        reason.code(),
        reason.description(),
        reason,
        switch (reason.status()) {
          case 200 -> Map.of(WebhookHeaders.DUPLICATE, "true");
          case 401 -> Map.of("WWW-Authenticate", "HMAC-SHA256 realm=\"webhooks\"");
          case 405 -> Map.of("Allow", verifier.target().method());
          default -> Map.of();
        });
  }

  /**
   * The HTTP status.
   *
   * @return 200 or 202 if the sender need not repeat the event, otherwise 400 to 503
   */
  public int status() {
    return status;
  }

  /**
   * Whether this is a success for the sender.
   *
   * @return true for a status of 2xx
   */
  public boolean isSuccess() {
    return status / 100 == 2;
  }

  /**
   * What became of the request, for programs: a {@link RefusalReason#code}, or {@code processed},
   * {@code acknowledged} or {@code ignored}.
   *
   * @return lower-case words joined by underscores
   */
  public String code() {
    return code;
  }

  /**
   * Why the request was not processed.
   *
   * @return empty if it was, or will be, or nothing handles it
   */
  public Optional<RefusalReason> reason() {
    return Optional.ofNullable(reason);
  }

  /**
   * The headers, Content-Type among them.
   *
   * @return an unmodifiable map
   */
  public Map<String, String> headers() {
    return headers;
  }

  /**
   * The body: {@code {"code": …, "description": …}}.
   *
   * @return JSON in UTF-8, a new array for each call
   */
  public byte[] body() {
    String json = "{\"code\":\"" + code + "\",\"description\":\"" + description + "\"}\n";
    return json.getBytes(StandardCharsets.UTF_8);
  }

  /** Tells status and code. */
  @Override
  public String toString() {
    return "ReceiverResponse[" + status + " " + code + "]";
  }
}
