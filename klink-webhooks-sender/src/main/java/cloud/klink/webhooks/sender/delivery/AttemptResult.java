package cloud.klink.webhooks.sender.delivery;

import cloud.klink.webhooks.internal.Durations;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The result of an attempt. Its texts may come from the endpoint, so treat them as hostile: escape
 * them wherever they are shown. They are cut to their limits, and U+FFFD replaces each control
 * character, those of C1 and of bidirectional text included. The trace, the answer and its headers
 * keep tabs and line feeds. The sender replaces the webhook's secrets by {@code ***}.
 *
 * @param outcome the outcome
 * @param status the HTTP status, or empty if there was none
 * @param retryAfter how long the endpoint asked to wait ({@code Retry-After}); empty if it did not
 * @param error what went wrong, for people; empty if nothing did or the status is enough
 * @param trace the stack trace of the exception, if there was one; otherwise empty
 * @param response the beginning of the answer
 * @param responseHeaders the headers of the answer, as lines of {@code name: value}: the first
 *     {@value #MAX_RESPONSE_HEADERS}, cut to {@value #MAX_RESPONSE_HEADERS_LENGTH} characters. Of
 *     headers whose name contains {@code authorization}, {@code authentication-info},
 *     {@code cookie}, {@code token}, {@code secret}, {@code signature}, {@code password},
 *     {@code session} or {@code api-key}, the value is {@code ***}. Empty if there was no answer,
 *     or it has no headers
 * @param connectedTo the address and the port that the attempt was connected to, as
 *     {@code 192.0.2.1:443} or {@code [2001:db8:0:0:0:0:0:1]:443}; the proxy's address behind a
 *     proxy; empty if no connection was made
 * @param sentAgain whether the attempt was sent a second time, over a fresh connection, because the
 *     first connection had ended without an answer; the outcome is that of the second time
 */
public record AttemptResult(
    AttemptOutcome outcome,
    OptionalInt status,
    Optional<Duration> retryAfter,
    String error,
    String trace,
    String response,
    String responseHeaders,
    String connectedTo,
    boolean sentAgain) {
  /** The longest error, in characters; a longer one is truncated. */
  public static final int MAX_ERROR_LENGTH = 500;

  /** The longest {@link #preview}, in characters. */
  public static final int MAX_PREVIEW_LENGTH = 200;

  /** The longest trace, in characters; a longer one is truncated. */
  public static final int MAX_TRACE_LENGTH = 8_000;

  /** How much of an answer is kept, in bytes of UTF-8. */
  public static final int MAX_RESPONSE_BYTES = 4_096;

  /** How many headers of an answer are kept. */
  public static final int MAX_RESPONSE_HEADERS = 64;

  /** How much of an answer's headers is kept together, in characters. */
  public static final int MAX_RESPONSE_HEADERS_LENGTH = 4_096;

  /** Longer than every address with a port. */
  private static final int MAX_ADDRESS_LENGTH = 100;

  /** The longest {@link #retryAfter}; a longer time is reduced to it. */
  public static final Duration MAX_RETRY_AFTER = Duration.ofDays(30);

  /**
   * Cuts the texts and the time to their limits.
   *
   * @param outcome the outcome
   * @param status the HTTP status, or empty
   * @param retryAfter how long the endpoint asked to wait; not negative
   * @param error what went wrong
   * @param trace the stack trace
   * @param response the beginning of the answer
   * @param responseHeaders the headers of the answer, a line for each
   * @param connectedTo the address that it was connected to, or empty
   * @param sentAgain whether it was sent a second time
   * @throws IllegalArgumentException if {@code retryAfter} is negative
   */
  public AttemptResult {
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(status, "status");
    retryAfter = retryAfter.map(AttemptResult::bounded);
    error = TextSanitizer.line(error, MAX_ERROR_LENGTH);
    trace = TextSanitizer.lines(trace, MAX_TRACE_LENGTH);
    response = TextSanitizer.lines(response, MAX_RESPONSE_BYTES);
    responseHeaders = ResponseHeaders.clean(responseHeaders);
    connectedTo = TextSanitizer.line(connectedTo, MAX_ADDRESS_LENGTH);
  }

  private static Duration bounded(Duration retryAfter) {
    if (retryAfter.isNegative()) {
      throw new IllegalArgumentException("retryAfter: it must not be negative: " + retryAfter);
    }
    return Durations.min(retryAfter, MAX_RETRY_AFTER);
  }

  /**
   * Whether the endpoint acknowledged the delivery: by a status of 2xx and nothing else, or by an
   * ack on a WebSocket.
   *
   * @return true for {@link AttemptOutcome#SUCCEEDED}
   */
  public boolean succeeded() {
    return outcome == AttemptOutcome.SUCCEEDED;
  }

  /**
   * A short text on what went wrong.
   *
   * @return the beginning of the error, or of the answer if there is no error: at most
   *     {@value #MAX_PREVIEW_LENGTH} characters; empty after a success
   */
  public String preview() {
    String text = succeeded() ? "" : error.isEmpty() ? response : error;
    return TextSanitizer.lines(text, MAX_PREVIEW_LENGTH);
  }

  /**
   * The endpoint answered.
   *
   * @param status the HTTP status; 200 to 299 is a success
   * @param beginning the first bytes of the body; malformed UTF-8 is replaced
   * @return the result
   */
  public static AttemptResult answered(int status, byte[] beginning) {
    return new AttemptResult(
        status / 100 == 2 ? AttemptOutcome.SUCCEEDED : AttemptOutcome.REJECTED,
        OptionalInt.of(status),
        Optional.empty(),
        "",
        "",
        new String(beginning, StandardCharsets.UTF_8),
        "",
        "",
        false);
  }

  /**
   * The endpoint answered, but its answer could not be read to the end. Its status still counts.
   *
   * @param status the HTTP status; 200 to 299 is a success
   * @param beginning the first bytes of the body that arrived
   * @param error what went wrong then, for people
   * @param cause the exception; its stack trace is kept
   * @return the result
   */
  public static AttemptResult answered(
      int status, byte[] beginning, String error, Throwable cause) {
    AttemptResult answered = answered(status, beginning);
    return new AttemptResult(
        answered.outcome,
        answered.status,
        answered.retryAfter,
        error,
        trace(cause),
        answered.response,
        "",
        "",
        false);
  }

  /**
   * The endpoint acknowledged the delivery without a status, on a WebSocket.
   *
   * @return the result
   */
  public static AttemptResult acknowledged() {
    return without(AttemptOutcome.SUCCEEDED, "", "");
  }

  /**
   * The attempt failed without a status.
   *
   * @param outcome the outcome
   * @param error what went wrong, for people
   * @return the result
   */
  public static AttemptResult failed(AttemptOutcome outcome, String error) {
    return without(outcome, error, "");
  }

  /**
   * The attempt failed without a status, by an exception.
   *
   * @param outcome the outcome
   * @param error what went wrong, for people
   * @param cause the exception; its stack trace is kept
   * @return the result
   */
  public static AttemptResult failed(AttemptOutcome outcome, String error, Throwable cause) {
    return without(outcome, error, trace(cause));
  }

  private static AttemptResult without(AttemptOutcome outcome, String error, String trace) {
    return new AttemptResult(
        outcome, OptionalInt.empty(), Optional.empty(), error, trace, "", "", "", false);
  }

  /**
   * The same, and the endpoint asked to wait.
   *
   * @param time for how long; not negative
   * @return the result
   * @throws IllegalArgumentException if the time is negative
   */
  public AttemptResult withRetryAfter(Duration time) {
    return with(Optional.of(time), responseHeaders, connectedTo, sentAgain);
  }

  /**
   * The same, and it was sent a second time, over a fresh connection.
   *
   * @return the result
   */
  public AttemptResult afterSendingAgain() {
    return with(retryAfter, responseHeaders, connectedTo, true);
  }

  /**
   * The same, with the headers of the answer.
   *
   * @param headers the values by name, as {@code java.net.http.HttpHeaders.map()} gives them
   * @return the result
   */
  public AttemptResult withResponseHeaders(Map<String, List<String>> headers) {
    return with(retryAfter, ResponseHeaders.text(headers), connectedTo, sentAgain);
  }

  /**
   * The same, with the address that it was connected to.
   *
   * @param address the address of the endpoint or the proxy; an unresolved one is shown by its name
   * @return the result
   */
  public AttemptResult withConnectedTo(InetSocketAddress address) {
    InetAddress resolved = address.getAddress();
    String host = resolved == null ? address.getHostString() : resolved.getHostAddress();
    String text = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    return with(retryAfter, responseHeaders, text, sentAgain);
  }

  private AttemptResult with(
      Optional<Duration> newRetryAfter, String headers, String address, boolean again) {
    return new AttemptResult(
        outcome, status, newRetryAfter, error, trace, response, headers, address, again);
  }

  /** Shows the outcome and the status only: the texts may be long or hostile, or hold a secret. */
  @Override
  public String toString() {
    return "AttemptResult[" + outcome.id() + (status.isPresent() ? ", " + status.getAsInt() : "")
        + "]";
  }

  private static String trace(Throwable cause) {
    StringWriter trace = new StringWriter();
    cause.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }
}
