package cloud.klink.webhooks.sender.delivery;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What came of an attempt. The texts come from the endpoint or are about it: hostile, so think
 * before you show them. They are cut to their limits and free of NUL.
 *
 * @param succeeded whether the endpoint acknowledged the delivery: by a status of 2xx and nothing
 *     else, or by an ack on a WebSocket
 * @param status the HTTP status, or empty if there was none
 * @param error what went wrong, for people; empty if nothing did or the status says it all
 * @param trace the stack trace of the exception, if there was one; otherwise empty
 * @param response the beginning of the answer
 */
public record AttemptResult(
    boolean succeeded, OptionalInt status, String error, String trace, String response) {
  /** The longest error, in characters; what is beyond is cut off. */
  public static final int MAX_ERROR_LENGTH = 500;

  /** The longest trace, in characters; what is beyond is cut off. */
  public static final int MAX_TRACE_LENGTH = 8_000;

  /** How much of an answer is kept, in bytes of UTF-8. */
  public static final int MAX_RESPONSE_BYTES = 4_096;

  /**
   * Cuts the texts to their limits.
   *
   * @param succeeded whether the endpoint acknowledged the delivery
   * @param status the HTTP status, or empty
   * @param error what went wrong
   * @param trace the stack trace
   * @param response the beginning of the answer
   */
  public AttemptResult {
    Objects.requireNonNull(status, "status");
    error = clean(error, MAX_ERROR_LENGTH);
    trace = clean(trace, MAX_TRACE_LENGTH);
    response = clean(response, MAX_RESPONSE_BYTES);
  }

  /**
   * The endpoint answered.
   *
   * @param status the HTTP status; 200 to 299 is a success
   * @param beginning the first bytes of the body; what is no UTF-8 is replaced
   * @return the result
   */
  public static AttemptResult answered(int status, byte[] beginning) {
    String response = new String(beginning, StandardCharsets.UTF_8);
    return new AttemptResult(status / 100 == 2, OptionalInt.of(status), "", "", response);
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
        answered.succeeded, answered.status, error, trace(cause), answered.response);
  }

  /**
   * The endpoint acknowledged the delivery without a status, on a WebSocket.
   *
   * @return the result
   */
  public static AttemptResult acknowledged() {
    return new AttemptResult(true, OptionalInt.empty(), "", "", "");
  }

  /**
   * The attempt failed without a status.
   *
   * @param error what went wrong, for people
   * @return the result
   */
  public static AttemptResult failed(String error) {
    return new AttemptResult(false, OptionalInt.empty(), error, "", "");
  }

  /**
   * The attempt failed without a status, by an exception.
   *
   * @param error what went wrong, for people
   * @param cause the exception; its stack trace is kept
   * @return the result
   */
  public static AttemptResult failed(String error, Throwable cause) {
    return new AttemptResult(false, OptionalInt.empty(), error, trace(cause), "");
  }

  private static String trace(Throwable cause) {
    StringWriter trace = new StringWriter();
    cause.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }

  /** Half a surrogate pair and NUL are refused by databases, so neither is left. */
  private static String clean(String text, int length) {
    if (text.isEmpty()) {
      return text;
    }
    String cut = text.length() <= length ? text : text.substring(0, length);
    byte[] utf8 = cut.replace('\0', '\uFFFD').getBytes(StandardCharsets.UTF_8);
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
