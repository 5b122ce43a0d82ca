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
 * What is behind the filter, at work on one webhook. At its end the claim of the event, if there is
 * one, is done if the answer is 2xx, and otherwise released.
 */
final class FilteredExchange implements AsyncListener {
  private final VerifiedWebhook webhook;
  private final @Nullable ProcessingClaim claim;
  private final HttpServletResponse response;
  private final FilterOutcomes outcomes;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final long begin = System.nanoTime();

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
    outcomes.handled(webhook, Duration.ofNanos(System.nanoTime() - begin), failure, status);
  }

  @Override
  public void onComplete(AsyncEvent event) {
    end(null);
  }

  /** What is behind may answer all the same; if it does not, the container does, with 500. */
  @Override
  public void onTimeout(AsyncEvent event) {}

  /** Whatever the status: the answer may not have been sent. */
  @Override
  public void onError(AsyncEvent event) {
    Throwable failure = event.getThrowable();
    end(failure == null ? new IOException("The exchange ended with an error") : failure);
  }

  /** Whoever starts asynchronous processing again takes the listeners away. */
  @Override
  public void onStartAsync(AsyncEvent event) {
    event.getAsyncContext().addListener(this);
  }
}
