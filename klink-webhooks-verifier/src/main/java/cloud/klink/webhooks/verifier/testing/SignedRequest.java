package cloud.klink.webhooks.verifier.testing;

import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.IncomingRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A request as K-LINK sends it, for the tests of a receiver: with MockMvc, WebTestClient or any
 * HTTP client.
 *
 * <pre>{@code
 * SignedRequest request = SignedRequest.to("https://example.com/webhooks/klink")
 *     .signedWith(SigningSecret.of("whsec_for_tests"))
 *     .event(event);
 * mockMvc.perform(post(request.target())
 *     .headers(h -> request.headers().forEach(h::set))
 *     .content(request.body()));
 * }</pre>
 *
 * <p>Immutable, but for the body's array, which is new for each call.
 */
public final class SignedRequest {
  private final String method;
  private final String target;
  private final Map<String, String> headers;
  private final byte[] body;

  private SignedRequest(String method, String target, Map<String, String> headers, byte[] body) {
    this.method = method;
    this.target = target;
    this.headers = Collections.unmodifiableMap(headers);
    this.body = body;
  }

  /**
   * Starts a request to an endpoint.
   *
   * @param publicUrl the endpoint's public URL, which the receiver's verifier is pinned to
   * @return a builder that needs a secret
   * @throws cloud.klink.webhooks.MalformedException if the URL has no canonical form
   */
  public static Builder to(String publicUrl) {
    return new Builder(publicUrl);
  }

  /**
   * The method that was signed.
   *
   * @return {@code POST} unless another method was set
   */
  public String method() {
    return method;
  }

  /**
   * Path and query of the public URL, for the request line.
   *
   * @return begins with a slash
   */
  public String target() {
    return target;
  }

  /**
   * The headers: the signature, Content-Type, and, if the body is an event, those that tell of it.
   *
   * @return an unmodifiable map
   */
  public Map<String, String> headers() {
    return headers;
  }

  /**
   * The body.
   *
   * @return a new array
   */
  public byte[] body() {
    return body.clone();
  }

  /**
   * The body, as text.
   *
   * @return JSON
   */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /**
   * The request as it comes in, for a verifier or receiver without a web server.
   *
   * @return the request
   */
  public IncomingRequest toIncomingRequest() {
    IncomingRequest.Builder request =
        IncomingRequest.builder().method(method).target(target).body(body());
    headers.forEach(request::header);
    return request.build();
  }

  /** Tells the request line, not the signature. */
  @Override
  public String toString() {
    return "SignedRequest[" + method + " " + target + ", " + body.length + " bytes]";
  }

  /** Collects where a request goes and who signs it. Not for use by several threads. */
  public static final class Builder {
    private final String publicUrl;
    private String method = "POST";
    private Dialect dialect = Dialect.KLINK;
    private int attempt = 1;
    private SigningSecret secret = SigningSecret.of("whsec_nobody_gave_one_to_this_request");

    private Builder(String publicUrl) {
      this.publicUrl = Objects.requireNonNull(publicUrl, "publicUrl");
      CanonicalTarget.of(method, publicUrl);
    }

    /**
     * The secret that signs. Without it the request is signed with a secret that no receiver has.
     *
     * @param newSecret the webhook's signing secret
     * @return this builder
     */
    public Builder signedWith(SigningSecret newSecret) {
      this.secret = Objects.requireNonNull(newSecret, "newSecret");
      return this;
    }

    /**
     * The method that is signed; POST unless this is called.
     *
     * @param newMethod an RFC 9110 token
     * @return this builder
     */
    public Builder method(String newMethod) {
      this.method = Objects.requireNonNull(newMethod, "newMethod");
      return this;
    }

    /**
     * The dialect that is signed in; K-LINK's own unless this is called.
     *
     * @param newDialect the dialect
     * @return this builder
     */
    public Builder dialect(Dialect newDialect) {
      this.dialect = Objects.requireNonNull(newDialect, "newDialect");
      return this;
    }

    /**
     * Which attempt to deliver it is, for the header that tells so; 1 unless this is called.
     *
     * @param newAttempt 1 or more
     * @return this builder
     */
    public Builder attempt(int newAttempt) {
      this.attempt = newAttempt;
      return this;
    }

    /**
     * Makes a request that delivers an event.
     *
     * @param event the event
     * @return the request
     */
    public SignedRequest event(Event event) {
      Map<String, String> more = new LinkedHashMap<>();
      more.put(WebhookHeaders.EVENT, event.name().value());
      event.id().ifPresent(id -> more.put(WebhookHeaders.EVENT_ID, id));
      more.put(WebhookHeaders.DELIVERY_ID, "dlv_test");
      more.put(WebhookHeaders.ATTEMPT, Integer.toString(attempt));
      return request(event.toBody().toBytes(), more);
    }

    /**
     * Makes a request of any body, an event or not. The body goes out as it is given; what is
     * signed is its canonical form.
     *
     * @param json one JSON value
     * @return the request
     * @throws cloud.klink.webhooks.MalformedException if the body has no canonical form
     */
    public SignedRequest body(String json) {
      return request(json.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private SignedRequest request(byte[] body, Map<String, String> more) {
      CanonicalTarget signed = CanonicalTarget.of(method, publicUrl);
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put(WebhookHeaders.CONTENT_TYPE, WebhookHeaders.JSON);
      headers.put(
          WebhookHeaders.SIGNATURE,
          secret.sign(signed.with(CanonicalBody.of(body, dialect))).hex());
      headers.putAll(more);
      String query = signed.rawQuery();
      return new SignedRequest(
          method,
          URI.create(signed.url()).getRawPath() + (query.isEmpty() ? "" : "?" + query),
          headers,
          body);
    }
  }
}
