package cloud.klink.webhooks.sender.transport.net;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import okhttp3.Headers;
import okhttp3.Protocol;
import okhttp3.Response;

/** Decides whether a connection may be reused after an answer (RFC 9112, sections 9.3 and 6.1). */
final class KeepAliveRules {
  private KeepAliveRules() {}

  static boolean endsConnection(Response answer) {
    Headers headers = answer.headers();
    if (answer.protocol().compareTo(Protocol.HTTP_1_1) > 0) {
      return false; // HTTP/2 has GOAWAY for that
    }
    if (answer.protocol() == Protocol.HTTP_1_1 && isPlain(headers)) {
      return false;
    }
    List<String> options = list(headers, "Connection");
    List<String> encodings = list(headers, "Transfer-Encoding");
    if (answer.protocol() == Protocol.HTTP_1_0) {
      return !options.contains("keep-alive") || options.contains("close") || !encodings.isEmpty();
    }
    return options.contains("close") || hasAmbiguousFraming(headers, encodings);
  }

  /** Whether no header affects the connection, which is quick to check and true of most answers. */
  private static boolean isPlain(Headers headers) {
    List<String> lengths = headers.values("Content-Length");
    return headers.get("Connection") == null
        && headers.get("Transfer-Encoding") == null
        && (lengths.isEmpty() || (lengths.size() == 1 && lengths.get(0).indexOf(',') < 0));
  }

  /** Whether two parsers may disagree on where the answer ends. */
  private static boolean hasAmbiguousFraming(Headers headers, List<String> encodings) {
    List<String> lengths = list(headers, "Content-Length");
    return encodings.isEmpty()
        ? lengths.stream().distinct().count() > 1
        : !lengths.isEmpty() || !encodings.equals(List.of("chunked"));
  }

  /** The elements of a list header, which may have several lines, in lower case. */
  private static List<String> list(Headers headers, String name) {
    return headers.values(name).stream()
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .map(element -> element.strip().toLowerCase(Locale.ROOT))
        .filter(element -> !element.isEmpty())
        .toList();
  }
}
