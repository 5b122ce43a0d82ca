package cloud.klink.webhooks.sender.delivery;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The headers of an answer as a text: each in a line of its own, without values that are secret.
 */
final class ResponseHeaders {
  private static final String HIDDEN = "***";

  /** What the names of headers hold whose values let somebody in. */
  private static final List<String> SECRET = List.of(
      "authorization",
      "authentication-info",
      "cookie",
      "token",
      "secret",
      "signature",
      "password",
      "session",
      "api-key",
      "apikey");

  private ResponseHeaders() {}

  /** One line for each value; a line feed in it does not begin another. */
  static String text(Map<String, List<String>> headers) {
    return headers.entrySet().stream()
        .flatMap(header -> header.getValue().stream()
            .map(value -> Texts.line(
                header.getKey() + ": " + value, AttemptResult.MAX_RESPONSE_HEADERS_LENGTH)))
        .limit(AttemptResult.MAX_RESPONSE_HEADERS)
        .collect(Collectors.joining("\n"));
  }

  /** The same within its limits. */
  static String clean(String text) {
    if (text.isEmpty()) {
      return text;
    }
    String lines = Texts.lines(text, AttemptResult.MAX_RESPONSE_HEADERS_LENGTH)
        .lines()
        .limit(AttemptResult.MAX_RESPONSE_HEADERS)
        .map(ResponseHeaders::withoutSecret)
        .collect(Collectors.joining("\n"));
    // Every copy of a result comes here, and only what *** has made longer needs a second cut.
    return lines.length() > AttemptResult.MAX_RESPONSE_HEADERS_LENGTH
        ? Texts.lines(lines, AttemptResult.MAX_RESPONSE_HEADERS_LENGTH)
        : lines;
  }

  private static String withoutSecret(String line) {
    int colon = line.indexOf(':');
    String name = line.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
    boolean isSecret = SECRET.stream().anyMatch(name::contains);
    return isSecret && !line.substring(colon + 1).isBlank()
        ? line.substring(0, colon) + ": " + HIDDEN
        : line;
  }
}
