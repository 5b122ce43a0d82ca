package cloud.klink.webhooks.canonical;

/**
 * Compares and sorts names where they stand in the text, escapes and all, with no memory but that
 * of the result.
 */
final class NameSorter {
  private static final int RUN = 8;

  private final Tokens tokens;
  private boolean duplicate;

  NameSorter(Tokens tokens) {
    this.tokens = tokens;
  }

  /** Compares two names by code points, from their opening quotes. Zero for the same name. */
  int compare(int a, int b) {
    byte[] t = tokens.text;
    int p = a + 1;
    int q = b + 1;
    while (true) {
      int x = t[p];
      int y = t[q];
      if (x == '"' || y == '"') {
        return Boolean.compare(x != '"', y != '"');
      }
      if (x != '\\' && y != '\\') {
        if (x != y) {
          return (x & 0xff) - (y & 0xff);
        }
        p++;
        q++;
        continue;
      }
      int c = codePoint(p);
      int d = codePoint(q);
      if (c != d) {
        return Integer.compare(c, d);
      }
      p += length(p, c);
      q += length(q, d);
    }
  }

  private int codePoint(int p) {
    return tokens.text[p] == '\\' ? Escapes.codePoint(tokens, p) : Utf8.get(tokens.text, p);
  }

  private int length(int p, int codePoint) {
    byte[] t = tokens.text;
    return t[p] == '\\' ? Escapes.length(t, p, codePoint) : Utf8.length(t[p]);
  }

  /**
   * Sorts names, given by where they start, into another part of the same array; what they are
   * sorted from is overwritten. Returns whether two are the same.
   */
  boolean sort(int[] ints, int from, int to, int count) {
    duplicate = false;
    // The first name was pushed first, so it is last; that order is as good as any.
    int runs = 0;
    for (int run = RUN; run < count; run *= 2) {
      runs++;
    }
    // An even number of merges ends where it began.
    boolean inPlace = runs % 2 != 0;
    int source = inPlace ? from : to;
    int target = inPlace ? to : from;
    if (!inPlace) {
      System.arraycopy(ints, from, ints, to, count);
    }
    for (int start = 0; start < count; start += RUN) {
      insertionSort(ints, source + start, source + Math.min(start + RUN, count));
    }
    for (int run = RUN; run < count; run *= 2) {
      for (int start = 0; start < count; start += 2 * run) {
        int middle = Math.min(start + run, count);
        int end = Math.min(start + 2 * run, count);
        merge(ints, source + start, source + middle, source + end, target + start);
      }
      int sorted = target;
      target = source;
      source = sorted;
    }
    return duplicate;
  }

  private void insertionSort(int[] ints, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      int name = ints[i];
      int at = i;
      while (at > from && isAfter(ints[at - 1], name)) {
        ints[at] = ints[at - 1];
        at--;
      }
      ints[at] = name;
    }
  }

  private void merge(int[] ints, int from, int middle, int to, int target) {
    int left = from;
    int right = middle;
    for (int size = to - from; size > 0; size--) {
      boolean takeLeft = right == to || (left < middle && !isAfter(ints[left], ints[right]));
      ints[target++] = takeLeft ? ints[left++] : ints[right++];
    }
  }

  private boolean isAfter(int a, int b) {
    int order = compare(a, b);
    duplicate |= order == 0;
    return order > 0;
  }
}
