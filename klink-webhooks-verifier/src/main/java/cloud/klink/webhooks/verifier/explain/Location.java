package cloud.klink.webhooks.verifier.explain;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URL without its query, in parts.
 *
 * @param port empty, or with its colon
 */
record Location(String scheme, String host, String port, String path) {
  static final List<String> SCHEMES = List.of("http", "https", "ws", "wss");

  private static final Pattern FORM =
      Pattern.compile("([a-z]+)://(\\[[^]]*]|[^/:]*)(:\\d+)?(/.*)?");

  Location {
    if (port.equals(defaultPort(scheme))) {
      port = "";
    }
  }

  /** Host and port, as a Host header shows them. */
  record Authority(String host, String port) {
    private static final Pattern FORM =
        Pattern.compile("(\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9._~-]{1,253})(:\\d{1,5})?");

    /** Empty for what is no host: headers are hostile. */
    static Optional<Authority> parse(String text) {
      Matcher form = FORM.matcher(text.strip());
      return form.matches()
          ? Optional.of(new Authority(form.group(1), orEmpty(form, 2)))
          : Optional.empty();
    }
  }

  /** Reads a URL that is in canonical form already. */
  static Location parse(String canonical) {
    Matcher form = FORM.matcher(canonical);
    if (!form.matches()) {
      throw new IllegalArgumentException("url: it is not in canonical form");
    }
    return new Location(form.group(1), form.group(2), orEmpty(form, 3), orEmpty(form, 4));
  }

  private static String orEmpty(Matcher form, int group) {
    String text = form.group(group);
    return text == null ? "" : text;
  }

  static String defaultPort(String scheme) {
    return scheme.equals("https") || scheme.equals("wss") ? ":443" : ":80";
  }

  Location withScheme(String other) {
    return new Location(other, host, port, path);
  }

  Location withHost(String other) {
    return new Location(scheme, other, port, path);
  }

  Location withPort(String other) {
    return new Location(scheme, host, other, path);
  }

  Location with(Authority authority) {
    return new Location(scheme, authority.host(), authority.port(), path);
  }

  Location withPath(String other) {
    return new Location(scheme, host, port, other);
  }

  @Override
  public String toString() {
    return scheme + "://" + host + port + path;
  }
}
