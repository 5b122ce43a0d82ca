package cloud.klink.webhooks.sender.delivery;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;

/**
 * A place in the log as a text: just after a delivery, going back in time.
 *
 * @param createdAt when the delivery was published
 * @param id its id
 */
record DeliveryCursor(Instant createdAt, String id) {
  private static final char SEPARATOR = '~';

  /** Checks the id: a cursor may come from anybody. */
  DeliveryCursor {
    Objects.requireNonNull(createdAt, "createdAt");
    if (!id.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      throw new IllegalArgumentException("id: only printable ASCII characters make up an id");
    }
  }

  /**
   * Reads what {@link #toString} printed.
   *
   * @throws IllegalArgumentException if it is not of that form
   */
  static DeliveryCursor parse(String text) {
    int at = text.indexOf(SEPARATOR);
    if (at >= 0) {
      try {
        return new DeliveryCursor(Instant.parse(text.substring(0, at)), text.substring(at + 1));
      } catch (DateTimeException e) {
        throw new IllegalArgumentException("cursor: it is not one that a page returned", e);
      }
    }
    throw new IllegalArgumentException("cursor: it is not one that a page returned");
  }

  /** Prints time and id in a form that {@link #parse} reads. */
  @Override
  public String toString() {
    return createdAt.toString() + SEPARATOR + id;
  }
}
