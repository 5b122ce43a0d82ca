package cloud.klink.webhooks.canonical;

import cloud.klink.webhooks.MalformedException;
import java.util.Locale;

/** A URL in canonical form: its location (scheme, authority, path) and its query. */
record CanonicalUrl(String location, CanonicalQuery query) {
  static final int MAX_LENGTH = 65_536;

  /** RFC 3986: unreserved, sub-delims, and what a path may hold besides. */
  private static final String PATH_SYMBOLS = "-._~!$&'()*+,;=:@/";

  /**
   * What is sent raw in queries though RFC 3986 has it encoded: brackets, as in {@code tag[]=a}.
   */
  private static final String QUERY_SYMBOLS = PATH_SYMBOLS + "?[]";

  private static final String HOST_SYMBOLS = "-._~!$&'()*+,;=";

  static CanonicalUrl parse(String url) {
    if (url.length() > MAX_LENGTH) {
      throw malformed("it must have at most " + MAX_LENGTH + " characters");
    }
    int schemeEnd = url.indexOf("://");
    if (schemeEnd < 0) {
      throw malformed("it must be absolute, as https://example.com/path is");
    }
    String scheme = url.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
    int defaultPort = defaultPort(scheme);
    int fragment = url.indexOf('#');
    String rest = url.substring(schemeEnd + 3, fragment < 0 ? url.length() : fragment);
    int question = rest.indexOf('?');
    String beforeQuery = question < 0 ? rest : rest.substring(0, question);
    String query = question < 0 ? "" : rest.substring(question + 1);
    int slash = beforeQuery.indexOf('/');
    String authority = slash < 0 ? beforeQuery : beforeQuery.substring(0, slash);
    String path = slash < 0 ? "/" : beforeQuery.substring(slash);
    checkCharacters("path", path, PATH_SYMBOLS);
    checkCharacters("query", query, QUERY_SYMBOLS);
    return new CanonicalUrl(
        scheme + "://" + authority(authority, defaultPort) + path, CanonicalQuery.parse(query));
  }

  private static int defaultPort(String scheme) {
    return switch (scheme) {
      case "http", "ws" -> 80;
      case "https", "wss" -> 443;
      default -> throw malformed("its scheme must be http, https, ws or wss");
    };
  }

  private static String authority(String authority, int defaultPort) {
    if (authority.indexOf('@') >= 0) {
      throw malformed("it must not hold user information; use the webhook's authentication");
    }
    int hostEnd = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
    if (hostEnd < 0) {
      hostEnd = authority.length();
    }
    String host = authority.substring(0, hostEnd);
    checkHost(host);
    String port = port(authority.substring(hostEnd), defaultPort);
    return host.toLowerCase(Locale.ROOT) + port;
  }

  private static void checkHost(String host) {
    if (host.isEmpty()) {
      throw malformed("it must have a host");
    }
    if (host.startsWith("[")) {
      if (!Ipv6Address.isValid(host.substring(1, host.length() - 1))) {
        throw malformed("brackets around its host must hold an IPv6 address, without a zone");
      }
    } else if (host.indexOf('%') >= 0) {
      throw malformed(
          "its host must not be percent-encoded; use the A-label of such a name, xn--…");
    } else {
      checkCharacters("host", host, HOST_SYMBOLS);
    }
  }

  private static String port(String suffix, int defaultPort) {
    if (suffix.isEmpty()) {
      return "";
    }
    boolean number = suffix.charAt(0) == ':'
        && suffix.length() > 1
        && suffix.length() <= 6
        && suffix.charAt(1) != '0'
        && suffix.chars().skip(1).allMatch(c -> Ascii.isDigit((char) c));
    int port = number ? Integer.parseInt(suffix.substring(1)) : -1;
    if (port < 1 || port > 65_535) {
      throw malformed("its port must be a number from 1 to 65535, without leading zeros, or be"
          + " left out with its colon");
    }
    return port == defaultPort ? "" : suffix;
  }

  private static void checkCharacters(String part, String text, String symbols) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        if (i + 2 >= text.length()
            || Ascii.hex(text.charAt(i + 1)) < 0
            || Ascii.hex(text.charAt(i + 2)) < 0) {
          throw malformed("two hex digits must follow the % at index " + i + " of its " + part);
        }
      } else if (!Ascii.isLetterOrDigit(c) && symbols.indexOf(c) < 0) {
        throw malformed("the character at index " + i + " of its " + part + " must be encoded");
      }
    }
  }

  private static MalformedException malformed(String rule) {
    return Malformed.url(rule);
  }
}
