package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.sender.delivery.DeliveryState;
import java.util.Locale;

/** How far a delivery is, as people see it: one that waits for a paused webhook is held. */
public enum DeliveryStatus {
  /** It is to be sent, now or later. */
  WAITING(DeliveryState.WAITING),
  /** It waits for a paused webhook. */
  HELD(DeliveryState.WAITING),
  /** It was acknowledged. */
  SUCCEEDED(DeliveryState.SUCCEEDED),
  /** Its last attempt failed. */
  FAILED(DeliveryState.FAILED),
  /** Its webhook was deleted. */
  CANCELLED(DeliveryState.CANCELLED),
  /** Its webhook was re-enabled without what it held. */
  DISCARDED(DeliveryState.DISCARDED);

  private final DeliveryState state;

  DeliveryStatus(DeliveryState state) {
    this.state = state;
  }

  DeliveryState state() {
    return state;
  }

  static DeliveryStatus of(DeliveryState state, boolean isPaused) {
    return switch (state) {
      case WAITING -> isPaused ? HELD : WAITING;
      case SUCCEEDED -> SUCCEEDED;
      case FAILED -> FAILED;
      case CANCELLED -> CANCELLED;
      case DISCARDED -> DISCARDED;
    };
  }

  /**
   * The name in URLs and in the keys of the message bundles.
   *
   * @return lower-case letters
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
