package cloud.klink.webhooks.sender.transport.websocket;

/**
 * The ids of all messages that were sent over one connection, by 32 bits of each. An id that was
 * never sent is taken for one of 32,768 that were in one case of 130,000.
 */
final class SentIds {
  /** How many ids are kept. */
  static final int MAX = 32_768;

  private int[] slots = new int[16];
  private int size;

  void add(String id) {
    if (2 * size >= slots.length) {
      grow();
    }
    put(bits(id));
  }

  boolean contains(String id) {
    return slots[slot(bits(id))] != 0;
  }

  boolean isFull() {
    return size >= MAX;
  }

  private void put(int bits) {
    int slot = slot(bits);
    if (slots[slot] == 0) {
      slots[slot] = bits;
      size++;
    }
  }

  private void grow() {
    int[] all = slots;
    slots = new int[2 * all.length];
    size = 0;
    for (int bits : all) {
      if (bits != 0) {
        put(bits);
      }
    }
  }

  /** Where it is, or an empty slot where it would be. */
  private int slot(int bits) {
    int slot = bits & (slots.length - 1);
    while (slots[slot] != 0 && slots[slot] != bits) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  /**
   * The bits of a hash (FNV-1a, and the finalizer of MurmurHash 3): ids that follow one another
   * have the same {@link String#hashCode} too often. 0 stands for an empty slot.
   */
  private static int bits(String id) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    int bits = (int) (hash >>> 32);
    return bits == 0 ? 1 : bits;
  }
}
