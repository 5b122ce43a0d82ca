package cloud.klink.webhooks.sender.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends attempts that their transport does not end, before their leases end. The transport's own
 * timers stand still while the whole node sleeps, so after a sleep, or a step of the clock, each
 * attempt gets its full time again.
 */
final class Watchdog {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

  /** How much longer than the timeout an attempt may take. Less than a lease's margin. */
  static final Duration SLACK = Duration.ofSeconds(4);

  /** While there are attempts, it looks at least this often, to notice that the node slept. */
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** A look that is this much late, or early, means a sleep or a step of the clock. */
  private static final Duration TOLERANCE = Duration.ofSeconds(1);

  private final Machine machine;
  private final Set<Flight> flights = ConcurrentHashMap.newKeySet();
  private final Alarm alarm;
  private Instant expected = Instant.MAX;

  Watchdog(Machine machine) {
    this.machine = machine;
    this.alarm = new Alarm(machine, this::look, INTERVAL);
  }

  /** An attempt begins; {@link #ended} must follow. */
  void begun(Flight flight) {
    flights.add(flight);
    synchronized (this) {
      if (expected.equals(Instant.MAX)) {
        expectIn(INTERVAL);
      }
    }
  }

  void ended(Flight flight) {
    flights.remove(flight);
  }

  /** Sets the alarm if the timer refused it. */
  void check() {
    alarm.check();
  }

  private synchronized void expectIn(Duration delay) {
    expected = machine.now().plus(delay);
    alarm.set(delay);
  }

  private void look() {
    Instant now = machine.now();
    if (hasSlept(now)) {
      flights.forEach(flight -> flight.restart(now));
    }
    Duration next = INTERVAL;
    List<Flight> late = new ArrayList<>();
    for (Flight flight : flights) {
      Duration left = Duration.between(now, flight.endsBy());
      if (left.isZero() || left.isNegative()) {
        late.add(flight);
      } else if (left.compareTo(next) < 0) {
        next = left;
      }
    }
    lookAgain(next);
    if (!late.isEmpty()) {
      Safely.log(() -> LOG.error(
          "{} attempts were not ended by their transport, and are ended as failures", late.size()));
      late.forEach(flight -> Safely.run(LOG, "An attempt could not be ended", flight::giveUp));
    }
  }

  private synchronized boolean hasSlept(Instant now) {
    return Duration.between(expected, now).abs().compareTo(TOLERANCE) > 0;
  }

  private synchronized void lookAgain(Duration delay) {
    expected = Instant.MAX;
    if (!flights.isEmpty()) {
      expectIn(delay);
    }
  }
}
