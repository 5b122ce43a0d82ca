package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.NewEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A delivery as the model sees it. */
final class Parcel {
  final String id;
  final Hook hook;
  final NewEvent event;
  final List<Attempt> recorded = new ArrayList<>();

  /** The tokens of the leases under which these were made. */
  final Set<Long> written = new HashSet<>();

  final List<Flight> flights = new ArrayList<>();
  DeliveryState state = DeliveryState.WAITING;

  /** When it may be claimed; the end of its lease while it is leased. */
  Instant due;

  /** The lease that is in force, even if its time is over; null if there is none. */
  @Nullable
  Hold hold;

  long token;

  /** When it came to its end, by the clock of whoever wrote that. */
  @Nullable
  Instant finishedAt;

  /** The one that this one repeats, and the newest that repeats this one. */
  @Nullable
  Parcel redeliveryOf;

  @Nullable
  Parcel redeliveredAs;

  /** Removed because of its age. */
  boolean isPurged;

  /** The states that listeners may be told of, by attempt. */
  final List<DeliveryState> states = new ArrayList<>();

  Parcel(String id, Hook hook, NewEvent event) {
    this(id, hook, event, event.publishedAt());
  }

  private Parcel(String id, Hook hook, NewEvent event, Instant due) {
    this.id = id;
    this.hook = hook;
    this.event = event;
    this.due = due;
  }

  /** Another one, which repeats this. */
  Parcel repeat(String newId, Instant now) {
    Parcel repeated = new Parcel(newId, hook, event, now);
    repeated.redeliveryOf = this;
    redeliveredAs = repeated;
    return repeated;
  }

  boolean isWaiting() {
    return state == DeliveryState.WAITING;
  }

  @Override
  public String toString() {
    return event.id() + ">" + hook.newest().webhook().name() + "(" + state + ")";
  }
}
