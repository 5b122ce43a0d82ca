package cloud.klink.webhooks.examples.console.service;

/**
 * How near a webhook is to an automatic pause.
 *
 * @param failures how many failures count towards it now
 * @param limit how many there may be; 0 if it is never paused by itself
 */
public record PauseRisk(long failures, int limit) {
  private static final int[] LEVELS = {90, 70, 50};

  /**
   * The highest level that is reached.
   *
   * @return 90, 70 or 50 percent of the limit; 0 below, and without a limit
   */
  public int level() {
    for (int level : LEVELS) {
      if (limit > 0 && failures * 100 >= (long) limit * level) {
        return level;
      }
    }
    return 0;
  }
}
