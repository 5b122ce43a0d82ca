package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.canonical.MalformedRequestException;
import cloud.klink.webhooks.signature.SigningSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Where to send, what to sign with, and how to authenticate. Immutable; printed without the secret
 * and the values of headers.
 */
public final class Endpoint {
  private static final Set<String> RESERVED = Set.of(
      "host", "content-length", "content-type", "transfer-encoding", "connection", "x-signature");
  private static final String OWN = "x-klink-";

  private final CanonicalTarget target;
  private final String url;
  private final SigningSecret secret;
  private final List<Header> headers;

  private Endpoint(CanonicalTarget target, String url, SigningSecret secret, List<Header> headers) {
    this.target = target;
    this.url = url;
    this.secret = secret;
    this.headers = headers;
  }

  /** A header to be sent along. */
  record Header(String name, String value) {}

  /**
   * An endpoint.
   *
   * @param url an absolute http or https URL, with its query if it has one
   * @param secret the signing secret
   * @return the endpoint, without authentication
   * @throws MalformedRequestException if the URL has no canonical form: see
   *     {@link CanonicalTarget#of}
   * @throws IllegalArgumentException if its scheme is neither http nor https
   */
  public static Endpoint of(String url, SigningSecret secret) {
    CanonicalTarget target = CanonicalTarget.of("POST", url);
    if (!target.url().startsWith("http")) {
      throw new IllegalArgumentException("url: its scheme must be http or https");
    }
    return new Endpoint(target, url, Objects.requireNonNull(secret, "secret"), List.of());
  }

  /**
   * The same endpoint with one more header, as {@code Authorization} or {@code X-API-Key}.
   *
   * @param name an RFC 9110 token; none that HTTP or this library sets itself
   * @param value visible ASCII, spaces and tabs
   * @return the endpoint
   * @throws IllegalArgumentException if the name or the value breaks its rule; the message does not
   *     quote the value
   */
  public Endpoint withHeader(String name, String value) {
    String key = name.toLowerCase(Locale.ROOT);
    try {
      CanonicalTarget.of(name, url);
    } catch (MalformedRequestException e) {
      throw new IllegalArgumentException("header: its name must be an RFC 9110 token", e);
    }
    if (RESERVED.contains(key) || key.startsWith(OWN)) {
      throw new IllegalArgumentException("header: " + name + " is set by HTTP or by the sender");
    }
    if (!value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f))) {
      throw new IllegalArgumentException(
          "header: the value of " + name + " must be visible ASCII, spaces and tabs");
    }
    List<Header> more = new ArrayList<>(headers);
    more.add(new Header(name, value));
    return new Endpoint(target, url, secret, List.copyOf(more));
  }

  /**
   * The URL.
   *
   * @return as it was given
   */
  public String url() {
    return url;
  }

  CanonicalTarget target() {
    return target;
  }

  SigningSecret secret() {
    return secret;
  }

  List<Header> headers() {
    return headers;
  }

  /** Tells the URL and the names of the headers. */
  @Override
  public String toString() {
    return "Endpoint[" + url + ", headers " + headers.stream().map(Header::name).toList() + "]";
  }
}
