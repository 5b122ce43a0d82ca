package cloud.klink.webhooks.sender.transport.net;

import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A header by which the sender authenticates. Its value is a secret and appears neither in
 * {@link #toString} nor in JSON that Jackson prints. Immutable.
 */
public final class AuthenticationHeader {
  /** The longest value, in characters. */
  public static final int MAX_VALUE_LENGTH = 4_096;

  /** The longest name, in characters. */
  public static final int MAX_NAME_LENGTH = 100;

  private static final Set<String> RESERVED = Set.of(
      "accept-encoding",
      "connection",
      "date",
      "expect",
      "host",
      "http2-settings",
      "keep-alive",
      "max-forwards",
      "range",
      "te",
      "trailer",
      "transfer-encoding",
      "upgrade",
      "user-agent",
      "via",
      "x-signature");
  private static final List<String> RESERVED_PREFIXES =
      List.of("content-", "if-", "proxy-", "sec-websocket-", "x-klink-");

  private final String name;
  private final transient String value;

  /**
   * A header.
   *
   * @param name its name
   * @param value its value, a secret
   */
  public AuthenticationHeader(String name, String value) {
    this.name = Objects.requireNonNull(name, "name");
    this.value = Objects.requireNonNull(value, "value");
  }

  /**
   * The header of a request.
   *
   * @param request an attempt
   * @return its header, or empty if there is none
   */
  public static Optional<AuthenticationHeader> of(OutgoingRequest request) {
    return request
        .authenticationHeader()
        .map(name -> new AuthenticationHeader(name, request.authenticationValue()));
  }

  /**
   * The header's name.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * The header's value.
   *
   * @return a secret
   */
  public String value() {
    return value;
  }

  /**
   * Whether a text can be the name of a header.
   *
   * @param name a text
   * @return true for an RFC 9110 token of at most {@value #MAX_NAME_LENGTH} characters
   */
  public static boolean isName(String name) {
    return !name.isEmpty()
        && name.length() <= MAX_NAME_LENGTH
        && name.chars().allMatch(c -> c < 0x7f && (Character.isLetterOrDigit(c) || isSymbol(c)));
  }

  private static boolean isSymbol(int c) {
    return "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }

  /**
   * Whether HTTP or the sender itself sets a header, so that it cannot be used to authenticate.
   *
   * @param name the header's name, in upper or lower case
   * @return true for the headers of framing, content, routing and conditional requests, and for
   *     {@code User-Agent}, {@code X-Signature} and {@code X-Klink-…}
   */
  public static boolean isReserved(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return RESERVED.contains(lower) || RESERVED_PREFIXES.stream().anyMatch(lower::startsWith);
  }

  /**
   * Whether a text can be the value of a header and is transmitted unchanged.
   *
   * @param value a text
   * @return true for visible ASCII characters with spaces and tabs between them, at most
   *     {@value #MAX_VALUE_LENGTH} in all
   */
  public static boolean isValue(String value) {
    return !value.isEmpty()
        && value.length() <= MAX_VALUE_LENGTH
        && value.strip().length() == value.length()
        && value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f));
  }

  /**
   * Why this header cannot be sent. It is checked again because it comes from a storage.
   *
   * @return the rule that it breaks, without the value; empty if it can be sent
   */
  public Optional<String> fault() {
    if (!isName(name) || isReserved(name)) {
      return Optional.of("the authentication header's name is not allowed");
    }
    return isValue(value)
        ? Optional.empty()
        : Optional.of("the value of the header " + name + " cannot be sent in HTTP; it must be"
            + " visible ASCII");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AuthenticationHeader header
        && name.equals(header.name)
        && value.equals(header.value);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /** Returns the name, without the value. */
  @Override
  public String toString() {
    return "AuthenticationHeader[" + name + ": ***]";
  }
}
