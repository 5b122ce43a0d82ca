package cloud.klink.webhooks.verifier.servlet;

import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;

/**
 * Receives webhooks in a Servlet container (Servlet 5.0 or later).
 *
 * <p>A request that can be refused without its body is, and a body is kept no further than the
 * verifier's limit. What a client still sends after a refusal is read and dropped, at most 8 MiB
 * and 10 seconds of it, so that the client sees the answer and not a reset connection. The source
 * address is {@link HttpServletRequest#getRemoteAddr()}: if the container is set up to take that
 * from a forwarding header, it is only as true as the proxy that wrote it. No filter before this
 * servlet may read the body or ask for parameters of a form. Safe for use by many threads. Closing
 * the receiver is the caller's.
 */
public final class WebhookServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /** Not part of a serialized form: a servlet is never serialized, though its class could be. */
  private final transient WebhookReceiver receiver;

  /**
   * A servlet for one or more paths.
   *
   * @param receiver what receives the webhooks
   */
  public WebhookServlet(WebhookReceiver receiver) {
    this.receiver = Objects.requireNonNull(receiver, "receiver");
  }

  /**
   * Receives a request of any method.
   *
   * @param request the request, its body unread
   * @param response gets the status, the headers and the body of the receiver's response
   * @throws IOException if the request cannot be read or the response not be written; a sender
   *     repeats
   */
  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ServletExchange.answer(
        request,
        response,
        receiver.receive(ServletExchange.head(request), request.getInputStream()));
  }
}
