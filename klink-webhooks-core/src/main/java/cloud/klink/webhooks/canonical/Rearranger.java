package cloud.klink.webhooks.canonical;

import java.util.Arrays;

/**
 * Sorts the members of a small object in place, so that the object can be printed as one slice of
 * the text. Each enclosing object may move the same bytes again, so the length is limited: within
 * the limit, even deeply nested objects cost little.
 */
final class Rearranger {
  /** The longest object that is rearranged, in bytes. */
  static final int MAX_LENGTH = 4_096;

  /** A member takes five bytes at the least, and its comma. */
  private final int[] starts = new int[MAX_LENGTH / 5];

  private final byte[] moved = new byte[MAX_LENGTH + Tokens.PADDING];

  /**
   * Rearranges an object without white space, all of whose members are slices.
   *
   * @param open where its opening bracket stands
   * @param members its members, from index base
   * @param order their numbers in the order to be
   */
  void rearrange(byte[] text, int open, long[] members, int base, int[] order, int count) {
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
   * Rearranges any other object, whose members are given by where their names start. White space
   * before the names goes to its end.
   *
   * @param end behind its closing bracket
   * @param names where its members' names start, from index base, in the order to be
   */
  void rearrange(byte[] text, int open, int end, int[] names, int base, int count) {
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

  /** Where the comma or bracket stands that ends the member before a position. */
  private static int behind(byte[] text, int next) {
    int p = next - 1;
    while (text[p] <= ' ') {
      p--;
    }
    return p;
  }
}
