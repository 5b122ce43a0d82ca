package cloud.klink.webhooks.canonical;

import java.util.Arrays;

/** Prints a body by reading its text again, with a {@link SparseIndex} for the order of members. */
final class SparseIndexPrinter {
  private static final int OPEN = 0;

  /** Where the next name stands in the index; 0 where members are printed as they stand. */
  private static final int NEXT = 1;

  /** After the last name of an object. */
  private static final int NO_MORE = -1;

  /** Where the container ends, once the end has been met. */
  private static final int END = 2;

  private static final int FRAME = 3;

  private final Tokens tokens;
  private final SparseIndex index;
  private final Output out;
  private int[] frames = new int[16 * FRAME];
  private int depth;

  /** The position in the output. */
  private int o;

  SparseIndexPrinter(Tokens tokens, SparseIndex index, Output out) {
    this.tokens = tokens;
    this.index = index;
    this.out = out;
  }

  int print() {
    int p = 0;
    do {
      p = tokens.skipSpace(p);
      int c = tokens.text[p];
      if (c == '{' || c == '[') {
        o = out.put(c, o);
        int inside = tokens.skipSpace(p + 1);
        if (tokens.text[inside] != JsonScanner.closing(c)) {
          p = open(p, c, inside);
          continue;
        }
        o = out.put(JsonScanner.closing(c), o);
        p = inside + 1;
      } else {
        p = leaf(p, c);
      }
      p = complete(p);
    } while (p >= 0);
    return o;
  }

  private int open(int p, int bracket, int inside) {
    int frame = depth++ * FRAME;
    if (frames.length < frame + FRAME) {
      frames = Arrays.copyOf(frames, frames.length * 2);
    }
    frames[frame + OPEN] = p;
    frames[frame + NEXT] = bracket == '{' ? index.names(p) : 0;
    return bracket == '[' ? inside : name(frame, inside);
  }

  /** Prints the next member's name and colon. Returns where its value starts. */
  private int name(int frame, int next) {
    int quote = frames[frame + NEXT] == 0 ? tokens.skipSpace(next) : nextInOrder(frame);
    int end = leaf(quote, '"');
    o = out.put(':', o);
    return tokens.skipSpace(end) + 1;
  }

  private int nextInOrder(int frame) {
    int quote = index.at(frames[frame + NEXT]++);
    if (quote >= 0) {
      return quote;
    }
    frames[frame + NEXT] = NO_MORE;
    return ~quote;
  }

  /** Prints what ends behind a value. Returns where the next one starts, or -1. */
  private int complete(int end) {
    while (depth > 0) {
      int frame = (depth - 1) * FRAME;
      int bracket = tokens.text[frames[frame + OPEN]];
      int p = tokens.skipSpace(end);
      boolean isAtEnd = tokens.text[p] != ',';
      if (isAtEnd) {
        frames[frame + END] = p + 1;
      }
      if (frames[frame + NEXT] == 0 ? !isAtEnd : frames[frame + NEXT] != NO_MORE) {
        o = out.put(',', o);
        return bracket == '{' ? name(frame, p + 1) : p + 1;
      }
      o = out.put(JsonScanner.closing(bracket), o);
      end = frames[frame + END];
      depth--;
    }
    return -1;
  }

  /** Prints a string, number or literal. Returns where it ends. */
  private int leaf(int p, int c) {
    if (c == '"') {
      int end = tokens.string(p + 1);
      boolean isPrinted = end >= 0 || tokens.escapesCanonical;
      o = isPrinted ? out.token(p, end < 0 ? ~end : end, o) : out.string(p + 1, o);
      return end < 0 ? ~end : end;
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
      int end = tokens.numberEnd(p);
      o = out.anyNumber(p, end, o);
      return end;
    }
    int end = tokens.literal(p);
    o = out.copy(p, end, o);
    return end;
  }
}
