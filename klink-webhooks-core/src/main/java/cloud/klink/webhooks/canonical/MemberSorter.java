package cloud.klink.webhooks.canonical;

/**
 * Sorts the members of one object by name: by their first bytes, then by the whole. Runs of a few
 * are sorted by counting and then merged, because any quadratic method alone would let a hostile
 * body cost quadratic time.
 */
final class MemberSorter {
  /** How many bits of a key tell a member's place in its run. */
  private static final int PLACE_BITS = 5;

  private static final int RUN = 1 << PLACE_BITS;
  private static final int PLACE = RUN - 1;

  private final Tokens tokens;
  private final long[] keys = new long[RUN];
  private final long[] sortedKeys = new long[RUN];
  private int[] order = new int[RUN];
  private int[] merged = new int[0];

  private long[] members = new long[0];
  private int base;
  private long[] prefixes = new long[0];
  private int first;
  private boolean duplicate;

  MemberSorter(Tokens tokens) {
    this.tokens = tokens;
  }

  /**
   * Returns the members' numbers in the order of their names; valid until the next call.
   *
   * @param members the members, from index base
   * @param prefixes the first bytes of their names, from index first
   */
  int[] sort(long[] members, int base, long[] prefixes, int first, int count) {
    this.members = members;
    this.base = base;
    this.prefixes = prefixes;
    this.first = first;
    this.duplicate = false;
    if (order.length < count) {
      order = new int[Math.max(count, order.length * 2)];
    }
    for (int from = 0; from < count; from += RUN) {
      count(from, Math.min(from + RUN, count));
    }
    for (int run = RUN; run < count; run *= 2) {
      merge(run, count);
    }
    return order;
  }

  /** Whether two members of the last {@link #sort} have the same name. */
  boolean foundDuplicate() {
    return duplicate;
  }

  /**
   * Sorts a run by counting, for each member, those whose key is smaller. That compares all pairs,
   * but without a branch for the processor to guess wrong. Keys are positive, so a difference is
   * negative just where one is smaller.
   */
  private void count(int from, int to) {
    int size = to - from;
    for (int place = 0; place < size; place++) {
      keys[place] = ((prefixes[first + from + place] >>> 1) & ~PLACE) | place;
    }
    int i = 0;
    for (; i + 3 < size; i += 4) {
      placeFour(i, size);
    }
    for (; i < size; i++) {
      long key = keys[i];
      long smaller = 0;
      for (int j = 0; j < size; j++) {
        smaller += (keys[j] - key) >>> 63;
      }
      sortedKeys[(int) smaller] = key;
    }
    for (int at = 0; at < size; at++) {
      int number = from + (int) (sortedKeys[at] & PLACE);
      if (at > 0 && (sortedKeys[at] ^ sortedKeys[at - 1]) < RUN) {
        insert(number, from, from + at);
      } else {
        order[from + at] = number;
      }
    }
  }

  /** Counts for four keys at once, since loading the others is most of the work. */
  private void placeFour(int i, int size) {
    long a = keys[i];
    long b = keys[i + 1];
    long c = keys[i + 2];
    long d = keys[i + 3];
    long belowA = 0;
    long belowB = 0;
    long belowC = 0;
    long belowD = 0;
    for (int j = 0; j < size; j++) {
      long key = keys[j];
      belowA += (key - a) >>> 63;
      belowB += (key - b) >>> 63;
      belowC += (key - c) >>> 63;
      belowD += (key - d) >>> 63;
    }
    sortedKeys[(int) belowA] = a;
    sortedKeys[(int) belowB] = b;
    sortedKeys[(int) belowC] = c;
    sortedKeys[(int) belowD] = d;
  }

  /** Inserts a member whose name starts as that of its predecessor does. */
  private void insert(int number, int from, int at) {
    while (at > from && compare(order[at - 1], number) > 0) {
      order[at] = order[at - 1];
      at--;
    }
    order[at] = number;
  }

  private void merge(int run, int count) {
    if (merged.length < order.length) {
      merged = new int[order.length];
    }
    for (int from = 0; from < count; from += 2 * run) {
      merge(from, Math.min(from + run, count), Math.min(from + 2 * run, count));
    }
    int[] sorted = merged;
    merged = order;
    order = sorted;
  }

  private void merge(int from, int middle, int to) {
    int left = from;
    int right = middle;
    for (int at = from; at < to; at++) {
      boolean takeLeft = right == to || (left < middle && compare(order[left], order[right]) <= 0);
      merged[at] = takeLeft ? order[left++] : order[right++];
    }
  }

  /**
   * Compares two names. Of two that are the same, any way of sorting compares one with the other.
   */
  private int compare(int a, int b) {
    int result = Long.compareUnsigned(prefixes[first + a], prefixes[first + b]);
    if (result == 0) {
      long nameA = members[base + a * JsonScanner.MEMBER];
      long nameB = members[base + b * JsonScanner.MEMBER];
      result = tokens.compare(
          JsonScanner.high(nameA),
          JsonScanner.low(nameA),
          JsonScanner.high(nameB),
          JsonScanner.low(nameB));
      duplicate |= result == 0;
    }
    return result;
  }

  void shrink() {
    order = new int[RUN];
    merged = new int[0];
    members = new long[0];
    prefixes = new long[0];
  }

  int ints() {
    return order.length + merged.length;
  }
}
