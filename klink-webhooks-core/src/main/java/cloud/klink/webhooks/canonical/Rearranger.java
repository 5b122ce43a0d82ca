package cloud.klink.webhooks.canonical;

/**
 * Puts the members of a small object into order where they stand in the text, so that it becomes a
 * slice like any other. Each object around it may move the same bytes again, and so there is a
 * limit: within it, even an object in every other byte costs little.
 */
final class Rearranger {
  /** The longest object that is rearranged, in bytes. */
  static final int MAX_LENGTH = 4_096;

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
      Words.copy(text, from, moved, o, to - from);
      o += to - from;
      moved[o++] = ',';
    }
    System.arraycopy(moved, 0, text, open + 1, o - 1);
  }
}
