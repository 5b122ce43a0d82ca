package cloud.klink.webhooks.sender.delivery;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;

/**
 * A place in the log, which is ordered by time and, at the same time, by id: just after a delivery,
 * going back in time.
 *
 * @param createdAt when the delivery was published
 * @param id its id
 */
public record DeliveryCursor(Instant createdAt, String id) implements Comparable<DeliveryCursor> {
  private static final Comparator<DeliveryCursor> ORDER =
      Comparator.comparing(DeliveryCursor::createdAt).thenComparing(DeliveryCursor::id);

  private static final char SEPARATOR = '~';

  /**
   * Checks the id: a cursor may come from anybody.
   *
   * @param createdAt when the delivery was published
   * @param id its id, of printable ASCII characters
   * @throws IllegalArgumentException if the id has other characters
   */
  public DeliveryCursor {
    Objects.requireNonNull(createdAt, "createdAt");
    if (!id.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      throw new IllegalArgumentException("id: only printable ASCII characters make up an id");
    }
  }

  /**
   * The place just after a delivery.
   *
   * @param delivery the delivery
   * @return the place
   */
  public static DeliveryCursor after(Delivery delivery) {
    return new DeliveryCursor(delivery.createdAt(), delivery.id());
  }

  /**
   * Reads what {@link #toString} printed, for a link or a form.
   *
   * @param text the text
   * @return the place
   * @throws IllegalArgumentException if it is not of that form
   */
  public static DeliveryCursor parse(String text) {
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

  /** Places after older deliveries come first. */
  @Override
  public int compareTo(DeliveryCursor other) {
    return ORDER.compare(this, other);
  }

  /** Prints time and id in a form that {@link #parse} reads. */
  @Override
  public String toString() {
    return createdAt.toString() + SEPARATOR + id;
  }
}
