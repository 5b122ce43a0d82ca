package cloud.klink.webhooks.sender.internal.url;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * A URL that can be an endpoint: it is signed and sent exactly as it was entered, and its host is
 * not ambiguous. Whether it may be connected to is decided by an {@code EndpointPolicy}.
 */
public final class EndpointUrl {
  /** The longest URL, in characters. */
  public static final int MAX_LENGTH = 2_000;

  private static final Pattern NAME =
      Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,62})(\\.[a-z0-9_]([a-z0-9_-]{0,62}))*");
  private static final int MAX_NAME_LENGTH = 253;

  /** Hosts that resolvers may parse as an IPv4 address, in various notations. */
  private static final Pattern NUMBER = Pattern.compile("(.*\\.)?([0-9]+|0x[0-9a-f]*)");

  private static final String OCTET = "(0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");

  private static final Pattern DOT_SEGMENT =
      Pattern.compile("/(\\.|%2e){1,2}(/|$)", Pattern.CASE_INSENSITIVE);

  private final HttpUrl url;
  private final boolean webSocket;

  private EndpointUrl(HttpUrl url, boolean webSocket) {
    this.url = url;
    this.webSocket = webSocket;
  }

  /**
   * The rules for endpoints that a text breaks, whatever the policy.
   *
   * @param url any text
   * @return the rules, for people; they quote nothing of the text, which may hold secrets. Empty if
   *     the text can be the URL of an endpoint
   */
  public static List<String> faults(String url) {
    if (url.isEmpty()) {
      return List.of("it is required");
    }
    if (url.length() > MAX_LENGTH) {
      return List.of("it must have at most " + MAX_LENGTH + " characters");
    }
    List<String> faults = new ArrayList<>(0);
    if (url.indexOf('#') >= 0) {
      faults.add("leave out the # and what follows: it is never sent");
    }
    String withoutUserInfoAndFragment = withoutUserInfoAndFragment(url);
    if (withoutUserInfoAndFragment.length() < withoutFragment(url).length()) {
      faults.add("it must not hold user information; use the webhook's authentication");
    }
    try {
      CanonicalTarget.of("POST", withoutUserInfoAndFragment);
    } catch (MalformedException e) {
      faults.add(e.getMessage().replaceFirst("^url: ", ""));
      return List.copyOf(faults);
    }
    hostFaults(withoutUserInfoAndFragment).ifPresent(faults::add);
    faults.addAll(targetFaults(withoutUserInfoAndFragment));
    return List.copyOf(faults);
  }

  /** A URL without user information and fragment, so that the rest of it can be checked, too. */
  public static String withoutUserInfoAndFragment(String url) {
    String whole = withoutFragment(url);
    int start = whole.indexOf("://");
    int at = start < 0 ? -1 : whole.substring(0, authorityEnd(whole)).lastIndexOf('@');
    return at < 0 ? whole : whole.substring(0, start + 3) + whole.substring(at + 1);
  }

  private static String withoutFragment(String url) {
    int hash = url.indexOf('#');
    return hash < 0 ? url : url.substring(0, hash);
  }

  private static Optional<String> hostFaults(String url) {
    String host = hostIn(url).toLowerCase(Locale.ROOT);
    if (host.startsWith("[")) {
      return Optional.empty(); // OkHttp refuses an invalid address
    }
    if (host.endsWith(".")) {
      return Optional.of("leave out the dot at the end of its host");
    }
    if (NUMBER.matcher(host).matches()) {
      return IPV4.matcher(host).matches()
          ? Optional.empty()
          : Optional.of("an IPv4 address as its host must be four decimal numbers up to 255,"
              + " without leading zeros");
    }
    return host.length() <= MAX_NAME_LENGTH && NAME.matcher(host).matches()
        ? Optional.empty()
        : Optional.of("its host must be words of letters, digits, - and _ joined by dots, of at"
            + " most 63 characters each and " + MAX_NAME_LENGTH
            + " in all; write other letters in Punycode");
  }

  private static List<String> targetFaults(String url) {
    List<String> faults = new ArrayList<>(0);
    String target = targetIn(url);
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    if (DOT_SEGMENT.matcher(path).find()) {
      faults.add("its path must not have . or .. between slashes");
    }
    if (question >= 0 && target.indexOf('\'', question) >= 0) {
      faults.add("write ' in its query as %27");
    }
    HttpUrl parsed = parse(url);
    if (parsed == null) {
      faults.add("its host cannot be connected to");
    } else if (faults.isEmpty() && !isUnchanged(url, parsed)) {
      faults.add("it cannot be sent as it is written; encode what is unusual with %");
    }
    return faults;
  }

  private static boolean isUnchanged(String url, HttpUrl parsed) {
    String host = hostIn(url);
    return requestTarget(parsed).equals(targetIn(url))
        && (host.startsWith("[") || host.equalsIgnoreCase(parsed.host()));
  }

  /** Parses a URL; for a WebSocket, that of its handshake over HTTP. */
  private static @Nullable HttpUrl parse(String url) {
    boolean webSocket = isWebSocket(url);
    return HttpUrl.parse(webSocket ? "http" + url.substring(2) : url);
  }

  private static boolean isWebSocket(String url) {
    return url.regionMatches(true, 0, "ws", 0, 2);
  }

  /** The path and query of a parsed URL, as OkHttp sends them. */
  private static String requestTarget(HttpUrl url) {
    String query = url.encodedQuery();
    return query == null ? url.encodedPath() : url.encodedPath() + '?' + query;
  }

  /**
   * The path and query of a URL as they were entered. The URL has a canonical form and no fragment.
   */
  private static String targetIn(String url) {
    int end = authorityEnd(url);
    String target = url.substring(end);
    return target.startsWith("/") ? target : "/" + target;
  }

  private static int authorityEnd(String url) {
    int start = url.indexOf("://") + 3;
    for (int i = start; i < url.length(); i++) {
      if (url.charAt(i) == '/' || url.charAt(i) == '?') {
        return i;
      }
    }
    return url.length();
  }

  private static String hostIn(String url) {
    String authority = url.substring(url.indexOf("://") + 3, authorityEnd(url));
    int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
    return end < 0 ? authority : authority.substring(0, end);
  }

  /**
   * Parses a URL.
   *
   * @param url a URL without {@linkplain #faults faults}
   * @return its parts
   * @throws IllegalArgumentException if it has faults; the message quotes nothing of it
   */
  public static EndpointUrl of(String url) {
    List<String> faults = faults(url);
    HttpUrl parsed = faults.isEmpty() ? parse(url) : null;
    if (parsed == null) {
      throw new IllegalArgumentException("url: " + String.join("; ", faults));
    }
    return new EndpointUrl(parsed, isWebSocket(url));
  }

  /**
   * The origin of a URL (RFC 6454), which identifies who receives what is sent to it. URLs with the
   * same scheme, host and port have the same origin, however they are written.
   *
   * @param url any text
   * @return scheme, host and port, for example {@code https://hooks.example.com:443}, in lower case
   *     and always with the port; empty if the URL has {@linkplain #faults faults}
   */
  public static Optional<String> originOf(String url) {
    return faults(url).isEmpty() ? Optional.of(of(url).origin()) : Optional.empty();
  }

  private String origin() {
    String host = host();
    return (webSocket ? "ws" : "http") + (url.isHttps() ? "s" : "") + "://"
        + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + url.port();
  }

  /**
   * The host.
   *
   * @return a name or an address, in lower case, without brackets
   */
  public String host() {
    return url.host();
  }

  /**
   * The address, if the host is one. Nothing is looked up.
   *
   * @return empty for a name
   */
  public Optional<InetAddress> address() {
    String host = host();
    if (host.indexOf(':') < 0 && !IPV4.matcher(host).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(host)); // an address is not looked up
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address was not parsed", e);
    }
  }

  /**
   * The path and the query, as they stand in the request line.
   *
   * @return what was entered after the host, always with a leading slash
   */
  public String target() {
    return requestTarget(url);
  }

  /** Returns the name of this class and the host. */
  @Override
  public String toString() {
    return "EndpointUrl[" + host() + "]";
  }
}
