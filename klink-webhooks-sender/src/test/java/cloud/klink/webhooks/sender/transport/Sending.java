package cloud.klink.webhooks.sender.transport;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.signature.Signature;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Sends attempts through a transport, and insists on one callback for each. */
public final class Sending {
  public static final String SIGNATURE = "0123456789abcdef".repeat(4);
  public static final Duration LONG = Duration.ofSeconds(30);
  static final Duration SHORT = Duration.ofMillis(500);

  private final Transport transport;

  public Sending(Transport transport) {
    this.transport = transport;
  }

  public static OutgoingRequest request(String url, Duration timeout) {
    return new OutgoingRequest(
        url,
        "whk_1",
        "dlv_1",
        2,
        "evt_1",
        EventName.MESSAGE_INBOUND,
        EventBody.of("{\"text\":\"សួស្តី\"}".getBytes(StandardCharsets.UTF_8)),
        Signature.parse(SIGNATURE),
        Optional.empty(),
        "",
        timeout,
        Optional.empty());
  }

  public static OutgoingRequest authenticated(String url, String name, String value) {
    OutgoingRequest plain = request(url, LONG);
    return new OutgoingRequest(
        plain.url(),
        plain.webhookId(),
        plain.deliveryId(),
        plain.attempt(),
        plain.eventId(),
        plain.eventName(),
        plain.body(),
        plain.signature(),
        Optional.of(name),
        value,
        plain.timeout(),
        Optional.empty());
  }

  public AttemptResult to(String url) {
    return send(request(url, LONG));
  }

  AttemptResult impatientlyTo(String url) {
    return send(request(url, SHORT));
  }

  public AttemptResult send(OutgoingRequest request) {
    List<AttemptResult> results = new CopyOnWriteArrayList<>();
    transport.send(request, results::add);
    if (results.size() != 1) {
      throw new AssertionError("called back " + results.size() + " times");
    }
    return results.get(0);
  }
}
