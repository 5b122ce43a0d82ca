package cloud.klink.webhooks.examples.cli;

import java.time.Clock;

/** Lets so much happen in each second: whoever floods a port must not buy its owner's processor. */
final class RefusalLimit {
  private final Clock clock;
  private final int perSecond;
  private long second;
  private int count;

  RefusalLimit(Clock clock, int perSecond) {
    this.clock = clock;
    this.perSecond = perSecond;
  }

  synchronized boolean allows() {
    long now = clock.instant().getEpochSecond();
    if (now != second) {
      second = now;
      count = 0;
    }
    count++;
    return count <= perSecond;
  }
}
