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
 * <p>A request is refused before its body is read where that is possible, and no more of a body is
 * read than the verifier's limit. What a client still sends after a refusal is read and discarded,
 * for at most 8 MiB and 10 seconds, so that the client sees the response and not a reset
 * connection. The source address is {@link HttpServletRequest#getRemoteAddr()}: if the container is
 * configured to take it from a forwarding header, it is only as trustworthy as the proxy that wrote
 * the header. No filter before this servlet may read the body or ask for form parameters. The
 * caller closes the receiver. Safe for use by many threads.
 */
public final class WebhookServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /** Transient because {@code HttpServlet} is serializable; no container serializes a servlet. */
  private final transient WebhookReceiver receiver;

  /**
   * A servlet, which may be mapped to one or more paths.
   *
   * @param receiver receives the webhooks
   */
  public WebhookServlet(WebhookReceiver receiver) {
    this.receiver = Objects.requireNonNull(receiver, "receiver");
  }

  /**
   * Receives a request of any method.
   *
   * @param request the request, its body unread
   * @param response gets the status, the headers and the body of the receiver's response
   * @throws IOException if the request cannot be read or the response cannot be written; the sender
   *     then delivers the webhook again
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
