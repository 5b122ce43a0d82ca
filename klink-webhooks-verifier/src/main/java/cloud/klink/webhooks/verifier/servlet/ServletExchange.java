package cloud.klink.webhooks.verifier.servlet;

import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.internal.UnreadBody;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Translates between the Servlet API and this library. */
final class ServletExchange {
  private static final Pattern IP_LITERAL =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private ServletExchange() {}

  /** Reads everything but the body of a request. */
  static IncomingRequest head(HttpServletRequest request) {
    String query = request.getQueryString();
    IncomingRequest.Builder head = IncomingRequest.builder()
        .method(request.getMethod())
        .target(request.getRequestURI() + (query == null ? "" : "?" + query));
    Enumeration<String> names = request.getHeaderNames();
    for (String name : Collections.list(names == null ? Collections.emptyEnumeration() : names)) {
      Collections.list(request.getHeaders(name)).forEach(value -> head.header(name, value));
    }
    InetAddress address = address(request.getRemoteAddr());
    return address == null ? head.build() : head.remoteAddress(address).build();
  }

  /** Parses an IP address; returns null for a host name, which is never resolved. */
  static @Nullable InetAddress address(@Nullable String remote) {
    if (remote == null) {
      return null;
    }
    String literal = remote.startsWith("[") && remote.endsWith("]")
        ? remote.substring(1, remote.length() - 1)
        : remote;
    int zone = literal.indexOf('%');
    String address = zone < 0 ? literal : literal.substring(0, zone);
    try {
      return IP_LITERAL.matcher(address).matches() ? InetAddress.getByName(address) : null;
    } catch (UnknownHostException e) {
      return null;
    }
  }

  static void answer(
      HttpServletRequest request, HttpServletResponse response, ReceiverResponse answer)
      throws IOException {
    byte[] body = answer.body();
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
    // A client that expects 100 Continue sends no body after a refusal.
    if (!answer.isSuccess() && request.getHeader("Expect") == null) {
      response.flushBuffer();
      UnreadBody.discard(request.getInputStream());
    }
  }
}
