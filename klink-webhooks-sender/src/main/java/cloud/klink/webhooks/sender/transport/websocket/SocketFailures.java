package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.transport.net.CallObserver;
import cloud.klink.webhooks.sender.transport.net.CallPhase;
import cloud.klink.webhooks.sender.transport.net.Failure;
import cloud.klink.webhooks.sender.transport.net.Failures;
import cloud.klink.webhooks.sender.transport.net.HttpProxy;
import cloud.klink.webhooks.sender.transport.net.ResponsePrefix;
import cloud.klink.webhooks.sender.transport.net.RetryAfter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/** The results of attempts whose WebSocket was not opened, or broke. */
final class SocketFailures {
  private static final byte[] NO_BODY = {};
  private static final int FIRST_STATUS = 100;
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int FIRST_FINAL_STATUS = 200;
  private static final Set<Integer> TEMPORARY_STATUSES = Set.of(502, 503, 504);
  private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

  /** The time limit for reading the beginning of a refusal's body. */
  private static final long BODY_TIMEOUT_NANOS = Duration.ofSeconds(1).toNanos();

  private SocketFailures() {}

  static AttemptResult timedOut(
      Duration timeout, CallObserver observer, @Nullable HttpProxy proxy) {
    if (observer.phase().compareTo(CallPhase.SENDING) >= 0) {
      return AttemptResult.failed(
          AttemptOutcome.TIMED_OUT,
          "timed out after " + Failure.text(timeout)
              + " while waiting for the answer to the WebSocket's handshake");
    }
    Failure failure = Failure.timedOut(timeout, observer, proxy);
    return AttemptResult.failed(failure.outcome(), failure.text());
  }

  /**
   * Whether the failure may be temporary: nothing listens, or a gateway reports that the endpoint
   * is not available, without {@code Retry-After}.
   */
  static boolean isTemporary(AttemptResult result) {
    return switch (result.outcome()) {
      case CONNECTION_REFUSED, UNREACHABLE, BROKEN -> true;
      case REJECTED ->
        result.retryAfter().isEmpty()
            && TEMPORARY_STATUSES.contains(result.status().orElse(0));
      default -> false;
    };
  }

  /** An open WebSocket broke. */
  static AttemptResult broken(Throwable failure) {
    return AttemptResult.failed(AttemptOutcome.BROKEN, brokenBy(failure), failure);
  }

  private static String brokenBy(Throwable failure) {
    if (failure instanceof InterruptedIOException) {
      String message = String.valueOf(failure.getMessage());
      return message.contains("ping")
          ? "the endpoint did not answer a ping in time"
          : "the endpoint did not read what was sent to it";
    }
    return failure instanceof EOFException
        ? "the endpoint ended the connection without closing the WebSocket"
        : Failures.describe(failure, "the endpoint", "the endpoint");
  }

  /** The handshake failed. */
  static AttemptResult handshake(
      Throwable failure,
      @Nullable Response response,
      CallObserver observer,
      String host,
      OkHttpSocket.Settings settings) {
    HttpProxy proxy = settings.proxy();
    if (response != null) {
      boolean isFromProxy = proxy != null
          && response.code() == PROXY_AUTHENTICATION_REQUIRED
          && response.handshake() == null;
      return isFromProxy
          ? AttemptResult.failed(
              AttemptOutcome.UNREACHABLE,
              "the proxy " + proxy + ": it asks for other credentials (" + response.code() + ")")
          : answered(failure, response, settings.clock());
    }
    if (observer.status() >= FIRST_FINAL_STATUS) {
      // OkHttp failed to read the answer, for example a too large number in Retry-After.
      return refused(observer.status(), NO_BODY, observer.headers(), settings.clock());
    }
    if (failure instanceof IOException exception) {
      Failure explained = Failure.of(exception, observer, host, proxy);
      return AttemptResult.failed(explained.outcome(), explained.text(), failure);
    }
    return AttemptResult.failed(
        AttemptOutcome.INTERNAL, "failed by " + failure.getClass().getSimpleName(), failure);
  }

  private static AttemptResult answered(Throwable failure, Response response, Clock clock) {
    int status = response.code();
    if (status == SWITCHING_PROTOCOLS || status < FIRST_STATUS) {
      return AttemptResult.failed(
          AttemptOutcome.BROKEN,
          "the answer to the WebSocket's handshake is not valid: " + failure.getMessage(),
          failure);
    }
    return refused(response, prefix(response.body()), clock);
  }

  private static byte[] prefix(ResponseBody body) {
    ResponsePrefix prefix = new ResponsePrefix(body);
    try {
      body.source().timeout().deadlineNanoTime(System.nanoTime() + BODY_TIMEOUT_NANOS);
      prefix.readToEnd(0);
    } catch (IOException e) {
      // The bytes that arrived are kept.
    }
    return prefix.bytes();
  }

  /** The endpoint answered the handshake with a status other than 101. */
  static AttemptResult refused(Response response, byte[] prefix, Clock clock) {
    return refused(response.code(), prefix, response.headers(), clock);
  }

  private static AttemptResult refused(int status, byte[] prefix, Headers headers, Clock clock) {
    AttemptResult refused = new AttemptResult(
        AttemptOutcome.REJECTED,
        OptionalInt.of(status),
        RetryAfter.in(headers, clock.instant()),
        "the endpoint refused to open a WebSocket",
        "",
        new String(prefix, StandardCharsets.UTF_8),
        "",
        "",
        false);
    return refused.withResponseHeaders(headers.toMultimap());
  }
}
