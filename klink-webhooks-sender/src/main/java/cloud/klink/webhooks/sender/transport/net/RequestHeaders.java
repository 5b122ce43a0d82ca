package cloud.klink.webhooks.sender.transport.net;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.sender.delivery.SentRequest;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import java.lang.module.ModuleDescriptor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The headers of an attempt by {@code HttpTransport}, in the order in which they are sent. HTTP
 * adds {@code Content-Length}, {@code Host} and {@code Connection} after them; HTTP/2 writes names
 * in lower case and does not send the last two.
 */
public final class RequestHeaders {
  private static final String TRACE_PARENT = "traceparent";

  private static final String USER_AGENT_NAME = "User-Agent";

  /** The value of the header {@code User-Agent}. */
  public static final String USER_AGENT = "klink-webhooks" + version();

  private final Map<String, String> values = new LinkedHashMap<>();

  private RequestHeaders(
      EventName eventName, String eventId, String deliveryId, int attempt, String signature) {
    add("Content-Type", WebhookHeaders.JSON);
    add(USER_AGENT_NAME, USER_AGENT);
    add("Accept-Encoding", "identity");
    add(WebhookHeaders.SIGNATURE, signature);
    add(WebhookHeaders.EVENT, eventName.value());
    add(WebhookHeaders.EVENT_ID, eventId);
    add(WebhookHeaders.DELIVERY_ID, deliveryId);
    add(WebhookHeaders.ATTEMPT, Integer.toString(attempt));
  }

  /** The version of the module, or on the class path that of the jar's manifest. */
  private static String version() {
    Class<?> self = RequestHeaders.class;
    return Optional.ofNullable(self.getModule().getDescriptor())
        .flatMap(ModuleDescriptor::rawVersion)
        .or(() -> Optional.ofNullable(self.getPackage().getImplementationVersion()))
        .map(version -> "/" + version)
        .orElse("");
  }

  private void add(String name, String value) {
    values.put(name, value);
  }

  /**
   * The headers that are sent, including secrets.
   *
   * @param request the attempt
   * @return the values by their names, in the order in which they are sent
   */
  public static Map<String, String> of(OutgoingRequest request) {
    RequestHeaders headers = new RequestHeaders(
        request.eventName(),
        request.eventId(),
        request.deliveryId(),
        request.attempt(),
        request.signature().hex());
    request.traceParent().ifPresent(span -> headers.add(TRACE_PARENT, span));
    AuthenticationHeader.of(request)
        .ifPresent(header -> headers.add(header.name(), header.value()));
    return headers.values;
  }

  /**
   * The headers of an attempt for display, with {@value SentRequest#HIDDEN} in place of the
   * signature and of the value of the header that authenticates. A {@value #TRACE_PARENT} is left
   * out, since it is not kept with the attempt. The version of the sender is the running one.
   *
   * @param eventName the event's name
   * @param eventId the event's id
   * @param deliveryId the delivery
   * @param attempt the attempt's number, 1 for the first
   * @param authenticationHeader the name of the header that authenticates; empty for none
   * @return the headers in their order
   */
  public static Map<String, String> withoutSecrets(
      EventName eventName,
      String eventId,
      String deliveryId,
      int attempt,
      String authenticationHeader) {
    RequestHeaders headers =
        new RequestHeaders(eventName, eventId, deliveryId, attempt, SentRequest.HIDDEN);
    if (!authenticationHeader.isEmpty()) {
      headers.add(authenticationHeader, SentRequest.HIDDEN);
    }
    return headers.values;
  }

  /**
   * The headers of a WebSocket's handshake besides those of RFC 6455, for display in the same way.
   *
   * @param authenticationHeader the name of the header that authenticates; empty for none
   * @return the headers in their order
   */
  public static Map<String, String> ofHandshake(String authenticationHeader) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(USER_AGENT_NAME, USER_AGENT);
    if (!authenticationHeader.isEmpty()) {
      headers.put(authenticationHeader, SentRequest.HIDDEN);
    }
    return headers;
  }
}
