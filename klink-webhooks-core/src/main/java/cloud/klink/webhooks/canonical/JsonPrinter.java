package cloud.klink.webhooks.canonical;

import java.util.Arrays;

/** Prints what a {@link JsonScanner} has put on its tape, in one dialect. */
final class JsonPrinter {
  private static final int FRAME = 3;

  private final JsonScanner scanner;
  private final Output out;

  /** Of each open container: its bracket, the tape's indexes of its next child and of their end. */
  private int[] frames = new int[16 * FRAME];

  private int depth;

  JsonPrinter(JsonScanner scanner, Output out) {
    this.scanner = scanner;
    this.out = out;
  }

  /** Prints through an output that has been started. Returns its position at the end. */
  int print() {
    depth = 0;
    int o = value(JsonScanner.high(scanner.root), JsonScanner.low(scanner.root), 0);
    while (depth > 0) {
      int frame = (depth - 1) * FRAME;
      o = frames[frame] == '{' ? members(frame, o) : elements(frame, o);
    }
    return o - 1; // without the comma behind the last value
  }

  /** Prints a value and a comma; of a container that needs work, only the opening bracket. */
  private int value(int start, int reference, int o) {
    if (reference >= 0) {
      return out.slice(start, reference, o);
    }
    if (reference == JsonScanner.REPRINT) {
      return out.put(',', out.string(start + 1, o));
    }
    int bracket = scanner.tokens.text[start];
    if (bracket == '{' || bracket == '[') {
      return open(~reference, bracket, o);
    }
    scanner.tokens.decimal.restore(scanner.tape[~reference], (int) scanner.tape[~reference + 1]);
    return out.put(',', out.number(start, o));
  }

  private int open(int node, int bracket, int o) {
    int frame = depth++ * FRAME;
    if (frames.length < frame + FRAME) {
      frames = Arrays.copyOf(frames, frames.length * 2);
    }
    int count = (int) scanner.tape[node];
    frames[frame] = bracket;
    frames[frame + 1] = node + 1;
    frames[frame + 2] =
        node + 1 + count * (bracket == '{' ? JsonScanner.MEMBER : JsonScanner.ELEMENT);
    return out.put(bracket, o);
  }

  /** Prints elements up to the next container that needs work, or to the end. */
  private int elements(int frame, int o) {
    long[] tape = scanner.tape;
    int end = frames[frame + 2];
    int here = depth;
    for (int child = frames[frame + 1]; child < end; ) {
      long value = tape[child++];
      o = value(JsonScanner.high(value), JsonScanner.low(value), o);
      if (depth > here) {
        frames[frame + 1] = child;
        return o;
      }
    }
    return close('[', o);
  }

  /** Prints members up to the next container that needs work, or to the end. */
  private int members(int frame, int o) {
    long[] tape = scanner.tape;
    int end = frames[frame + 2];
    int here = depth;
    for (int child = frames[frame + 1]; child < end; ) {
      long name = tape[child];
      long value = tape[child + 1];
      child += JsonScanner.MEMBER;
      int start = JsonScanner.high(value);
      int reference = JsonScanner.low(value);
      // A name that was unescaped lies behind the body, so no value is next to it.
      if (reference >= 0 && start == JsonScanner.low(name) + 2) {
        o = out.slice(JsonScanner.high(name) - 1, reference, o);
        continue;
      }
      o = out.put(':', out.name(JsonScanner.high(name), JsonScanner.low(name), o));
      o = value(start, reference, o);
      if (depth > here) {
        frames[frame + 1] = child;
        return o;
      }
    }
    return close('{', o);
  }

  /** Closes a container in place of its last child's comma, and puts its own. */
  private int close(int bracket, int o) {
    depth--;
    int at = out.last(o) == bracket ? o : o - 1;
    return out.put(',', out.put(JsonScanner.closing(bracket), at));
  }

  long footprint() {
    return (long) frames.length * Integer.BYTES;
  }
}
