package cloud.klink.webhooks.canonical;

/**
 * Sorts the members of one object by name: by their first eight bytes, then by the rest. A few by
 * insertion; many by merging, because insertion alone would let a hostile body cost quadratic time.
 */
final class MemberSorter {
  private static final int RUN = 24;

  private final Tokens tokens;
  private int[] order = new int[RUN];
  private int[] merged = new int[0];

  private int[] members = new int[0];
  private int base;
  private long[] prefixes = new long[0];
  private int first;

  MemberSorter(Tokens tokens) {
    this.tokens = tokens;
  }

  /**
   * Returns the members' numbers in the order of their names; valid until the next call.
   *
   * @param members the members, from index base
   * @param prefixes the first bytes of their names, from index first
   */
  int[] sort(int[] members, int base, long[] prefixes, int first, int count) {
    this.members = members;
    this.base = base;
    this.prefixes = prefixes;
    this.first = first;
    if (order.length < count) {
      order = new int[Math.max(count, order.length * 2)];
    }
    for (int from = 0; from < count; from += RUN) {
      insert(from, Math.min(from + RUN, count));
    }
    for (int run = RUN; run < count; run *= 2) {
      merge(run, count);
    }
    return order;
  }

  /** Compares two members of the last {@link #sort} by name. */
  int compare(int a, int b) {
    int byPrefix = Long.compareUnsigned(prefixes[first + a], prefixes[first + b]);
    if (byPrefix != 0) {
      return byPrefix;
    }
    int memberA = base + a * JsonScanner.MEMBER;
    int memberB = base + b * JsonScanner.MEMBER;
    return tokens.compare(
        members[memberA], members[memberA + 1], members[memberB], members[memberB + 1]);
  }

  private void insert(int from, int to) {
    int[] numbers = order;
    for (int i = from; i < to; i++) {
      int j = i;
      while (j > from && compare(numbers[j - 1], i) > 0) {
        numbers[j] = numbers[j - 1];
        j--;
      }
      numbers[j] = i;
    }
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

  int ints() {
    return order.length + merged.length;
  }
}
