package cloud.klink.webhooks.examples.cli;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import okhttp3.Request;

/** The headers that users add to what is sent. */
final class SenderHeaders {
  private static final Set<String> RESERVED = Set.of(
      "host",
      "content-length",
      "content-type",
      "transfer-encoding",
      "connection",
      "x-signature",
      "upgrade");

  private SenderHeaders() {}

  /** A request to a URL with them. */
  static Request.Builder request(String url, List<Header> headers) {
    Request.Builder request;
    try {
      request = new Request.Builder().url(url);
    } catch (IllegalArgumentException e) {
      throw new BadUsage("--url: " + Messages.withoutField(e));
    }
    for (Header header : headers) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (RESERVED.contains(name)
          || name.startsWith("x-klink-")
          || name.startsWith("sec-websocket-")) {
        throw new BadUsage("--header: " + header.name() + " is set by HTTP or by the sender");
      }
      add(request, header);
    }
    return request;
  }

  private static void add(Request.Builder request, Header header) {
    try {
      request.addHeader(header.name(), header.value());
    } catch (IllegalArgumentException e) {
      // OkHttp's message would show the value.
      throw new BadUsage("--header: its name must be an RFC 9110 token, its value visible ASCII,"
          + " spaces and tabs");
    }
  }
}
