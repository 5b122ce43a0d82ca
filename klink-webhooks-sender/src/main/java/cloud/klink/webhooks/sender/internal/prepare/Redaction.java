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
 * Takes a webhook's secrets out of what its endpoint sent: some endpoints repeat the request in
 * their answer. It finds the secrets in upper and lower case, as JSON, HTML, URLs and hex digits
 * write them, and cut off at their end. It does not find what an endpoint disguises on purpose,
 * which knows the secrets anyway. Immutable.
 */
public final class Redaction {
  private static final String HIDDEN = "***";

  /** What is shorter occurs in any text, and is no secret. */
  private static final int MIN_SECRET = 4;

  /** How much of the beginning of a secret is taken for the secret, which was cut off behind. */
  private static final int MIN_BEGINNING = 8;

  private final List<String> secrets;

  /** What the secrets begin with, in lower case: nearly no place of a text needs a closer look. */
  private final String firsts;

  private Redaction(Collection<String> secrets) {
    this.secrets =
        secrets.stream().filter(secret -> secret.length() >= MIN_SECRET).toList();
    this.firsts = this.secrets.stream()
        .map(secret -> String.valueOf(Character.toLowerCase(secret.charAt(0))))
        .distinct()
        .collect(Collectors.joining());
  }

  /**
   * For one webhook.
   *
   * @param signingSecret the signing secret
   * @param authentication the value of the authentication header; empty for none
   */
  static Redaction of(String signingSecret, String authentication) {
    Set<String> all = new LinkedHashSet<>();
    for (String secret : List.of(signingSecret, authentication)) {
      parts(secret).forEach(part -> addWritings(all, part));
    }
    return new Redaction(all);
  }

  /** The whole; without a scheme before it; and the user and the password of Basic. */
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
      return parts; // no Base64, so it is no Basic
    }
    return parts;
  }

  private static void addWritings(Set<String> all, String part) {
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

  /** The same without secrets. */
  public AttemptResult applyTo(AttemptResult result) {
    return new AttemptResult(
        result.outcome(),
        result.status(),
        result.retryAfter(),
        hidden(result.error()),
        hidden(result.trace()),
        hidden(result.response()),
        hidden(result.responseHeaders()),
        result.connectedTo(),
        result.sentAgain());
  }

  private String hidden(String text) {
    StringBuilder hidden = new StringBuilder();
    int done = 0;
    int i = 0;
    while (i < text.length()) {
      int length = mayBegin(text.charAt(i)) ? secretAt(text, i) : 0;
      if (length > 0) {
        hidden.append(text, done, i).append(HIDDEN);
        done = i + length;
      }
      i += Math.max(1, length);
    }
    return done == 0 ? text : hidden.append(text, done, text.length()).toString();
  }

  private boolean mayBegin(char c) {
    return firsts.indexOf(Character.toLowerCase(c)) >= 0;
  }

  /** How long the longest secret, or beginning of one, is at a place of a text; 0 for none. */
  private int secretAt(String text, int start) {
    int longest = 0;
    for (String secret : secrets) {
      int same = common(text, start, secret);
      int scheme = secret.indexOf(' ') + 1; // which is no secret
      int shortest = start + same == text.length() ? MIN_SECRET : MIN_BEGINNING;
      if (same >= Math.min(secret.length(), scheme + shortest)) {
        longest = Math.max(longest, same);
      }
    }
    return longest;
  }

  /** How many characters of a secret stand at a place of a text. */
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

  /** Tells no secret. */
  @Override
  public String toString() {
    return "Redaction[" + HIDDEN + "]";
  }
}
