package cloud.klink.webhooks.sender.delivery;

import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The request of an attempt, without its secrets. It is rebuilt from the stored delivery, attempt
 * and event. For an attempt that sent nothing, it is what would have been sent.
 *
 * @param method how it was sent
 * @param url the endpoint, as it was entered at the time
 * @param headers the headers of the request, or of a WebSocket's handshake, by name, in the order
 *     in which they are sent, with {@value #HIDDEN} in place of secret values; those that HTTP
 *     itself adds are left out
 * @param body the body: the event, or the message on a WebSocket, with {@value #HIDDEN} in place of
 *     the signature
 * @param canonical the canonical string, which was signed (CANONICAL.md); empty if the stored data
 *     is damaged and has none
 */
public record SentRequest(
    DeliveryMethod method,
    String url,
    Map<String, String> headers,
    String body,
    Optional<String> canonical) {
  /** What stands for a secret value. */
  public static final String HIDDEN = "***";

  /**
   * Copies the headers.
   *
   * @param method how it was sent
   * @param url the endpoint
   * @param headers the headers
   * @param body the body
   * @param canonical the canonical string
   */
  public SentRequest {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(url, "url");
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(canonical, "canonical");
  }

  /** Tells method and URL; the body may be confidential. */
  @Override
  public String toString() {
    return "SentRequest[" + method + ", " + url + "]";
  }
}
