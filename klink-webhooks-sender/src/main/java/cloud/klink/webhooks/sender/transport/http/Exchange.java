package cloud.klink.webhooks.sender.transport.http;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.transport.net.CallObserver;
import cloud.klink.webhooks.sender.transport.net.CallPhase;
import cloud.klink.webhooks.sender.transport.net.CutOffException;
import cloud.klink.webhooks.sender.transport.net.Failure;
import cloud.klink.webhooks.sender.transport.net.Failures;
import cloud.klink.webhooks.sender.transport.net.HttpProxy;
import cloud.klink.webhooks.sender.transport.net.ResponsePrefix;
import cloud.klink.webhooks.sender.transport.net.RetryAfter;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import okhttp3.Call;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. The request may be sent again, once, over a new connection, if it was
 * sent on a reused connection that ended before a part of the answer arrived. Such an end says
 * nothing about the endpoint, which may close an idle connection at any time (RFC 9112, sections
 * 9.3.1 and 9.5; RFC 9113, section 6.8).
 */
final class Exchange {
  /** The most bytes after the kept part that are read so that the connection can be reused. */
  private static final int MAX_DRAINED_BYTES = 16 * 1_024;

  private static final String CLOSED = "the sender was closed during the attempt";
  private static final byte[] NO_BODY = {};
  private static final int FIRST_STATUS = 100;
  private static final int FIRST_FINAL_STATUS = 200;
  private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

  private final Call call;
  private final CallObserver observer;
  private final long start;
  private final Duration timeout;
  private final BooleanSupplier closed;
  private final @Nullable HttpProxy proxy;
  private final Clock clock;
  private boolean mayBeSentAgain;

  /**
   * A request that has not been sent yet.
   *
   * @param call the call, which has the timeout
   * @param observer observes the call
   * @param start when the attempt began, by {@link System#nanoTime}
   * @param timeout how long the attempt may take
   * @param closed whether the transport was closed
   * @param proxy the proxy, or null
   * @param clock the clock for times in {@code Retry-After}
   */
  Exchange(
      Call call,
      CallObserver observer,
      long start,
      Duration timeout,
      BooleanSupplier closed,
      @Nullable HttpProxy proxy,
      Clock clock) {
    this.call = call;
    this.observer = observer;
    this.start = start;
    this.timeout = timeout;
    this.closed = closed;
    this.proxy = proxy;
    this.clock = clock;
  }

  Call call() {
    return call;
  }

  /** Whether the request is to be sent again, once {@link #run} has returned. */
  boolean mayBeSentAgain() {
    return mayBeSentAgain;
  }

  AttemptResult run() {
    AttemptResult result = observer.located(execute());
    return result.status().isPresent()
        ? result.withResponseHeaders(observer.headers().toMultimap())
        : result;
  }

  private AttemptResult execute() {
    if (closed.getAsBoolean()) {
      return AttemptResult.failed(AttemptOutcome.INTERNAL, CLOSED);
    }
    try (Response response = call.execute()) {
      if (isUnanswered()) {
        call.cancel();
        return AttemptResult.failed(
            AttemptOutcome.BROKEN, "the endpoint sent an answer before it was asked");
      }
      return isFromProxy(response) ? refusedByProxy(response) : read(response);
    } catch (IOException thrown) {
      // OkHttp may reject an answer after its status, for example for a body after 204.
      IOException e = cutOffOr(thrown);
      Failure failure = failure(e);
      mayBeSentAgain = isUnanswered() && !isAborted() && isEndOfConnection(e);
      int status = observer.status();
      return status >= FIRST_FINAL_STATUS
          ? AttemptResult.answered(status, NO_BODY, failure.text(), e)
          : AttemptResult.failed(failure.outcome(), failure.text(), e);
    } catch (IllegalStateException | IllegalArgumentException e) {
      // OkHttp reports some answers that are not HTTP as mistakes of its caller.
      if (observer.phase() != CallPhase.WAITING) {
        throw e;
      }
      isUnanswered();
      observer.abandonConnection();
      return AttemptResult.failed(
          AttemptOutcome.BROKEN, "the answer is not valid HTTP: " + e.getMessage(), e);
    }
  }

  /**
   * The exception with which the connection was cut off, which OkHttp does not report to every call
   * on a shared connection.
   */
  private IOException cutOffOr(IOException thrown) {
    CutOffException cutOff = observer.cutOff();
    return cutOff == null ? thrown : cutOff;
  }

  /** Whether it was sent on a reused connection, and no part of an answer arrived. */
  private boolean isUnanswered() {
    boolean unanswered = observer.isReused() && !observer.isAnswered();
    mayBeSentAgain = unanswered && !isAborted();
    return unanswered;
  }

  private boolean isAborted() {
    return closed.getAsBoolean() || isTimedOut() || Thread.currentThread().isInterrupted();
  }

  private boolean isTimedOut() {
    return System.nanoTime() - start >= timeout.toNanos();
  }

  /** Whether the whole connection ended, or never accepted the request. */
  private boolean isEndOfConnection(IOException exception) {
    CutOffException cutOff = Failures.cutOff(exception);
    if (cutOff != null) {
      return cutOff.outcome() == AttemptOutcome.TIMED_OUT;
    }
    return !observer.isHttp2()
        || observer.hasConnectionEnded()
        || Failures.isRefusedStream(exception)
        || (observer.hasGoneAway() && !Failures.isStreamReset(exception));
  }

  /** Whether the proxy itself answered; through a tunnel, only the endpoint can. */
  private boolean isFromProxy(Response response) {
    return proxy != null
        && response.code() == PROXY_AUTHENTICATION_REQUIRED
        && response.handshake() == null;
  }

  private AttemptResult refusedByProxy(Response response) {
    return AttemptResult.failed(
        AttemptOutcome.UNREACHABLE,
        "the proxy " + proxy + ": it asks for other credentials (" + response.code() + ")");
  }

  private AttemptResult read(Response response) {
    int status = response.code();
    if (status < FIRST_STATUS) {
      call.cancel();
      return AttemptResult.failed(
          AttemptOutcome.BROKEN, "the answer is not valid HTTP: its status is " + status);
    }
    AttemptResult result = prefix(response);
    return result.succeeded()
        ? result
        : RetryAfter.in(observer.headers(), clock.instant())
            .map(result::withRetryAfter)
            .orElse(result);
  }

  private AttemptResult prefix(Response response) {
    ResponsePrefix prefix = new ResponsePrefix(response.body());
    try {
      if (!prefix.readToEnd(MAX_DRAINED_BYTES)) {
        call.cancel(); // closing alone would read on for a while
      }
      return AttemptResult.answered(response.code(), prefix.bytes());
    } catch (IOException e) {
      return prefix.isComplete()
          ? AttemptResult.answered(response.code(), prefix.bytes())
          : AttemptResult.answered(
              response.code(), prefix.bytes(), failure(cutOffOr(e)).text(), e);
    }
  }

  /**
   * Explains an exception. It does not show why the call was cancelled, so that is checked first.
   */
  private Failure failure(IOException exception) {
    if (closed.getAsBoolean()) {
      return new Failure(AttemptOutcome.INTERNAL, CLOSED);
    }
    if (isTimedOut()) {
      observer.checkConnection();
      return Failure.timedOut(timeout, observer, proxy);
    }
    if (Thread.currentThread().isInterrupted()) {
      return new Failure(AttemptOutcome.INTERNAL, "interrupted while " + observer.phase());
    }
    return Failure.of(exception, observer, call.request().url().host(), proxy);
  }
}
