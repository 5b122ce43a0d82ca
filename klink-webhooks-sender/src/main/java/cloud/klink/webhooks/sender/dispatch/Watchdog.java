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
 * Ends attempts that their transport does not end, before their leases end. A whole node may have
 * slept: so what is late is waited for once more.
 */
final class Watchdog {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

  /** How much longer than the timeout an attempt may take. Less than a lease's margin. */
  static final Duration SLACK = Duration.ofSeconds(4);

  private static final Duration ONCE_MORE = Duration.ofSeconds(1);

  private final Machine machine;
  private final Set<Flight> flights = ConcurrentHashMap.newKeySet();
  private final Alarm alarm;

  Watchdog(Machine machine) {
    this.machine = machine;
    this.alarm = new Alarm(machine, this::look, SLACK);
  }

  /** An attempt begins; {@link #ended} must follow. */
  void begun(Flight flight, Duration timeout) {
    flights.add(flight);
    alarm.set(timeout.plus(SLACK));
  }

  void ended(Flight flight) {
    flights.remove(flight);
  }

  /** Sets the alarm if the timer refused it. */
  void check() {
    alarm.check();
  }

  private void look() {
    Instant now = machine.now();
    Instant next = Instant.MAX;
    List<Flight> late = new ArrayList<>();
    for (Flight flight : flights) {
      if (flight.endsBy().isAfter(now)) {
        next = flight.endsBy().isBefore(next) ? flight.endsBy() : next;
      } else if (flight.wasWarned()) {
        late.add(flight);
      } else {
        Instant again = now.plus(ONCE_MORE);
        next = again.isBefore(next) ? again : next;
      }
    }
    if (!next.equals(Instant.MAX)) {
      alarm.set(Duration.between(now, next));
    }
    if (!late.isEmpty()) {
      Safely.log(() -> LOG.error(
          "{} attempts were not ended by their transport, and are ended as failures", late.size()));
      late.forEach(flight -> Safely.run(LOG, "An attempt could not be ended", flight::giveUp));
    }
  }
}
