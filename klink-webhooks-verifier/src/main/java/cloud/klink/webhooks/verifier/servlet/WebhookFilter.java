package cloud.klink.webhooks.verifier.servlet;

import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.internal.LogLimit;
import cloud.klink.webhooks.verifier.internal.LogText;
import cloud.klink.webhooks.verifier.internal.ThreadSignals;
import cloud.klink.webhooks.verifier.receive.Deduplication;
import cloud.klink.webhooks.verifier.receive.ProcessingClaim;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets only authentic requests through to a servlet or controller of the user's (Servlet 5.0 or
 * later).
 *
 * <p>It guards one path. A request for any other is answered with 404: a signature says nothing
 * about the path that a request came to, so an authentic request must not reach what else the
 * application has. Map the filter to that path alone.
 *
 * <p>What is behind the filter finds the {@link VerifiedWebhook} by {@link #webhook}, and can read
 * the body as if nobody had: it is the canonical body that was authenticated, not the bytes that
 * came in. The request tells that it is {@code application/json} in UTF-8, without an encoding, and
 * has the query and the parameters of the public URL. Nothing else of it is authenticated, its
 * other headers least of all. A refused request is answered by the filter.
 *
 * <p>With a {@link Deduplication}, a repetition is answered by the filter too. An event counts as
 * processed if what is behind the filter answers with 2xx, at the end of its asynchronous
 * processing if it starts any; otherwise the sender's repetition is let through.
 *
 * <p>The filter has to stand before any that reads the body, and to be mapped to dispatches of the
 * type REQUEST only, the default: at a second dispatch the body was read. Safe for use by many
 * threads. For asynchronous servlets, register it as supporting asynchronous processing.
 */
public final class WebhookFilter implements Filter {
  private static final String ATTRIBUTE = VerifiedWebhook.class.getName();

  private static final Logger LOG = LoggerFactory.getLogger(WebhookFilter.class);

  private final WebhookVerifier verifier;
  private final String path;
  private final @Nullable Deduplication deduplication;
  private final LogLimit limit = new LogLimit(Clock.systemUTC());

  /**
   * A filter for the path of the verifier's public URL, without de-duplication.
   *
   * @param verifier what a request must pass
   */
  public WebhookFilter(WebhookVerifier verifier) {
    this(builder(verifier));
  }

  private WebhookFilter(Builder builder) {
    this.verifier = builder.verifier;
    this.path = builder.path;
    this.deduplication = builder.deduplication;
  }

  /**
   * Starts a filter with settings of its own.
   *
   * @param verifier what a request must pass
   * @return a builder that is complete
   */
  public static Builder builder(WebhookVerifier verifier) {
    return new Builder(verifier);
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
    AuthenticatedRequest authenticated;
    ProcessingClaim claim;
    try {
      if (!http.getRequestURI().equals(path)) {
        throw new WebhookRefusedException(RefusalReason.WRONG_PATH);
      }
      VerifiedWebhook webhook = verifier.verify(ServletExchange.head(http), http.getInputStream());
      authenticated =
          new AuthenticatedRequest(http, httpResponse, webhook.body().toBytes(), verifier.target());
      http.setAttribute(ATTRIBUTE, webhook);
      claim = deduplication == null ? null : deduplication.claim(webhook);
    } catch (WebhookRefusedException e) {
      refuse(http, httpResponse, e);
      return;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      LOG.error("The filter of webhooks failed", e);
      ThreadSignals.passOn(e);
      ServletExchange.answer(
          http, httpResponse, ReceiverResponse.refused(RefusalReason.RECEIVER_FAILED, verifier));
      return;
    }
    if (claim == null) {
      chain.doFilter(authenticated, response);
    } else {
      new ClaimedExchange(claim, httpResponse).run(authenticated, chain);
    }
  }

  private void refuse(
      HttpServletRequest request, HttpServletResponse response, WebhookRefusedException e)
      throws IOException {
    if (e.reason() == RefusalReason.DUPLICATE) {
      LOG.debug("A webhook came again; it was processed before");
    } else {
      logRefusal(e);
    }
    ServletExchange.answer(request, response, ReceiverResponse.refused(e.reason(), verifier));
  }

  private void logRefusal(WebhookRefusedException e) {
    OptionalLong left = limit.line(e.reason().code());
    if (left.isPresent()) {
      LOG.info(
          "Refused a webhook with {}: {} ({} more before were refused without a line)",
          e.reason().code(),
          LogText.line(e.getMessage()),
          left.getAsLong());
    }
  }

  /** Collects the settings. Not for use by several threads. */
  public static final class Builder {
    private final WebhookVerifier verifier;
    private String path;
    private @Nullable Deduplication deduplication;

    private Builder(WebhookVerifier verifier) {
      this.verifier = Objects.requireNonNull(verifier, "verifier");
      this.path = URI.create(verifier.target().url()).getRawPath();
    }

    /**
     * The path that is guarded; the public URL's unless this is called. It differs where a proxy
     * changes paths.
     *
     * @param path the path as it stands in the request line, its context path included; it is
     *     compared character by character, so that no other spelling of it passes
     * @return this builder
     */
    public Builder path(String path) {
      this.path = Objects.requireNonNull(path, "path");
      return this;
    }

    /**
     * Lets an event through once.
     *
     * @param deduplication made with the same verifier
     * @return this builder
     */
    public Builder deduplicate(Deduplication deduplication) {
      this.deduplication = Objects.requireNonNull(deduplication, "deduplication");
      return this;
    }

    /**
     * Makes the filter.
     *
     * @return the filter
     * @throws IllegalArgumentException if the path does not begin with a slash, or has a query
     */
    public WebhookFilter build() {
      if (!path.startsWith("/") || path.indexOf('?') >= 0) {
        throw new IllegalArgumentException(
            "path: it must begin with / and have no query, as /webhooks/klink does");
      }
      return new WebhookFilter(this);
    }
  }
}
