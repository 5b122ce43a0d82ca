package cloud.klink.webhooks.verifier.servlet;

import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.internal.LogText;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets only authentic requests through to a servlet or controller of the user's (Servlet 5.0 or
 * later).
 *
 * <p>What is behind the filter finds the {@link VerifiedWebhook} by {@link #webhook}, and can read
 * the body as if nobody had: it is the canonical body that was authenticated, in UTF-8, not the
 * bytes that came in. Nothing else of the request is authenticated: not its headers, and not its
 * path. A refused request is answered by the filter. A repetition is let through; a
 * {@link WebhookServlet} with a receiver that de-duplicates does more.
 *
 * <p>The filter has to stand before any that reads the body, and to be mapped to dispatches of the
 * type REQUEST only, the default: at a second dispatch the body was read. Safe for use by many
 * threads. For asynchronous servlets, register it as supporting asynchronous processing.
 */
public final class WebhookFilter implements Filter {
  private static final String ATTRIBUTE = VerifiedWebhook.class.getName();

  private static final Logger LOG = LoggerFactory.getLogger(WebhookFilter.class);

  private final WebhookVerifier verifier;

  /**
   * A filter for one or more paths.
   *
   * @param verifier what a request must pass
   */
  public WebhookFilter(WebhookVerifier verifier) {
    this.verifier = Objects.requireNonNull(verifier, "verifier");
  }

  /**
   * What the filter authenticated.
   *
   * @param request a request that came through this filter
   * @return the webhook
   * @throws IllegalStateException if the request did not come through this filter
   */
  public static VerifiedWebhook webhook(ServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof VerifiedWebhook webhook) {
      return webhook;
    }
    throw new IllegalStateException(
        "The request did not come through a WebhookFilter; map one to its path");
  }

  /**
   * Verifies a request and hands it on, or answers it.
   *
   * @param request an HTTP request, its body unread
   * @param response gets the status and the reason, if the request is refused
   * @param chain what is behind the filter
   * @throws IOException if the request cannot be read or the response not be written, or from
   *     behind the filter
   * @throws ServletException if the request is not an HTTP request, or from behind the filter
   */
  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http)
        || !(response instanceof HttpServletResponse httpResponse)) {
      throw new ServletException("A WebhookFilter verifies HTTP requests only");
    }
    VerifiedWebhook webhook;
    try {
      webhook = verifier.verify(ServletExchange.head(http), http.getInputStream());
    } catch (WebhookRefusedException e) {
      LOG.info("Refused a webhook with {}: {}", e.reason().code(), LogText.line(String.valueOf(e.getMessage())));
      ServletExchange.answer(httpResponse, ReceiverResponse.refused(e.reason(), verifier));
      return;
    }
    http.setAttribute(ATTRIBUTE, webhook);
    chain.doFilter(new AuthenticatedRequest(http, webhook.body().toBytes()), response);
  }
}
