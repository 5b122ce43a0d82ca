package cloud.klink.webhooks.sender.transport.websocket;

/**
 * The ids of all messages that were sent over one connection, kept as 32-bit hashes. With 32,768
 * ids, one in 130,000 ids that were never sent is taken for one that was.
 */
final class SentIds {
  /** The most ids that are kept. */
  static final int MAX = 32_768;

  private int[] slots = new int[16];
  private int size;

  void add(String id) {
    if (2 * size >= slots.length) {
      grow();
    }
    put(hash32(id));
  }

  boolean contains(String id) {
    return slots[slot(hash32(id))] != 0;
  }

  boolean isFull() {
    return size >= MAX;
  }

  private void put(int hash32) {
    int slot = slot(hash32);
    if (slots[slot] == 0) {
      slots[slot] = hash32;
      size++;
    }
  }

  private void grow() {
    int[] all = slots;
    slots = new int[2 * all.length];
    size = 0;
    for (int hash32 : all) {
      if (hash32 != 0) {
        put(hash32);
      }
    }
  }

  /** The index of a hash, or of the empty slot for it. */
  private int slot(int hash32) {
    int slot = hash32 & (slots.length - 1);
    while (slots[slot] != 0 && slots[slot] != hash32) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  /**
   * A 32-bit hash (FNV-1a with the finalizer of MurmurHash 3), since consecutive ids collide too
   * often in {@link String#hashCode}. 0 stands for an empty slot.
   */
  private static int hash32(String id) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    int hash32 = (int) (hash >>> 32);
    return hash32 == 0 ? 1 : hash32;
  }
}
