package cloud.klink.webhooks.sender.internal.prepare;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Replaces a webhook's secrets in the answers of its endpoint, since some endpoints echo the
 * request. It finds secrets in upper and lower case, escaped as in JSON, HTML and URLs, in
 * hexadecimal, and cut off at their end. It does not find secrets that an endpoint disguises on
 * purpose; such an endpoint knows them anyway. Immutable.
 */
public final class Redaction {
  private static final String HIDDEN = "***";

  /** A shorter text occurs anywhere and is not treated as a secret. */
  private static final int MIN_SECRET = 4;

  /** The length from which the beginning of a secret is treated as a secret that was cut off. */
  private static final int MIN_BEGINNING = 8;

  private final List<String> secrets;

  /**
   * The first characters of the secrets, in lower case, for a quick check of each place of a text.
   */
  private final String firstCharacters;

  private Redaction(Collection<String> secrets) {
    this.secrets =
        secrets.stream().filter(secret -> secret.length() >= MIN_SECRET).toList();
    this.firstCharacters = this.secrets.stream()
        .map(secret -> String.valueOf(Character.toLowerCase(secret.charAt(0))))
        .distinct()
        .collect(Collectors.joining());
  }

  /**
   * * A redaction for one webhook.
   *
   * @param signingSecret the signing secret
   * @param authentication the value of the authentication header; empty for none
   */
  static Redaction of(String signingSecret, String authentication) {
    Set<String> all = new LinkedHashSet<>();
    for (String secret : List.of(signingSecret, authentication)) {
      parts(secret).forEach(part -> addEncodings(all, part));
    }
    return new Redaction(all);
  }

  /**
   * The whole value, the value without a scheme, and the pair and the password of Basic
   * credentials.
   */
  private static List<String> parts(String secret) {
    List<String> parts = new ArrayList<>();
    parts.add(secret);
    String credentials = secret.substring(secret.indexOf(' ') + 1).strip();
    parts.add(credentials);
    try {
      byte[] decoded = Base64.getDecoder().decode(credentials);
      String pair = new String(decoded, StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      if (colon >= 0 && pair.chars().noneMatch(Character::isISOControl)) {
        parts.add(pair);
        parts.add(pair.substring(colon + 1));
      }
    } catch (IllegalArgumentException e) {
      return parts; // not Base64, so these are not Basic credentials
    }
    return parts;
  }

  private static void addEncodings(Set<String> all, String part) {
    String json = part.replace("\\", "\\\\").replace("\"", "\\\"").replace("\t", "\\t");
    String html = part.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
    String form = URLEncoder.encode(part, StandardCharsets.UTF_8);
    all.add(part);
    all.add(json);
    all.add(json.replace("/", "\\/"));
    all.add(html);
    all.add(html.replace("'", "&#39;"));
    all.add(html.replace("'", "&#x27;"));
    all.add(form);
    all.add(form.replace("+", "%20"));
    all.add(HexFormat.of().formatHex(part.getBytes(StandardCharsets.UTF_8)));
  }

  /** A copy of a result without secrets. */
  public AttemptResult applyTo(AttemptResult result) {
    return new AttemptResult(
        result.outcome(),
        result.status(),
        result.retryAfter(),
        redacted(result.error()),
        redacted(result.trace()),
        redacted(result.response()),
        redacted(result.responseHeaders()),
        result.connectedTo(),
        result.sentAgain());
  }

  private String redacted(String text) {
    StringBuilder redacted = new StringBuilder();
    int copied = 0;
    int i = 0;
    while (i < text.length()) {
      int length = mayBegin(text.charAt(i)) ? secretAt(text, i) : 0;
      if (length > 0) {
        redacted.append(text, copied, i).append(HIDDEN);
        copied = i + length;
      }
      i += Math.max(1, length);
    }
    return copied == 0 ? text : redacted.append(text, copied, text.length()).toString();
  }

  private boolean mayBegin(char c) {
    return firstCharacters.indexOf(Character.toLowerCase(c)) >= 0;
  }

  /**
   * The length of the longest secret, or beginning of a secret, at a place of a text; 0 if there is
   * none.
   */
  private int secretAt(String text, int start) {
    int longest = 0;
    for (String secret : secrets) {
      int same = common(text, start, secret);
      int scheme = secret.indexOf(' ') + 1; // the scheme is not a secret
      int shortest = start + same == text.length() ? MIN_SECRET : MIN_BEGINNING;
      if (same >= Math.min(secret.length(), scheme + shortest)) {
        longest = Math.max(longest, same);
      }
    }
    return longest;
  }

  /** The number of characters of a secret that match at a place of a text. */
  private static int common(String text, int start, String secret) {
    int most = Math.min(secret.length(), text.length() - start);
    int same = 0;
    while (same < most && isSame(text.charAt(start + same), secret.charAt(same))) {
      same++;
    }
    return same;
  }

  private static boolean isSame(char one, char other) {
    return one == other || Character.toLowerCase(one) == Character.toLowerCase(other);
  }

  /** Returns the name of this class only. */
  @Override
  public String toString() {
    return "Redaction[" + HIDDEN + "]";
  }
}
