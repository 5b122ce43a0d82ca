package cloud.klink.webhooks.verifier;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request as it was received: hostile until it is verified. Immutable except for the body's
 * array, which is not copied: the caller must not change it until the request is processed. (Even
 * if it does, a verifier hands on only what it authenticated.)
 */
public final class IncomingRequest {
  private final String method;
  private final @Nullable String target;
  private final Map<String, List<String>> headers;
  private final byte[] body;
  private final @Nullable InetAddress remoteAddress;

  private IncomingRequest(
      String method,
      @Nullable String target,
      Map<String, List<String>> headers,
      byte[] body,
      @Nullable InetAddress remoteAddress) {
    this.method = method;
    this.target = target;
    this.headers = headers;
    this.body = body;
    this.remoteAddress = remoteAddress;
  }

  /**
   * Starts a request.
   *
   * @return a builder for a POST without headers and body
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The method.
   *
   * @return as it came
   */
  public String method() {
    return method;
  }

  /**
   * The request target: path and query, as they stand in the request line.
   *
   * @return empty if it was not given
   */
  public Optional<String> target() {
    return Optional.ofNullable(target);
  }

  /**
   * The raw query.
   *
   * @return what follows the first question mark of the target, or null if there is none
   */
  @Nullable
  String query() {
    int question = target == null ? -1 : target.indexOf('?');
    return target == null || question < 0 ? null : target.substring(question + 1);
  }

  boolean hasTarget() {
    return target != null;
  }

  /**
   * The headers.
   *
   * @return an unmodifiable map whose keys are looked up whatever their case
   */
  public Map<String, List<String>> headers() {
    return headers;
  }

  /**
   * The values of a header.
   *
   * @param name in any case
   * @return an unmodifiable list, empty if there is no such header
   */
  public List<String> headers(String name) {
    List<String> values = headers.get(name);
    return values == null ? List.of() : values;
  }

  /**
   * The body.
   *
   * @return the array that was given
   */
  public byte[] body() {
    return body;
  }

  /**
   * The same request with a body. An adapter first makes a request from everything before the body,
   * so that it can be refused before the body is read.
   *
   * @param newBody the bytes; not copied
   * @return the request
   */
  public IncomingRequest withBody(byte[] newBody) {
    Objects.requireNonNull(newBody, "newBody");
    return new IncomingRequest(method, target, headers, newBody, remoteAddress);
  }

  /**
   * The address that the connection came from.
   *
   * @return empty if it was not given
   */
  public Optional<InetAddress> remoteAddress() {
    return Optional.ofNullable(remoteAddress);
  }

  @Nullable
  InetAddress remoteAddressOrNull() {
    return remoteAddress;
  }

  /** Shows the method and the length of the body; headers and query may be confidential. */
  @Override
  public String toString() {
    return "IncomingRequest[" + method + ", " + body.length + " bytes]";
  }

  /** Collects a request. Not for use by several threads. */
  public static final class Builder {
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private String method = "POST";
    private @Nullable String target;
    private byte[] body = new byte[0];
    private @Nullable InetAddress remoteAddress;

    private Builder() {}

    /**
     * The method; POST unless this is called.
     *
     * @param method as it came
     * @return this builder
     */
    public Builder method(String method) {
      this.method = Objects.requireNonNull(method, "method");
      return this;
    }

    /**
     * Path and query, as they stand in the request line. Without a target, the query is not
     * compared with the public URL's; the signature covers the public URL's in any case.
     *
     * @param target for example {@code /webhooks/endpoint?env=production}
     * @return this builder
     */
    public Builder target(String target) {
      this.target = Objects.requireNonNull(target, "target");
      return this;
    }

    /**
     * Adds a header line.
     *
     * @param name in any case
     * @param value as it came
     * @return this builder
     */
    public Builder header(String name, String value) {
      headers.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
      return this;
    }

    /**
     * Adds headers.
     *
     * @param headers the values of each, in their order
     * @return this builder
     */
    public Builder headers(Map<String, ? extends Iterable<String>> headers) {
      headers.forEach((name, values) -> values.forEach(value -> header(name, value)));
      return this;
    }

    /**
     * The body as it came, before any framework parsed and printed it again.
     *
     * @param body the bytes; not copied
     * @return this builder
     */
    public Builder body(byte[] body) {
      this.body = Objects.requireNonNull(body, "body");
      return this;
    }

    /**
     * The address that the connection came from. Never take it from a header that the sender of the
     * request could have written.
     *
     * @param remoteAddress the address
     * @return this builder
     */
    public Builder remoteAddress(InetAddress remoteAddress) {
      this.remoteAddress = Objects.requireNonNull(remoteAddress, "remoteAddress");
      return this;
    }

    /**
     * Builds the request.
     *
     * @return the request
     */
    public IncomingRequest build() {
      Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
      return new IncomingRequest(
          method, target, Collections.unmodifiableMap(copy), body, remoteAddress);
    }
  }
}
