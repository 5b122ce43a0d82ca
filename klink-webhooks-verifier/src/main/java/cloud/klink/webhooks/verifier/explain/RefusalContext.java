package cloud.klink.webhooks.verifier.explain;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request and what its verifier holds against it: what every family of causes starts from. It
 * makes candidates in which one thing is changed and the rest is as the verifier has it.
 */
final class RefusalContext {
  private final WebhookVerifier verifier;
  private final IncomingRequest request;
  private final Hints hints;
  private final ObservedUrl observed;
  private final List<byte[]> keys;
  private final List<CanonicalBody> forms;
  private final List<byte[]> bodies;
  private final @Nullable String malformed;

  RefusalContext(WebhookVerifier verifier, IncomingRequest request, Hints hints) {
    this.verifier = verifier;
    this.request = request;
    this.hints = hints;
    this.observed = new ObservedUrl(request);
    this.keys = verifier.secrets().stream().map(secret -> utf8(secret.reveal())).toList();
    List<CanonicalBody> found = new ArrayList<>();
    String rule = null;
    try {
      if (!tooLarge()) {
        found.addAll(forms(request.body(), verifier.dialects()));
      }
    } catch (MalformedException e) {
      rule = e.getMessage();
    }
    this.forms = List.copyOf(found);
    this.bodies = forms.stream().map(CanonicalBody::toBytes).toList();
    this.malformed = rule;
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The distinct forms of a body in some dialects. */
  static List<CanonicalBody> forms(byte[] body, List<Dialect> dialects) {
    List<CanonicalBody> found = new ArrayList<>();
    CanonicalBody.firstMatching(body, dialects, form -> {
      found.add(form);
      return false;
    });
    return found;
  }

  IncomingRequest request() {
    return request;
  }

  byte[] body() {
    return request.body();
  }

  boolean tooLarge() {
    return request.body().length > verifier.maxBodyBytes();
  }

  int maxBodyBytes() {
    return verifier.maxBodyBytes();
  }

  CanonicalTarget target() {
    return verifier.target();
  }

  Location pinned() {
    return Location.parse(target().url());
  }

  List<Dialect> dialects() {
    return verifier.dialects();
  }

  Hints hints() {
    return hints;
  }

  ObservedUrl observed() {
    return observed;
  }

  /** The verifier's secrets, as text. */
  List<String> secrets() {
    return keys.stream().map(key -> new String(key, StandardCharsets.UTF_8)).toList();
  }

  /** The forms of the body that the verifier accepts; none if it is malformed. */
  List<CanonicalBody> forms() {
    return forms;
  }

  /** The bytes of these forms. */
  List<byte[]> bodies() {
    return bodies;
  }

  /** Which rule the body breaks, and where. */
  Optional<String> malformed() {
    return Optional.ofNullable(malformed);
  }

  /** The canonical form of another query. */
  Optional<String> normalQuery(String rawQuery) {
    try {
      return Optional.of(CanonicalTarget.of("GET", "http://host/?" + rawQuery).query());
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /** Nothing changed. */
  Stream<Candidate> asItIs() {
    return head(Cause.VERIFIES, target().toString(), "");
  }

  /** Another text in front of the body. */
  Stream<Candidate> head(Cause cause, String head, String detail) {
    return bodies.stream().flatMap(body -> message(cause, head, body, detail));
  }

  /** Another body. */
  Stream<Candidate> body(Cause cause, byte[] body, String detail) {
    return message(cause, target().toString(), body, detail);
  }

  /** Another text in front of the body, and another body. */
  Stream<Candidate> message(Cause cause, String head, byte[] body, String detail) {
    byte[] start = utf8(head);
    return keys.stream()
        .map(key -> new Candidate(cause, detail, Algorithm.HMAC_SHA256, key, start, body));
  }

  /** Another key. */
  Stream<Candidate> key(Cause cause, byte[] key, String detail) {
    byte[] head = utf8(target().toString());
    return bodies.stream()
        .map(body -> new Candidate(cause, detail, Algorithm.HMAC_SHA256, key, head, body));
  }

  /** Another algorithm. */
  Stream<Candidate> algorithm(Cause cause, Algorithm algorithm) {
    byte[] head = utf8(target().toString());
    String detail = "It is " + algorithm.title + ".";
    return bodies.stream()
        .flatMap(body ->
            keys.stream().map(key -> new Candidate(cause, detail, algorithm, key, head, body)));
  }
}
