package cloud.klink.webhooks.canonical;

import java.util.Arrays;

/**
 * Moves the members of a small object into their sorted order, in place, so that the object can be
 * printed as one slice of the text. Each enclosing object may move the same bytes again, so the
 * length is limited. Within the limit, even deeply nested objects cost little.
 */
final class MemberReorderer {
  /** The length of the longest object that is reordered, in bytes. */
  static final int MAX_LENGTH = 4_096;

  /** A member takes at least five bytes, comma included. */
  private final int[] starts = new int[MAX_LENGTH / 5];

  private final byte[] moved = new byte[MAX_LENGTH + Tokens.PADDING];

  /**
   * Reorders an object without white space, all of whose members are slices.
   *
   * @param open the position of its opening bracket
   * @param members its members, from index base
   * @param order the numbers of the members in their new order
   */
  void reorder(byte[] text, int open, long[] members, int base, int[] order, int count) {
    int o = 0;
    for (int i = 0; i < count; i++) {
      int member = base + order[i] * JsonScanner.MEMBER;
      int from = JsonScanner.high(members[member]) - 1;
      int to = JsonScanner.low(members[member + 1]);
      Swar.copy(text, from, moved, o, to - from);
      o += to - from;
      moved[o++] = ',';
    }
    System.arraycopy(moved, 0, text, open + 1, o - 1);
  }

  /**
   * Reorders any other object, whose members are given by the starts of their names. White space
   * before the names is moved to the end of the object.
   *
   * @param end the position after its closing bracket
   * @param names the starts of its members' names, from index base, in their new order
   */
  void reorder(byte[] text, int open, int end, int[] names, int base, int count) {
    System.arraycopy(names, base, starts, 0, count);
    Arrays.sort(starts, 0, count);
    starts[count] = end;
    int o = 0;
    for (int i = 0; i < count; i++) {
      int from = names[base + i];
      int next = Arrays.binarySearch(starts, 0, count, from) + 1;
      int size = behind(text, starts[next]) - from;
      System.arraycopy(text, from, moved, o, size);
      o += size;
      moved[o++] = ',';
    }
    System.arraycopy(moved, 0, text, open + 1, o - 1);
    Arrays.fill(text, open + o, end - 1, (byte) ' ');
  }

  /** The position of the comma or bracket that ends the member before a position. */
  private static int behind(byte[] text, int next) {
    int p = next - 1;
    while (text[p] <= ' ') {
      p--;
    }
    return p;
  }
}
