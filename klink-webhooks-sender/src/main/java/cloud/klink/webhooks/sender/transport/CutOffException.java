package cloud.klink.webhooks.sender.transport;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import java.io.IOException;

/** A connection was cut off because the other side would have held on to this one's resources. */
final class CutOffException extends IOException {
  private static final long serialVersionUID = 1L;

  private final AttemptOutcome outcome;

  CutOffException(AttemptOutcome outcome, String message) {
    super(message);
    this.outcome = outcome;
  }

  /** What it makes of an attempt. */
  AttemptOutcome outcome() {
    return outcome;
  }
}
