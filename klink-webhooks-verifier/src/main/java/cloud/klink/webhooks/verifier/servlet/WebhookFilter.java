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
 * <p>It guards one path. A request for any other path is answered with 404: the signature does not
 * cover the path on which a request arrived, so an authentic request must not reach other parts of
 * the application. Map the filter to that path alone.
 *
 * <p>The servlet gets the {@link VerifiedWebhook} from {@link #webhook}, and reads the canonical
 * body that was authenticated, not the bytes that arrived. The request has the content type
 * {@code application/json} in UTF-8, no content encoding, and the query and the parameters of the
 * public URL. Nothing else in it is authenticated; in particular, its other headers are not. The
 * filter itself answers a refused request, with the status and the code of the
 * {@link RefusalReason}.
 *
 * <p>With {@linkplain Builder#deduplicate de-duplication}, the filter answers a repetition too. An
 * event counts as processed if the servlet answers with 2xx, at the end of asynchronous processing
 * if it starts any. Otherwise the filter lets the next delivery of the event through.
 *
 * <p>Register the filter before any that reads the body. The default mapping, to dispatches of the
 * type REQUEST, is enough. If it is mapped to other types too, it lets a request that it has
 * authenticated through again, for example to an error page. For asynchronous servlets, register it
 * as supporting asynchronous processing. Safe for use by many threads.
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
   * The request attribute that marks what this filter let through. Each filter has its own, since
   * another may have another verifier.
   */
  private final String filterAttribute = ATTRIBUTE + "@" + FILTERS.incrementAndGet();

  /**
   * A filter for the path of the verifier's public URL, without de-duplication.
   *
   * @param verifier verifies each request
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
   * @param verifier verifies each request
   * @return a builder, all of whose settings have defaults
   */
  public static Builder builder(WebhookVerifier verifier) {
    return new Builder(verifier);
  }

  /**
   * Returns the webhook of a request that came through a filter of this class.
   *
   * @param request the request
   * @return the webhook
   * @throws IllegalStateException if the request did not come through such a filter
   */
  public static VerifiedWebhook webhook(ServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof VerifiedWebhook webhook) {
      return webhook;
    }
    throw new IllegalStateException(
        "The request did not come through a WebhookFilter; map one to its path");
  }

  /**
   * Verifies a request, and then passes it on or answers it with a refusal.
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
    long startNanos = System.nanoTime();
    IncomingRequest head = ServletExchange.head(request);
    if (!request.getRequestURI().equals(path)) {
      WebhookRefusedException refusal = new WebhookRefusedException(RefusalReason.WRONG_PATH);
      outcomes.notVerified(refusal, head, NO_BODY, elapsedSince(startNanos));
      throw refusal;
    }
    ReadBody body = new ReadBody(request.getInputStream());
    VerifiedWebhook webhook;
    try {
      webhook = verifier.verify(head, body);
    } catch (WebhookRefusedException e) {
      outcomes.notVerified(e, head, body.bytes(), elapsedSince(startNanos + body.nanos()));
      throw e;
    }
    outcomes.verified(webhook, elapsedSince(startNanos + body.nanos()));
    return webhook;
  }

  private static Duration elapsedSince(long startNanos) {
    return Duration.ofNanos(Math.max(0, System.nanoTime() - startNanos));
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

  /** Builds a filter. Not safe for use by several threads at once. */
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
     * Sets the path that is guarded. The default is the path of the public URL; it differs where a
     * proxy changes paths.
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
     * {@link RefusalReason#DEDUPLICATION_UNAVAILABLE} when the store of processed events fails.
     *
     * <p>An event is identified by its id, within the endpoint and the group of the secret that
     * signed it. An event without an id, and a body that is not an event, is identified by the
     * SHA-256 of its canonical body. Endpoints of different URLs may share a store.
     *
     * @param processed the store of processed events
     * @return this builder
     */
    public Builder deduplicate(ProcessedEvents processed) {
      this.processed = Objects.requireNonNull(processed, "processed");
      return this;
    }

    /**
     * Sets how long an event counts as in progress if neither success nor failure is recorded
     * because the process crashed. The default is 25 seconds, for the reasons that
     * {@link WebhookReceiverBuilder#lease} gives. The lease is renewed until the exchange is over.
     *
     * @param lease more than zero, at most one day
     * @return this builder
     */
    public Builder lease(Duration lease) {
      leases.lease(lease);
      return this;
    }

    /**
     * Sets the clock of the leases. The default is the system's clock, in UTC.
     *
     * @param clock the clock
     * @return this builder
     */
    public Builder clock(Clock clock) {
      leases.clock(clock);
      return this;
    }

    /**
     * Sets the timer that renews each lease three times within its length, and retries marks that
     * failed. The default is a thread of the filter's own, which ends when it is idle. The timer's
     * tasks call the store of processed events, which may block.
     *
     * @param timer the timer; the filter never shuts it down
     * @return this builder
     */
    public Builder timer(ScheduledExecutorService timer) {
      leases.timer(timer);
      return this;
    }

    /**
     * Adds a listener, which is called with the outcome of each request.
     *
     * @param listener the listener
     * @return this builder
     */
    public Builder listener(WebhookReceiverListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * Builds the filter.
     *
     * @return the filter
     * @throws IllegalArgumentException if the path does not begin with a slash or has a query, the
     *     lease is out of its range, or a setting has no effect; the message names the setting
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
