package cloud.klink.webhooks.sender.transport.net;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.Headers;

/**
 * Parses {@code Retry-After} (RFC 9110, section 10.2.3): seconds, or a time in one of the three
 * forms of an HTTP date. A time is taken relative to the answer's own {@code Date}, so that clocks
 * may differ, and to this node's clock if there is none.
 *
 * <p>A malformed value, and several different values, count as no value. A past time is zero, and a
 * longer delay is shortened to {@link AttemptResult#MAX_RETRY_AFTER}.
 */
public final class RetryAfter {
  private static final int MAX_LENGTH = 64;
  private static final int MAX_DIGITS = 9;

  /**
   * A year of two digits is at most this many years in the future, as RFC 9110, section 5.6.7,
   * demands.
   */
  private static final int YEARS_AHEAD = 50;

  private RetryAfter() {}

  public static Optional<Duration> in(Headers headers, Instant now) {
    List<String> values = headers.values("Retry-After").stream().distinct().toList();
    if (values.size() != 1 || values.get(0).length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String value = values.get(0);
    if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.of(seconds(value));
    }
    return date(value, now).map(until -> {
      Duration wait = Duration.between(base(headers, now), until);
      return wait.isNegative() ? Duration.ZERO : wait;
    });
  }

  private static Duration seconds(String digits) {
    String significant = digits.replaceFirst("^0+(?=.)", "");
    return significant.length() > MAX_DIGITS
        ? AttemptResult.MAX_RETRY_AFTER
        : Duration.ofSeconds(Long.parseLong(significant));
  }

  private static Instant base(Headers headers, Instant now) {
    List<String> values = headers.values("Date");
    return values.size() == 1 && values.get(0).length() <= MAX_LENGTH
        ? date(values.get(0), now).orElse(now)
        : now;
  }

  private static Optional<Instant> date(String text, Instant now) {
    return Stream.of(
            format("EEE, dd MMM yyyy HH:mm:ss 'GMT'"),
            twoDigitYear(now),
            format("EEE MMM ppd HH:mm:ss yyyy"))
        .flatMap(format -> parse(text, format).stream())
        .findFirst();
  }

  private static Optional<Instant> parse(String text, DateTimeFormatter format) {
    try {
      return Optional.of(LocalDateTime.parse(text, format).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
  }

  private static DateTimeFormatter twoDigitYear(Instant now) {
    int first = now.atOffset(ZoneOffset.UTC).getYear() + YEARS_AHEAD - 99;
    return new DateTimeFormatterBuilder()
        .appendPattern("EEEE, dd-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, first)
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.ENGLISH); // Locale.ROOT has no long names of days
  }
}
