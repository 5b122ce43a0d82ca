package cloud.klink.webhooks.canonical;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.MalformedReason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * The part of a canonical request before its body: METHOD, URL and QUERY.
 *
 * <p>It is checked and normalised once and then used for many requests. The rules are in
 * CANONICAL.md, sections "METHOD", "URL" and "QUERY". Values are immutable and safe for use by many
 * threads.
 */
public final class CanonicalTarget {
  private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

  private final String method;
  private final CanonicalUrl url;
  private final byte[] bytes;

  private CanonicalTarget(String method, CanonicalUrl url) {
    this.method = method;
    this.url = url;
    this.bytes = toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The target of a request.
   *
   * @param method an HTTP method in upper or lower case
   * @param url an absolute http, https, ws or wss URL of at most {@value CanonicalUrl#MAX_LENGTH}
   *     characters, with its query; a fragment is dropped
   * @return the target
   * @throws MalformedException with {@link MalformedReason#MALFORMED_METHOD} if the method is not a
   *     token (RFC 9110, section 5.6.2), with {@link MalformedReason#MALFORMED_URL} if the URL is
   *     relative, of another scheme, without a host, has user information, a port that is empty or
   *     beyond 65535, brackets that hold no IPv6 address, a host with a percent sign, a character
   *     before its fragment that should have been percent-encoded, or an escape in its query that
   *     is broken or not UTF-8
   */
  public static CanonicalTarget of(String method, String url) {
    checkMethod(method);
    return new CanonicalTarget(method.toUpperCase(Locale.ROOT), CanonicalUrl.parse(url));
  }

  private static void checkMethod(String method) {
    if (method.isEmpty()) {
      throw Malformed.method("it must not be empty");
    }
    for (int i = 0; i < method.length(); i++) {
      char c = method.charAt(i);
      if (!Ascii.isLetterOrDigit(c) && TOKEN_SYMBOLS.indexOf(c) < 0) {
        throw Malformed.method(
            "the character at index " + i + " is not allowed in an RFC 9110 token");
      }
    }
  }

  /**
   * The request of this target with a body.
   *
   * @param body the canonical body
   * @return the canonical request
   */
  public CanonicalRequest with(CanonicalBody body) {
    return new CanonicalRequest(this, body);
  }

  /**
   * The method.
   *
   * @return in upper case
   */
  public String method() {
    return method;
  }

  /**
   * The URL without its query: scheme and host in lower case, no default port, a path of at least
   * {@code /}, otherwise as it was given.
   *
   * @return ASCII
   */
  public String url() {
    return url.location();
  }

  /**
   * The query in normalised form: sorted keys, each with its values decoded, sorted and in
   * brackets.
   *
   * @return empty for no query
   */
  public String query() {
    return url.query().text();
  }

  /**
   * The query as it was given, without the question mark.
   *
   * @return empty for no query
   */
  public String rawQuery() {
    return url.query().raw();
  }

  /**
   * The parameters of the query, decoded.
   *
   * @return the values of each key, both in the order in which they were given
   */
  public Map<String, List<String>> parameters() {
    return url.query().parameters();
  }

  /**
   * Whether a raw query, without the question mark, has the same parameters as this target's: the
   * same keys with the same values, in any order, however they are encoded. The normalised form
   * does not decide this, because a value may hold its separators.
   *
   * @param rawQuery the query; null or empty for none
   * @return false also for a query with a broken escape
   */
  public boolean hasQuery(@Nullable String rawQuery) {
    String query = rawQuery == null ? "" : rawQuery;
    try {
      return query.equals(rawQuery()) || url.query().equals(CanonicalQuery.parse(query));
    } catch (MalformedException e) {
      return false;
    }
  }

  /**
   * Feeds the canonical bytes up to the body to a MAC.
   *
   * @param mac an initialised MAC; it is not reset before or finished afterwards
   */
  public void update(Mac mac) {
    mac.update(bytes);
  }

  byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CanonicalTarget target
        && method.equals(target.method)
        && url.equals(target.url);
  }

  @Override
  public int hashCode() {
    return Objects.hash(method, url);
  }

  /** The canonical string up to the body. */
  @Override
  public String toString() {
    return method + url.location() + query();
  }
}
