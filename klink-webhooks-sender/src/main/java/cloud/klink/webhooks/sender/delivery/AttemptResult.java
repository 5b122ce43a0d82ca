package cloud.klink.webhooks.sender.delivery;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What came of an attempt. The texts come from the endpoint or are about it: hostile, so think
 * before you show them. They are cut to their limits and free of control characters, also of those
 * of C1 and of bidirectional text: U+FFFD stands for each. The trace and the answer keep tabs and
 * line feeds. The sender has put {@code ***} in the place of the webhook's secrets.
 *
 * @param outcome what came of it, in one word
 * @param status the HTTP status, or empty if there was none
 * @param retryAfter how long the endpoint asked to be left alone ({@code Retry-After}); empty if it
 *     did not
 * @param error what went wrong, for people; empty if nothing did or the status says it all
 * @param trace the stack trace of the exception, if there was one; otherwise empty
 * @param response the beginning of the answer
 * @param sentAgain whether the attempt sent it a second time, over a fresh connection, because the
 *     connection that it was sent over first had ended without an answer; the outcome is that of
 *     the second time
 */
public record AttemptResult(
    AttemptOutcome outcome,
    OptionalInt status,
    Optional<Duration> retryAfter,
    String error,
    String trace,
    String response,
    boolean sentAgain) {
  /** The longest error, in characters; what is beyond is cut off. */
  public static final int MAX_ERROR_LENGTH = 500;

  /** The longest {@link #preview}, in characters. */
  public static final int MAX_PREVIEW_LENGTH = 200;

  /** The longest trace, in characters; what is beyond is cut off. */
  public static final int MAX_TRACE_LENGTH = 8_000;

  /** How much of an answer is kept, in bytes of UTF-8. */
  public static final int MAX_RESPONSE_BYTES = 4_096;

  /** The longest {@link #retryAfter}; what is beyond is cut off. */
  public static final Duration MAX_RETRY_AFTER = Duration.ofDays(30);

  /**
   * Cuts the texts and the time to their limits.
   *
   * @param outcome what came of it
   * @param status the HTTP status, or empty
   * @param retryAfter how long the endpoint asked to be left alone; not negative
   * @param error what went wrong
   * @param trace the stack trace
   * @param response the beginning of the answer
   * @param sentAgain whether it was sent a second time
   * @throws IllegalArgumentException if {@code retryAfter} is negative
   */
  public AttemptResult {
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(status, "status");
    retryAfter = retryAfter.map(AttemptResult::bounded);
    error = Texts.line(error, MAX_ERROR_LENGTH);
    trace = Texts.lines(trace, MAX_TRACE_LENGTH);
    response = Texts.lines(response, MAX_RESPONSE_BYTES);
  }

  private static Duration bounded(Duration retryAfter) {
    if (retryAfter.isNegative()) {
      throw new IllegalArgumentException("retryAfter: it must not be negative: " + retryAfter);
    }
    return retryAfter.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : retryAfter;
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
   * What went wrong, in short.
   *
   * @return the beginning of the error, or of the answer if there is no error: at most
   *     {@value #MAX_PREVIEW_LENGTH} characters; empty after a success
   */
  public String preview() {
    String text = succeeded() ? "" : error.isEmpty() ? response : error;
    return Texts.lines(text, MAX_PREVIEW_LENGTH);
  }

  /**
   * The endpoint answered.
   *
   * @param status the HTTP status; 200 to 299 is a success
   * @param beginning the first bytes of the body; what is no UTF-8 is replaced
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
        false);
  }

  /**
   * The endpoint answered, but its answer could not be read to its end. The status counts all the
   * same.
   *
   * @param status the HTTP status; 200 to 299 is a success
   * @param beginning the first bytes of the body, as far as they came
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
   * @param outcome what came of it
   * @param error what went wrong, for people
   * @return the result
   */
  public static AttemptResult failed(AttemptOutcome outcome, String error) {
    return without(outcome, error, "");
  }

  /**
   * The attempt failed without a status, by an exception.
   *
   * @param outcome what came of it
   * @param error what went wrong, for people
   * @param cause the exception; its stack trace is kept
   * @return the result
   */
  public static AttemptResult failed(AttemptOutcome outcome, String error, Throwable cause) {
    return without(outcome, error, trace(cause));
  }

  private static AttemptResult without(AttemptOutcome outcome, String error, String trace) {
    return new AttemptResult(
        outcome, OptionalInt.empty(), Optional.empty(), error, trace, "", false);
  }

  /**
   * The same, and the endpoint asked to be left alone.
   *
   * @param time for how long; not negative
   * @return the result
   * @throws IllegalArgumentException if the time is negative
   */
  public AttemptResult withRetryAfter(Duration time) {
    return new AttemptResult(outcome, status, Optional.of(time), error, trace, response, sentAgain);
  }

  /**
   * The same, and it was sent a second time, over a fresh connection.
   *
   * @return the result
   */
  public AttemptResult afterSendingAgain() {
    return new AttemptResult(outcome, status, retryAfter, error, trace, response, true);
  }

  /** Tells outcome and status only: the texts may be long, hostile, or hold a secret. */
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
