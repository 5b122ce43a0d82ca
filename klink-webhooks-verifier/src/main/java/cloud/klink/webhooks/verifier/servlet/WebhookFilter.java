package cloud.klink.webhooks.verifier.servlet;

import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.claim.Deduplication;
import cloud.klink.webhooks.verifier.claim.LeaseSettings;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import cloud.klink.webhooks.verifier.deduplication.ProcessingClaim;
import cloud.klink.webhooks.verifier.internal.ReadBody;
import cloud.klink.webhooks.verifier.internal.ThreadSignals;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import cloud.klink.webhooks.verifier.receive.WebhookReceiverBuilder;
import cloud.klink.webhooks.verifier.receive.WebhookReceiverListener;
import jakarta.servlet.DispatcherType;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Lets only authentic requests through to a servlet or a controller (Servlet 5.0 or later).
 *
 * <p>It guards one path. A request for any other is answered with 404: the signature does not cover
 * the path on which a request arrived, so an authentic request must not reach other parts of the
 * application. Map the filter to that path alone.
 *
 * <p>The servlet gets the {@link VerifiedWebhook} from {@link #webhook}, and reads the canonical
 * body that was authenticated, not the bytes that arrived. The request has the content type
 * {@code application/json} in UTF-8, no content encoding, and the query and the parameters of the
 * public URL. Nothing else in it is authenticated; in particular, its other headers are not. A
 * refused request is answered by the filter.
 *
 * <p>With {@linkplain Builder#deduplicate de-duplication}, a repetition is answered by the filter
 * too. An event counts as processed if the servlet answers with 2xx, at the end of asynchronous
 * processing if it starts any; otherwise the sender's repetition is let through.
 *
 * <p>Register the filter before any that reads the body. The default mapping, to dispatches of the
 * type REQUEST, is enough. If it is mapped to other types too, it lets a request that it
 * authenticated before through again, for example to an error page. Safe for use by many threads.
 * For asynchronous servlets, register it as supporting asynchronous processing.
 */
public final class WebhookFilter implements Filter {
  private static final String ATTRIBUTE = VerifiedWebhook.class.getName();

  private static final byte[] NO_BODY = {};

  private final WebhookVerifier verifier;
  private final String path;
  private final @Nullable Deduplication deduplication;
  private final FilterOutcomes outcomes;

  private static final AtomicLong FILTERS = new AtomicLong();

  /**
   * The request attribute for what this filter let through. Filters with other verifiers have other
   * attributes.
   */
  private final String filterAttribute = ATTRIBUTE + "@" + FILTERS.incrementAndGet();

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
    this.deduplication = builder.processed == null
        ? null
        : new Deduplication(verifier, builder.processed, builder.leases);
    this.outcomes = new FilterOutcomes(builder.listeners);
  }

  /**
   * Starts a filter with other settings.
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
   * Verifies a request, and passes it on or answers it.
   *
   * @param request an HTTP request, its body unread
   * @param response receives the status and the reason if the request is refused
   * @param chain the rest of the chain
   * @throws IOException if the request cannot be read or the response cannot be written, or from
   *     the chain
   * @throws ServletException if the request is not an HTTP request, or from the chain
   */
  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http)
        || !(response instanceof HttpServletResponse httpResponse)) {
      throw new ServletException("A WebhookFilter verifies HTTP requests only");
    }
    if (http.getDispatcherType() != DispatcherType.REQUEST
        && http.getAttribute(filterAttribute) instanceof VerifiedWebhook before) {
      chain.doFilter(authenticated(http, httpResponse, before), response);
      return;
    }
    VerifiedWebhook webhook;
    ProcessingClaim claim;
    try {
      webhook = verify(http);
      claim = claim(webhook);
    } catch (WebhookRefusedException e) {
      answer(http, httpResponse, e.reason());
      return;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      outcomes.failed(e);
      ThreadSignals.passOn(e);
      answer(http, httpResponse, RefusalReason.RECEIVER_FAILED);
      return;
    }
    http.setAttribute(ATTRIBUTE, webhook);
    http.setAttribute(filterAttribute, webhook);
    new FilteredExchange(webhook, claim, httpResponse, outcomes)
        .run(authenticated(http, httpResponse, webhook), chain);
  }

  private HttpServletRequest authenticated(
      HttpServletRequest request, HttpServletResponse response, VerifiedWebhook webhook) {
    return new AuthenticatedRequest(request, response, webhook.body().toBytes(), verifier.target());
  }

  private VerifiedWebhook verify(HttpServletRequest request) throws IOException {
    long begin = System.nanoTime();
    IncomingRequest head = ServletExchange.head(request);
    if (!request.getRequestURI().equals(path)) {
      WebhookRefusedException refusal = new WebhookRefusedException(RefusalReason.WRONG_PATH);
      outcomes.notVerified(refusal, head, NO_BODY, since(begin));
      throw refusal;
    }
    ReadBody body = new ReadBody(request.getInputStream());
    VerifiedWebhook webhook;
    try {
      webhook = verifier.verify(head, body);
    } catch (WebhookRefusedException e) {
      outcomes.notVerified(e, head, body.bytes(), since(begin + body.nanos()));
      throw e;
    }
    outcomes.verified(webhook, since(begin + body.nanos()));
    return webhook;
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(Math.max(0, System.nanoTime() - begin));
  }

  private @Nullable ProcessingClaim claim(VerifiedWebhook webhook) {
    try {
      return deduplication == null ? null : deduplication.claim(webhook);
    } catch (WebhookRefusedException e) {
      outcomes.notClaimed(e, webhook);
      throw e;
    }
  }

  private void answer(
      HttpServletRequest request, HttpServletResponse response, RefusalReason reason)
      throws IOException {
    ServletExchange.answer(request, response, ReceiverResponse.refused(reason, verifier));
  }

  /** Collects the settings. Not for use by several threads. */
  public static final class Builder {
    private final WebhookVerifier verifier;
    private String path;
    private @Nullable ProcessedEvents processed;
    private final LeaseSettings leases = new LeaseSettings();
    private final List<WebhookReceiverListener> listeners = new ArrayList<>();

    private Builder(WebhookVerifier verifier) {
      this.verifier = Objects.requireNonNull(verifier, "verifier");
      this.path = URI.create(verifier.target().url()).getRawPath();
    }

    /**
     * The path that is guarded; the public URL's unless this is called. It differs where a proxy
     * changes paths.
     *
     * @param path the path of the request line, with the context path; it is compared character by
     *     character, so no other spelling of it matches
     * @return this builder
     */
    public Builder path(String path) {
      this.path = Objects.requireNonNull(path, "path");
      return this;
    }

    /**
     * Lets an event through once, however often it is delivered. A repetition of a processed event
     * is answered with 200 {@link RefusalReason#DUPLICATE}, one of an event in progress with 503
     * {@link RefusalReason#IN_PROGRESS}, and any event with 503
     * {@link RefusalReason#DEDUPLICATION_UNAVAILABLE} when the memory fails.
     *
     * <p>An event is known by its id, within the endpoint and the group of the secret that signed
     * it. One without an id, and a body that is no event, is known by the SHA-256 of its canonical
     * body. Endpoints of different URLs may share a memory.
     *
     * @param processed what remembers the events
     * @return this builder
     */
    public Builder deduplicate(ProcessedEvents processed) {
      this.processed = Objects.requireNonNull(processed, "processed");
      return this;
    }

    /**
     * How long an event counts as being processed if neither success nor failure is recorded,
     * because the process crashed; 25 seconds unless this is called, for the reasons that
     * {@link WebhookReceiverBuilder#lease} gives. It is renewed until the exchange is over.
     *
     * @param lease more than zero, at most one day
     * @return this builder
     */
    public Builder lease(Duration lease) {
      leases.lease(lease);
      return this;
    }

    /**
     * The clock for leases; the system's unless this is called.
     *
     * @param clock the clock
     * @return this builder
     */
    public Builder clock(Clock clock) {
      leases.clock(clock);
      return this;
    }

    /**
     * The timer that renews each lease three times within its length, and retries marks that
     * failed; a thread of the filter's own, which ends when it is idle, unless this is called. Its
     * tasks call the memory of processed events, which may block.
     *
     * @param timer the timer; never shut down here
     * @return this builder
     */
    public Builder timer(ScheduledExecutorService timer) {
      leases.timer(timer);
      return this;
    }

    /**
     * Adds a listener.
     *
     * @param listener is told the outcome of each request
     * @return this builder
     */
    public Builder listener(WebhookReceiverListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * Makes the filter.
     *
     * @return the filter
     * @throws IllegalArgumentException if the path does not begin with a slash or has a query, the
     *     lease is out of its range, or a setting is without effect; the message names the setting
     */
    public WebhookFilter build() {
      if (!path.startsWith("/") || path.indexOf('?') >= 0) {
        throw new IllegalArgumentException(
            "path: it must begin with / and have no query, as /webhooks/klink does");
      }
      leases
          .mistake()
          .or(() -> processed == null ? leases.withoutEffect() : Optional.empty())
          .ifPresent(mistake -> {
            throw new IllegalArgumentException(mistake);
          });
      return new WebhookFilter(this);
    }
  }
}
