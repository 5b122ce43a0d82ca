package cloud.klink.webhooks.sender.internal.tracing;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A span of a trace, as the header {@code traceparent} of W3C Trace Context writes it.
 *
 * @param value 55 characters: version 00, the trace's id, the span's id and the flags
 */
public record TraceParent(String value) {
  private static final Pattern VALID =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private static final int TRACE_ID_LENGTH = 32;
  private static final int SPAN_ID_LENGTH = 16;
  private static final int TRACE_ID = 3;
  private static final int SPAN_ID = TRACE_ID + TRACE_ID_LENGTH + 1;
  private static final int FLAGS = SPAN_ID + SPAN_ID_LENGTH + 1;

  /**
   * Checks the value.
   *
   * @param value the header's value
   * @throws IllegalArgumentException if it is not of version 00, or an id is all zeros
   */
  public TraceParent {
    if (!VALID.matcher(Objects.requireNonNull(value, "value")).matches()) {
      throw new IllegalArgumentException(
          "value: a traceparent is 00-{32 hex digits}-{16 hex digits}-{2 hex digits}, in lower case"
              + " and with ids that are not all zeros");
    }
  }

  /**
   * Makes a span from a tracer's ids. A trace's id of 64 bits is padded with zeros on the left.
   *
   * @param traceId the trace's id, 16 or 32 hexadecimal digits
   * @param spanId the span's id, 16 hexadecimal digits
   * @param sampled whether the span is recorded
   * @return the span, or empty if the ids are invalid, as those of a no-op tracer are
   */
  public static Optional<TraceParent> of(String traceId, String spanId, boolean sampled) {
    String padded =
        traceId.length() == SPAN_ID_LENGTH ? "0".repeat(SPAN_ID_LENGTH) + traceId : traceId;
    return parse("00-" + padded + "-" + spanId + (sampled ? "-01" : "-00"));
  }

  /**
   * Parses a value that may be damaged.
   *
   * @param value the header's value
   * @return the span, or empty if the value is not of version 00
   */
  public static Optional<TraceParent> parse(String value) {
    return VALID.matcher(value).matches() ? Optional.of(new TraceParent(value)) : Optional.empty();
  }

  /**
   * The trace's id.
   *
   * @return 32 hexadecimal digits in lower case
   */
  public String traceId() {
    return value.substring(TRACE_ID, TRACE_ID + TRACE_ID_LENGTH);
  }

  /**
   * The span's id.
   *
   * @return 16 hexadecimal digits in lower case
   */
  public String spanId() {
    return value.substring(SPAN_ID, SPAN_ID + SPAN_ID_LENGTH);
  }

  /**
   * Whether the span is recorded.
   *
   * @return the flag {@code sampled}
   */
  public boolean isSampled() {
    return (Integer.parseInt(value.substring(FLAGS), 16) & 1) == 1;
  }
}
