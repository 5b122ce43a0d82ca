package cloud.klink.webhooks.sender.delivery;

/**
 * The state of a delivery. All but {@link #WAITING} are final. A delivery whose webhook is paused
 * is held: it stays waiting and is not sent until the webhook is resumed.
 */
public enum DeliveryState {
  /** To be sent, now or later; perhaps being sent at this moment. */
  WAITING(0),

  /** An attempt was acknowledged. */
  SUCCEEDED(1),

  /** The last attempt that the retry policy allows failed. */
  FAILED(2),

  /** Its webhook was deleted before it could be sent. */
  CANCELLED(3),

  /** Its webhook was resumed by somebody who did not want what was held. */
  DISCARDED(4);

  private final int code;

  DeliveryState(int code) {
    this.code = code;
  }

  /**
   * The number that storages keep. It is the same in all versions.
   *
   * @return 0 to 4
   */
  public int code() {
    return code;
  }

  /**
   * The state with a {@link #code()}.
   *
   * @param code 0 to 4
   * @return the state
   * @throws IllegalArgumentException for any other number
   */
  public static DeliveryState ofCode(int code) {
    for (DeliveryState state : values()) {
      if (state.code == code) {
        return state;
      }
    }
    throw new IllegalArgumentException("state: " + code + " is not known");
  }

  /**
   * Whether the state never changes again.
   *
   * @return true for all but {@link #WAITING}
   */
  public boolean isFinal() {
    return this != WAITING;
  }
}
