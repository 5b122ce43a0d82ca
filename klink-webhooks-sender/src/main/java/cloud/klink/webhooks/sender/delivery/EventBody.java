package cloud.klink.webhooks.sender.delivery;

import java.util.Arrays;

/** The body of an event as it is stored and sent: canonical JSON in UTF-8. Immutable. */
public final class EventBody {
  private final byte[] bytes;

  private EventBody(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * A body of these bytes, which are copied.
   *
   * @param bytes JSON in UTF-8; checked when it is sent
   * @return the body
   */
  public static EventBody of(byte[] bytes) {
    return new EventBody(bytes.clone());
  }

  /**
   * The bytes.
   *
   * @return a copy
   */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /**
   * How many bytes there are.
   *
   * @return the length
   */
  public int length() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EventBody body && Arrays.equals(bytes, body.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Tells the length, not what is in it. */
  @Override
  public String toString() {
    return "EventBody[" + bytes.length + " bytes]";
  }
}
