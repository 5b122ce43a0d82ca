package cloud.klink.webhooks.sender.simulation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A lease as the model sees it. */
final class LeaseModel {
  final NodeRun run;
  final DeliveryModel delivery;
  final long token;
  final Instant until;
  final long version;
  final long claimedAt;

  /** When the node may last have learned of it. */
  long knownAt;

  @Nullable
  AttemptModel attempt;

  boolean released;

  LeaseModel(
      NodeRun run, DeliveryModel delivery, long token, Instant until, long version, long now) {
    this.run = run;
    this.delivery = delivery;
    this.token = token;
    this.until = until;
    this.version = version;
    this.claimedAt = now;
    this.knownAt = now;
  }
}
