package cloud.klink.webhooks.sender.storage;

/** Gives ids to new deliveries. */
@FunctionalInterface
public interface DeliveryIds {
  /**
   * The next id.
   *
   * @return at most {@value #MAX_LENGTH} ASCII characters, greater than those given before as far
   *     as the clock does not go back
   */
  String next();

  /** The longest id, in characters. */
  int MAX_LENGTH = 40;
}
