package cloud.klink.webhooks.canonical;

import java.util.Arrays;

/** Prints what a {@link JsonScanner} has scanned, in one dialect. */
final class JsonPrinter {
  private static final int FRAME = 4;

  private final JsonScanner scanner;
  private final Output out;

  /**
   * Of each open container: the tape's index of its next child, how many children are left, what to
   * print before the next one, what to print at the end.
   */
  private int[] frames = new int[16 * FRAME];

  private int depth;

  JsonPrinter(JsonScanner scanner) {
    this.scanner = scanner;
    this.out = new Output(scanner.tokens);
  }

  byte[] print(Dialect dialect) {
    int differing = scanner.tokens.features & dialect.features;
    if (scanner.rootReference >= 0 && differing == 0) {
      return Arrays.copyOfRange(scanner.tokens.text, scanner.rootStart, scanner.rootReference);
    }
    out.start(differing);
    depth = 0;
    int o = value(scanner.rootStart, scanner.rootReference, 0);
    while (depth > 0) {
      int frame = (depth - 1) * FRAME;
      if (frames[frame + 1] == 0) {
        o = out.put(frames[frame + 3], o);
        depth--;
        continue;
      }
      frames[frame + 1]--;
      if (frames[frame + 2] != 0) {
        o = out.put(frames[frame + 2], o);
      }
      frames[frame + 2] = ',';
      o = frames[frame + 3] == '}' ? member(frame, o) : element(frame, o);
    }
    return out.toArray(o);
  }

  private int value(int start, int reference, int o) {
    if (reference >= 0) {
      return out.slice(start, reference, o);
    }
    if (reference == JsonScanner.REPRINT) {
      return out.string(start + 1, o);
    }
    int bracket = scanner.tokens.text[start];
    if (bracket == '{' || bracket == '[') {
      return open(~reference, bracket, o);
    }
    int high = scanner.tape[~reference];
    int low = scanner.tape[~reference + 1];
    return out.number(start, Double.longBitsToDouble(((long) high << 32) | (low & 0xffffffffL)), o);
  }

  private int open(int node, int bracket, int o) {
    int frame = depth++ * FRAME;
    if (frames.length < frame + FRAME) {
      frames = Arrays.copyOf(frames, frames.length * 2);
    }
    frames[frame] = node + 1;
    frames[frame + 1] = scanner.tape[node];
    frames[frame + 2] = 0;
    frames[frame + 3] = JsonScanner.closing(bracket);
    return out.put(bracket, o);
  }

  private int element(int frame, int o) {
    int child = frames[frame];
    frames[frame] = child + JsonScanner.ELEMENT;
    return value(scanner.tape[child], scanner.tape[child + 1], o);
  }

  /** Prints the next member, and with it those that follow it in the text as well. */
  private int member(int frame, int o) {
    int[] tape = scanner.tape;
    int child = frames[frame];
    int from = tape[child];
    int end = sliceEnd(child);
    if (end < 0) {
      frames[frame] = child + JsonScanner.MEMBER;
      o = out.put(':', out.name(from, tape[child + 1], o));
      return value(tape[child + 2], tape[child + 3], o);
    }
    int left = frames[frame + 1];
    for (child += JsonScanner.MEMBER; left > 0; child += JsonScanner.MEMBER) {
      int next = tape[child] == end + 2 ? sliceEnd(child) : -1;
      if (next < 0) {
        break;
      }
      end = next;
      left--;
    }
    frames[frame] = child;
    frames[frame + 1] = left;
    return out.slice(from - 1, end, o);
  }

  /** Where a member ends that stands in the text as it must be printed, or a negative number. */
  private int sliceEnd(int child) {
    int[] tape = scanner.tape;
    // A name that was unescaped lies behind the body, so no value is next to it.
    return tape[child + 2] == tape[child + 1] + 2 ? tape[child + 3] : -1;
  }

  long footprint() {
    return out.footprint() + (long) frames.length * Integer.BYTES;
  }
}
