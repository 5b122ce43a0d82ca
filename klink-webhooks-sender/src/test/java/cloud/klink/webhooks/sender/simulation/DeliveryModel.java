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
final class DeliveryModel {
  final String id;
  final WebhookModel webhook;
  final NewEvent event;
  final List<Attempt> recorded = new ArrayList<>();

  /** The tokens of the leases under which these were made. */
  final Set<Long> written = new HashSet<>();

  final List<AttemptModel> attempts = new ArrayList<>();
  DeliveryState state = DeliveryState.WAITING;

  /** When it may be claimed; the end of its lease while it is leased. */
  Instant due;

  /** The lease that is in force, even if its time is over; null if there is none. */
  @Nullable
  LeaseModel lease;

  long token;

  /** When it came to its end, by the clock of whoever wrote that. */
  @Nullable
  Instant finishedAt;

  /** The one that this one repeats, and the newest that repeats this one. */
  @Nullable
  DeliveryModel redeliveryOf;

  @Nullable
  DeliveryModel redeliveredAs;

  /** Removed because of its age. */
  boolean isPurged;

  /** The states that listeners may be told of, by attempt. */
  final List<DeliveryState> states = new ArrayList<>();

  DeliveryModel(String id, WebhookModel webhook, NewEvent event) {
    this(id, webhook, event, event.publishedAt());
  }

  private DeliveryModel(String id, WebhookModel webhook, NewEvent event, Instant due) {
    this.id = id;
    this.webhook = webhook;
    this.event = event;
    this.due = due;
  }

  /** Another one, which repeats this. */
  DeliveryModel repeat(String newId, Instant now) {
    DeliveryModel repeated = new DeliveryModel(newId, webhook, event, now);
    repeated.redeliveryOf = this;
    redeliveredAs = repeated;
    return repeated;
  }

  boolean isWaiting() {
    return state == DeliveryState.WAITING;
  }

  @Override
  public String toString() {
    return event.id() + ">" + webhook.newest().webhook().name() + "(" + state + ")";
  }
}
