package cloud.klink.webhooks.examples.console.service;

import java.time.Duration;

/** How far back a chart looks, and how long each of its bars is. */
public enum ChartRange {
  /** One hour, by five minutes. */
  HOUR("1h", Duration.ofHours(1), Duration.ofMinutes(5)),
  /** A day, by hours. */
  DAY("24h", Duration.ofHours(24), Duration.ofHours(1)),
  /** A week, by six hours. */
  WEEK("7d", Duration.ofDays(7), Duration.ofHours(6)),
  /** Thirty days, by days. */
  MONTH("30d", Duration.ofDays(30), Duration.ofDays(1));

  private final String id;
  private final Duration length;
  private final Duration bucket;

  ChartRange(String id, Duration length, Duration bucket) {
    this.id = id;
    this.length = length;
    this.bucket = bucket;
  }

  /**
   * The name in URLs and in the keys of the message bundles.
   *
   * @return as {@code 24h}
   */
  public String id() {
    return id;
  }

  Duration length() {
    return length;
  }

  /**
   * The length of a bar.
   *
   * @return a part of the whole without rest
   */
  public Duration bucket() {
    return bucket;
  }

  /**
   * Finds a range.
   *
   * @param id its name
   * @return a day for any other name
   */
  public static ChartRange ofId(String id) {
    for (ChartRange range : values()) {
      if (range.id.equals(id)) {
        return range;
      }
    }
    return DAY;
  }
}
