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
            .map(value -> TextSanitizer.line(
                header.getKey() + ": " + value, AttemptResult.MAX_RESPONSE_HEADERS_LENGTH)))
        .limit(AttemptResult.MAX_RESPONSE_HEADERS)
        .collect(Collectors.joining("\n"));
  }

  /** The same within its limits. */
  static String clean(String text) {
    String bounded = TextSanitizer.lines(text, AttemptResult.MAX_RESPONSE_HEADERS_LENGTH);
    if (isClean(bounded)) {
      return bounded; // nearly always, and each copy of a result asks
    }
    String lines = bounded
        .lines()
        .limit(AttemptResult.MAX_RESPONSE_HEADERS)
        .map(ResponseHeaders::withoutSecret)
        .collect(Collectors.joining("\n"));
    return TextSanitizer.lines(lines, AttemptResult.MAX_RESPONSE_HEADERS_LENGTH);
  }

  private static boolean isClean(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return SECRET.stream().noneMatch(lower::contains)
        && !text.endsWith("\n")
        && lines(text) <= AttemptResult.MAX_RESPONSE_HEADERS;
  }

  private static int lines(String text) {
    int lines = 1;
    for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      lines++;
    }
    return lines;
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
