package cloud.klink.webhooks.examples.cli.doctor;

import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.signature.SigningSecret;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * A signed request, and what may be changed of it.
 *
 * @param event what it sends
 * @param body what is sent as the body
 * @param signature what is sent as the signature
 */
record Probe(Event event, String body, String signature) {
  /** The event that the sender, too, tests webhooks with. */
  static final EventName NAME = EventName.of("webhook.test");

  /** An event of its own, as it should be sent. */
  static Probe signed(String purpose, CanonicalTarget target, SigningSecret secret) {
    Event event = Event.builder(NAME)
        .id("doctor-" + purpose + "-" + UUID.randomUUID())
        .timestamp(Instant.now())
        .data(JsonNodeFactory.instance.objectNode().put("amount", 1).put("purpose", purpose))
        .build();
    String body = new String(event.toBody().toBytes(), StandardCharsets.UTF_8);
    return new Probe(event, body, secret.sign(target.with(event.toBody())).hex());
  }

  /** The body of another amount, with the signature of the first. */
  Probe tampered() {
    return new Probe(event, body.replace("\"amount\":1", "\"amount\":1000"), signature);
  }

  /** The same JSON with white space, as a proxy or a framework may print it. */
  Probe withWhiteSpace() {
    return new Probe(
        event, body.replace("\":", "\": ").replace(",\"", ",\n  \"") + "\n", signature);
  }

  /** The same JSON with its members in another order. */
  Probe inAnotherOrder() {
    String data = "\"data\":{\"amount\":1,\"purpose\":";
    int end = body.indexOf('}', body.indexOf(data)) + 1;
    String first = body.substring(body.indexOf(data), end);
    String rest = body.substring(end + 1, body.length() - 1);
    return new Probe(event, "{" + rest + "," + first + "}", signature);
  }

  /** The same body with another signature. */
  Probe signedAs(String other) {
    return new Probe(event, body, other);
  }

  String id() {
    return event.id().orElseThrow();
  }
}
