package cloud.klink.webhooks.sender.simulation;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** A node's clock: virtual time, and how far it is off. */
final class NodeClock extends Clock {
  private static final Instant START = Instant.parse("2026-01-09T00:00:00Z");

  private final Schedule schedule;
  private final long skew;

  NodeClock(Schedule schedule, long skew) {
    this.schedule = schedule;
    this.skew = skew;
  }

  @Override
  public Instant instant() {
    return START.plus(schedule.now() + skew, ChronoUnit.MICROS);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("times are instants");
  }
}
