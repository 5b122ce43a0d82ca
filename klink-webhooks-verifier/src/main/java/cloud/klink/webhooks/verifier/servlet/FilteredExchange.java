package cloud.klink.webhooks.verifier.servlet;

import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.deduplication.ProcessingClaim;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs the rest of the chain for one webhook. At the end it marks the claim of the event, if there
 * is one, as done for a status of 2xx, and releases it otherwise.
 */
final class FilteredExchange implements AsyncListener {
  private final VerifiedWebhook webhook;
  private final @Nullable ProcessingClaim claim;
  private final HttpServletResponse response;
  private final FilterOutcomes outcomes;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final long startNanos = System.nanoTime();

  FilteredExchange(
      VerifiedWebhook webhook,
      @Nullable ProcessingClaim claim,
      HttpServletResponse response,
      FilterOutcomes outcomes) {
    this.webhook = webhook;
    this.claim = claim;
    this.response = response;
    this.outcomes = outcomes;
  }

  void run(HttpServletRequest request, FilterChain chain) throws IOException, ServletException {
    try {
      chain.doFilter(request, response);
    } catch (Throwable e) {
      end(e);
      throw e;
    }
    if (request.isAsyncStarted()) {
      request.getAsyncContext().addListener(this);
    } else {
      end(null);
    }
  }

  private void end(@Nullable Throwable failure) {
    if (ended.getAndSet(true)) {
      return;
    }
    int status = response.getStatus();
    if (claim != null) {
      if (failure == null && status / 100 == 2) {
        claim.done();
      } else {
        claim.release();
      }
    }
    outcomes.handled(webhook, Duration.ofNanos(System.nanoTime() - startNanos), failure, status);
  }

  @Override
  public void onComplete(AsyncEvent event) {
    end(null);
  }

  /** The application may still respond; if it does not, the container does, with 500. */
  @Override
  public void onTimeout(AsyncEvent event) {}

  /** A failure whatever the status, since the response may not have been sent. */
  @Override
  public void onError(AsyncEvent event) {
    Throwable failure = event.getThrowable();
    end(
        failure == null
            ? new IOException("The container reported an error without a cause")
            : failure);
  }

  /** Starting asynchronous processing again removes the listeners. */
  @Override
  public void onStartAsync(AsyncEvent event) {
    event.getAsyncContext().addListener(this);
  }
}
