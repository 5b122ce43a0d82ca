package cloud.klink.webhooks.examples.benchmarks.receiver;

/** The ids of events: {@code RUN-NUMBER}, both decimal. */
public final class EventId {
  private EventId() {}

  /**
   * The id of an event.
   *
   * @param run the run that it belongs to
   * @param number its number within the run
   * @return the id
   */
  public static String of(long run, int number) {
    return run + "-" + number;
  }

  /** The run, read from ASCII bytes. */
  static long run(byte[] bytes, int from, int to) {
    return number(bytes, from, dash(bytes, from, to));
  }

  /** The number within the run, read from ASCII bytes. */
  static int number(byte[] bytes, int from, int to, long run) {
    return run < 0 ? -1 : (int) number(bytes, dash(bytes, from, to) + 1, to);
  }

  private static int dash(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] != '-') {
      at++;
    }
    return at;
  }

  private static long number(byte[] bytes, int from, int to) {
    long value = from < to ? 0 : -1;
    for (int at = from; at < to; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
