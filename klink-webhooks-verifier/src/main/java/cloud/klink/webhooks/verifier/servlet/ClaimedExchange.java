package cloud.klink.webhooks.verifier.servlet;

import cloud.klink.webhooks.verifier.receive.ProcessingClaim;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** An exchange that ends the claim of its event: done if the answer is 2xx, otherwise released. */
final class ClaimedExchange implements AsyncListener {
  private final ProcessingClaim claim;
  private final HttpServletResponse response;

  ClaimedExchange(ProcessingClaim claim, HttpServletResponse response) {
    this.claim = claim;
    this.response = response;
  }

  void run(HttpServletRequest request, FilterChain chain) throws IOException, ServletException {
    try {
      chain.doFilter(request, response);
    } catch (Throwable e) {
      claim.release();
      throw e;
    }
    if (request.isAsyncStarted()) {
      request.getAsyncContext().addListener(this);
    } else {
      end();
    }
  }

  private void end() {
    if (response.getStatus() / 100 == 2) {
      claim.done();
    } else {
      claim.release();
    }
  }

  @Override
  public void onComplete(AsyncEvent event) {
    end();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    claim.release();
  }

  @Override
  public void onError(AsyncEvent event) {
    claim.release();
  }

  /** Whoever starts asynchronous processing again takes the listeners away. */
  @Override
  public void onStartAsync(AsyncEvent event) {
    event.getAsyncContext().addListener(this);
  }
}
