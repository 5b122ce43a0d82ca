package cloud.klink.webhooks.event;

import cloud.klink.webhooks.MalformedException;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When an event happened: an instant, and how that was written. */
final class EventTimestamp {
  private static final DateTimeFormatter WIRE = DateTimeFormatter.ofPattern(
          "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
      .withZone(ZoneOffset.UTC);

  /** ISO 8601 with an offset: T or a space, seconds or not, Z or +00 or +0000 or +00:00. */
  private static final DateTimeFormatter LENIENT = new DateTimeFormatterBuilder()
      .parseCaseInsensitive()
      .append(DateTimeFormatter.ISO_LOCAL_DATE)
      .appendPattern("[' ']['T']")
      .append(DateTimeFormatter.ISO_LOCAL_TIME)
      .appendPattern("[XXXXX][XXXX][X]")
      .toFormatter(Locale.ROOT)
      .withResolverStyle(ResolverStyle.STRICT)
      .withChronology(IsoChronology.INSTANCE);

  private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");
  private static final Instant YEAR_0 = Instant.parse("0000-01-01T00:00:00Z");

  /** The longest number that is read as a time; a longer one is not. */
  private static final int MAX_DIGITS = 40;

  private static final int NANOS = 9;
  private static final BigInteger NANOS_IN_A_SECOND = BigInteger.TEN.pow(NANOS);

  private final @Nullable String text;
  private final @Nullable Instant instant;

  private EventTimestamp(@Nullable String text, @Nullable Instant instant) {
    this.text = text;
    this.instant = instant;
  }

  /** A timestamp to publish. */
  static EventTimestamp of(Instant instant) {
    checkYear(instant);
    return new EventTimestamp(WIRE.format(instant), instant);
  }

  /** A timestamp that was received, or none. */
  static EventTimestamp read(@Nullable JsonNode value) {
    if (value == null) {
      return new EventTimestamp(null, null);
    }
    String text = value.isTextual()
        ? value.textValue()
        : value.isNumber() ? value.decimalValue().toPlainString() : value.toString();
    return new EventTimestamp(text, value.isContainerNode() ? null : instant(text));
  }

  private static @Nullable Instant instant(String text) {
    try {
      Instant instant = text.matches("-?[0-9]+([.][0-9]+)?") && text.length() <= MAX_DIGITS
          ? sinceEpoch(new BigDecimal(text))
          : LENIENT.parse(text, Instant::from);
      checkYear(instant);
      return instant;
    } catch (DateTimeException | ArithmeticException | MalformedException e) {
      return null;
    }
  }

  /** Seconds until the year 5138, then milliseconds, microseconds and nanoseconds likewise. */
  private static Instant sinceEpoch(BigDecimal number) {
    int shift = NANOS;
    for (BigDecimal limit = BigDecimal.TEN.pow(11);
        shift > 0 && number.abs().compareTo(limit) >= 0;
        limit = limit.movePointRight(3)) {
      shift -= 3;
    }
    BigInteger[] parts =
        number.movePointRight(shift).toBigInteger().divideAndRemainder(NANOS_IN_A_SECOND);
    return Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValueExact());
  }

  private static void checkYear(Instant timestamp) {
    if (timestamp.isBefore(YEAR_0) || !timestamp.isBefore(YEAR_10000)) {
      throw Malformed.event("timestamp", "its year must be from 0 to 9999");
    }
  }

  Optional<String> text() {
    return Optional.ofNullable(text);
  }

  Instant instant() {
    if (instant == null) {
      throw Malformed.event(
          "timestamp",
          text == null
              ? "it is missing"
              : "it must be ISO 8601 with an offset, as 2026-01-09T03:42:38.000000Z is");
    }
    return instant;
  }

  /** How it is written in an event that is published. */
  String wire() {
    return WIRE.format(instant());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EventTimestamp timestamp
        && Objects.equals(instant, timestamp.instant)
        && (instant != null || Objects.equals(text, timestamp.text));
  }

  @Override
  public int hashCode() {
    return Objects.hash(instant, instant == null ? text : null);
  }

  @Override
  public String toString() {
    return instant == null ? "no readable timestamp" : instant.toString();
  }
}
