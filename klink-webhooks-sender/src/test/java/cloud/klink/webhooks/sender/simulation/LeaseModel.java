package cloud.klink.webhooks.sender.simulation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A lease as the model sees it. */
final class LeaseModel {
  final NodeRun life;
  final DeliveryModel parcel;
  final long token;
  final Instant until;
  final long version;
  final long claimedAt;

  /** When the node may last have learned of it. */
  long knownAt;

  @Nullable
  AttemptModel flight;

  boolean released;

  LeaseModel(
      NodeRun life, DeliveryModel parcel, long token, Instant until, long version, long now) {
    this.life = life;
    this.parcel = parcel;
    this.token = token;
    this.until = until;
    this.version = version;
    this.claimedAt = now;
    this.knownAt = now;
  }
}
