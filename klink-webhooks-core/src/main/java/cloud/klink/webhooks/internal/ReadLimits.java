package cloud.klink.webhooks.internal;

import com.fasterxml.jackson.core.StreamReadConstraints;

/** Jackson's limits of what it reads. */
public final class ReadLimits {
  private ReadLimits() {}

  /**
   * Limits for a text that has a limit of its own: names and strings may be as long as it is. The
   * other limits are Jackson's.
   *
   * @return the limits
   */
  public static StreamReadConstraints ofBoundedText() {
    StreamReadConstraints.Builder limits =
        StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE);
    try {
      // Since Jackson 2.16; before, there was no limit for names.
      StreamReadConstraints.Builder.class
          .getMethod("maxNameLength", int.class)
          .invoke(limits, Integer.MAX_VALUE);
    } catch (NoSuchMethodException e) {
      return limits.build();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Jackson refuses a limit for names", e);
    }
    return limits.build();
  }
}
