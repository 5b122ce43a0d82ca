package cloud.klink.webhooks.examples.console.web;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * How times are shown: in one zone, whose name stands beside them.
 *
 * @param zone the zone
 */
public record DisplayTimes(ZoneId zone) {
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);
  private static final DateTimeFormatter INPUT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT);

  /**
   * A time to the minute.
   *
   * @param time the time
   * @return its text
   */
  public String minute(Instant time) {
    return MINUTES.format(time.atZone(zone));
  }

  /**
   * A time to the second.
   *
   * @param time the time
   * @return its text
   */
  public String text(Instant time) {
    return SECONDS.format(time.atZone(zone));
  }

  /**
   * A time to the millisecond.
   *
   * @param time the time
   * @return its text
   */
  public String exact(Instant time) {
    return MILLIS.format(time.atZone(zone));
  }

  /**
   * A time as the value of an input of the type datetime-local.
   *
   * @param instant the time, as a URL has it
   * @return its text; empty if it is none
   */
  public String input(String instant) {
    try {
      return INPUT.format(Instant.parse(instant).atZone(zone));
    } catch (DateTimeException e) {
      return "";
    }
  }

  /**
   * A duration.
   *
   * @param duration the duration
   * @return in milliseconds below ten seconds, in seconds beyond
   */
  public String duration(Duration duration) {
    long millis = duration.toMillis();
    return millis < 10_000 ? millis + " ms" : duration.toSeconds() + " s";
  }

  /**
   * The zone.
   *
   * @return its name, and its distance from UTC today if that does not say it
   */
  public String zoneName() {
    if (zone.equals(ZoneOffset.UTC) || zone.getId().equals("UTC")) {
      return "UTC";
    }
    ZoneOffset offset = zone.getRules().getOffset(Instant.now().truncatedTo(ChronoUnit.DAYS));
    return zone.getId() + " (UTC" + (offset.equals(ZoneOffset.UTC) ? "" : offset.getId()) + ")";
  }

  /**
   * Whether it is UTC.
   *
   * @return false for a zone of people's own
   */
  public boolean isUtc() {
    return zoneName().equals("UTC");
  }
}
