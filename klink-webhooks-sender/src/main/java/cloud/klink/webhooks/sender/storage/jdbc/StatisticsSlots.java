package cloud.klink.webhooks.sender.storage.jdbc;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Which rows of the statistics a transaction adds to: two at the same time add to rows of their
 * own, so that neither waits for the other's commit. Without others, it is always the same one.
 */
final class StatisticsSlots {
  private static final int LOCAL = 8;
  private static final int NODES = 4_096;

  /** By chance; nodes that have the same wait for each other, and count right. */
  private int first = anyFirst();

  private int taken;

  /** A slot, to be given back after the transaction; one that others have too if all are taken. */
  synchronized int take() {
    int free = Math.min(LOCAL - 1, Integer.numberOfTrailingZeros(~taken));
    taken |= 1 << free;
    return first + free;
  }

  synchronized void giveBack(int slot) {
    taken &= ~(1 << (slot % LOCAL));
  }

  /**
   * Uses other rows from now on, since others may have locked those of a slot.
   *
   * @return the slot to use in place of the taken one, which is still to be given back
   */
  synchronized int replace(int slot) {
    first = anyFirst();
    return first + slot % LOCAL;
  }

  private static int anyFirst() {
    return ThreadLocalRandom.current().nextInt(NODES) * LOCAL;
  }
}
