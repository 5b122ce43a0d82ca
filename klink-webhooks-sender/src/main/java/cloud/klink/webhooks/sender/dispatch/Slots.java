package cloud.klink.webhooks.sender.dispatch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a node: what is in flight in them, and who gets the next. So that webhooks that are
 * quick cannot take all slots and then hang, the last quarter goes to none that has two attempts in
 * flight or more, and the last eighth only to those that have been quick for 10 seconds. Used by
 * {@link Lanes} only, under its lock.
 */
final class Slots {
  /** Who has so many in flight gets none of the last quarter. */
  static final int MANY = 2;

  private static final int LAST = 8;

  private final int size;
  private final Shares shares;
  private final Ready ready = new Ready();
  private final InFlight inFlight = new InFlight();

  Slots(int size) {
    this.size = size;
    this.shares = new Shares(size);
  }

  int size() {
    return size;
  }

  Shares shares() {
    return shares;
  }

  InFlight inFlight() {
    return inFlight;
  }

  int inFlightCount() {
    return inFlight.count();
  }

  /** Puts a lane among those with something to start, or takes it out. */
  void put(Lane lane, boolean starts) {
    ready.put(lane, starts);
  }

  /** Whose turn it is; null if nobody may start anything. */
  @Nullable
  Lane next() {
    return inFlight.count() < size ? ready.first(this::mayStart) : null;
  }

  /** How many jobs could be started at once. */
  int startable(Instant now) {
    int free = size - inFlight.count();
    return free <= 0 ? 0 : ready.startable(free, this::mayStart, now);
  }

  private boolean mayStart(Lane lane) {
    int count = inFlight.count();
    if (count >= size - size / LAST && !lane.isTrusted()) {
      return false;
    }
    return lane.isQuick()
        ? count < Shares.shared(size) || lane.inFlight() < MANY
        : shares.admits(lane.share(lane.inFlight()), lane.share(lane.inFlight() + 1));
  }

  /** When an attempt becomes slow, if that lets others start; null if it does not. */
  @Nullable
  Instant nextOverdue(boolean othersWait) {
    return othersWait || ready.hasOthers() ? inFlight.nextOverdue() : null;
  }
}
