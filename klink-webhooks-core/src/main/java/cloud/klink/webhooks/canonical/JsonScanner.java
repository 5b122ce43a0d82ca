package cloud.klink.webhooks.canonical;

import cloud.klink.webhooks.MalformedException;
import java.util.Arrays;

/**
 * Reads a body once and finds out what of it is canonical as it stands.
 *
 * <p>White space is dropped from the text on the way. A value whose other bytes need no change is a
 * slice of the text, and so is a whole object whose members are sorted and slices themselves: a
 * canonical body ends as one slice. A small object of which only the order is wrong is put in order
 * on the spot. Other containers that need work are described, as nodes on the {@link #tape}. A
 * value is one long: where it starts in the compact text, and a reference in the lower half:
 *
 * <ul>
 *   <li>zero and above: a slice, which ends there;
 *   <li>{@link #REPRINT}: a string to be printed anew;
 *   <li>{@code ~index}: a number whose digits and shape are on the tape at that index, or a
 *       container whose node is there: the count of its children, then the children in their order.
 *       An element is a value, or a slice of several with their commas; a member is its name, as
 *       start and end, then a value.
 * </ul>
 */
final class JsonScanner {
  static final int MAX_DEPTH = 1_000;

  /** The reference of a string that must be printed anew. No tape index is as large. */
  static final int REPRINT = Integer.MIN_VALUE;

  static final int MEMBER = 2;
  static final int ELEMENT = 1;
  private static final int NUMBER = 2;

  private static final int FRAME = 5;
  private static final int OBJECT = 1;
  private static final int OF_SLICES = 2;
  private static final int SORTED = 4;
  private static final int SLICE = OF_SLICES | SORTED;

  /**
   * Any body may have that many bytes for its tape and members, and any a quarter of its length.
   */
  private static final int FREE = 64 << 10;

  private static final int START = 128;

  final Tokens tokens = new Tokens();
  private final Compactor compactor = new Compactor(tokens);
  long[] tape = new long[START];
  private int tapeEnd;

  /** The body's one value. */
  long root;

  /** The children of open containers; when theirs closes they go to the tape, or are forgotten. */
  private long[] children = new long[START];

  private int childrenEnd;

  /** The first bytes of the names among the children. */
  private long[] prefixes = new long[START / MEMBER];

  private int prefixesEnd;
  private final MemberSorter sorter = new MemberSorter(tokens);
  private final MemberReorderer reorderer = new MemberReorderer();

  /**
   * The innermost open container: its bracket, where it was loaded and in the compact text, its
   * first child, what is known of it so far.
   */
  private int bracket;

  private int open;

  private int base;
  private int flags;

  /** The same of those around it. */
  private int[] frames = new int[16 * FRAME];

  private int depth;

  static long pair(int high, int low) {
    return ((long) high << 32) | (low & 0xffffffffL);
  }

  static int high(long pair) {
    return (int) (pair >>> 32);
  }

  static int low(long pair) {
    return (int) pair;
  }

  /**
   * Scans the body that {@link #tokens} has loaded.
   *
   * @throws TapeFullException if it needs more memory than its length allows; the text is not whole
   *     then
   */
  void scan() {
    tapeEnd = 0;
    childrenEnd = 0;
    prefixesEnd = 0;
    depth = 0;
    flags = 0;
    compactor.start();
    int p = 0;
    do {
      if ((flags & OBJECT) != 0) {
        p = members(p);
      }
      p = space(p);
      int c = tokens.text[p];
      int start = compactor.target(p);
      int end;
      int reference;
      if (c == '"') {
        end = tokens.loadedString(p + 1);
        if (end >= 0) {
          reference = compactor.target(end);
        } else {
          end = ~end;
          reference = tokens.escapesCanonical ? compactor.target(end) : REPRINT;
        }
      } else if (c == '{' || c == '[') {
        if (depth == MAX_DEPTH) {
          throw tokens.error(p, "a body must have at most " + MAX_DEPTH + " levels");
        }
        int inside = space(p + 1);
        if (tokens.text[inside] != closing(c)) {
          open(p, start, c);
          p = inside;
          continue;
        }
        end = inside + 1;
        reference = compactor.target(end);
      } else if (c == '-' || (c >= '0' && c <= '9')) {
        end = tokens.number(p);
        if (end >= 0) {
          reference = compactor.target(end);
        } else {
          end = ~end;
          reference = ~number();
        }
      } else {
        end = tokens.literal(p);
        reference = compactor.target(end);
      }
      p = complete(start, reference, end);
    } while (p >= 0);
  }

  private int space(int p) {
    return tokens.text[p] > ' ' ? p : compactor.skipSpace(p);
  }

  private void open(int p, int start, int c) {
    int frame = depth++ * FRAME;
    if (frames.length < frame + FRAME) {
      frames = Arrays.copyOf(frames, frames.length * 2);
    }
    frames[frame] = bracket;
    frames[frame + 1] = open;
    frames[frame + 2] = base;
    frames[frame + 3] = prefixesEnd;
    frames[frame + 4] = flags;
    bracket = p;
    open = start;
    base = childrenEnd;
    flags = c == '{' ? SLICE | OBJECT : SLICE;
  }

  static int closing(int bracket) {
    return bracket + 2; // in ASCII, ] is two behind [ and } two behind {
  }

  /**
   * Adds a value to the open container and closes all that end behind it. Returns where the next
   * value or member is to start, or -1 at the end of the body.
   */
  private int complete(int start, int reference, int end) {
    while (depth > 0) {
      if ((flags & OBJECT) != 0) {
        children[childrenEnd - 1] = pair(start, reference);
      } else {
        element(start, reference);
      }
      if (reference < 0) {
        flags &= ~OF_SLICES;
      }
      int p = tokens.text[end] == ',' ? end : space(end);
      int c = tokens.text[p];
      if (c == ',') {
        return p + 1;
      }
      if (c != ((flags & OBJECT) != 0 ? '}' : ']')) {
        throw tokens.error(p, "a comma or the closing bracket must follow a value");
      }
      end = p + 1;
      start = open;
      reference = (flags & SLICE) == SLICE ? compactor.target(end) : close(end);
      childrenEnd = base;
      int frame = --depth * FRAME;
      bracket = frames[frame];
      open = frames[frame + 1];
      base = frames[frame + 2];
      prefixesEnd = frames[frame + 3];
      flags = frames[frame + 4];
    }
    int rest = tokens.skipSpace(end);
    if (rest < tokens.length) {
      throw tokens.error(rest, "nothing may follow the body's one JSON value");
    }
    compactor.move(end);
    tokens.truncate(compactor.target(end));
    root = pair(start, reference);
    return -1;
  }

  /**
   * Adds members up to the first that is not plain, and starts that one. Most are plain: a name
   * without escapes, and a value that can be told at a glance. Returns where its value is to start.
   */
  private int members(int p) {
    while (true) {
      int from = space(p) + 1;
      long stops = tokens.stops(from);
      int to = tokens.plainName(from, stops);
      if (to < 0) {
        return name(from - 1);
      }
      member(from - 1, from, to, pair(compactor.target(from), compactor.target(to)));
      int value = space(to + 2);
      int end = tokens.plainLeaf(value, from, stops);
      if (end < 0 || tokens.text[end] != ',') {
        return value;
      }
      children[childrenEnd - 1] = pair(compactor.target(value), compactor.target(end));
      p = end + 1;
    }
  }

  /** Starts any member: its name and colon. Returns where its value is to start. */
  private int name(int quote) {
    if (tokens.text[quote] != '"') {
      throw tokens.error(quote, "a member's name must start here, with a double quote");
    }
    int end = tokens.loadedString(quote + 1);
    if (end >= 0) {
      int from = compactor.target(quote + 1);
      member(quote, quote + 1, end - 1, pair(from, compactor.target(end - 1)));
    } else {
      end = ~end;
      int from = tokens.unescape(quote + 1, end - 1);
      int to = tokens.namesEnd();
      flags &= ~OF_SLICES;
      member(quote, from, to, pair(from, to));
    }
    int colon = tokens.text[end] == ':' ? end : space(end);
    if (tokens.text[colon] != ':') {
      throw tokens.error(colon, "a colon must follow a member's name");
    }
    return colon + 1;
  }

  /** Adds a member, given by where its name can be read now and where it will be. */
  private void member(int quote, int from, int to, long name) {
    if (children.length < childrenEnd + MEMBER) {
      growChildren();
    }
    long prefix = tokens.prefix(from, to);
    if ((flags & SORTED) != 0 && childrenEnd > base && !follows(prefix, quote, from, to)) {
      flags &= ~SORTED;
    }
    prefixes[prefixesEnd++] = prefix;
    children[childrenEnd] = name;
    childrenEnd += MEMBER;
  }

  /** A member is two longs and has one prefix, so half as many prefixes are always enough. */
  private void growChildren() {
    checkMemory(children.length + children.length / MEMBER);
    children = Arrays.copyOf(children, children.length * 2);
    prefixes = Arrays.copyOf(prefixes, children.length / MEMBER);
  }

  private boolean follows(long prefix, int quote, int from, int to) {
    int order = Long.compareUnsigned(prefix, prefixes[prefixesEnd - 1]);
    if (order == 0) {
      compactor.move(quote);
      long previous = children[childrenEnd - MEMBER];
      order = tokens.compare(from, to, high(previous), low(previous));
      if (order == 0) {
        throw duplicate(quote);
      }
    }
    return order > 0;
  }

  private MalformedException duplicate(int p) {
    return tokens.error(p, "no two members of the object here may have the same name");
  }

  private void element(int start, int reference) {
    if (reference >= 0 && childrenEnd > base && low(children[childrenEnd - 1]) == start - 1) {
      children[childrenEnd - 1] = pair(high(children[childrenEnd - 1]), reference);
      return;
    }
    if (children.length == childrenEnd) {
      growChildren();
    }
    children[childrenEnd++] = pair(start, reference);
  }

  /** Makes the open container a slice or a node. Returns the reference to it. */
  private int close(int end) {
    compactor.move(end);
    int length = compactor.target(end) - open;
    if ((flags & OF_SLICES) != 0 && length <= MemberReorderer.MAX_LENGTH) {
      int count = (childrenEnd - base) / MEMBER;
      reorderer.reorder(tokens.text, open, children, base, sorted(count), count);
      return open + length;
    }
    return ~container();
  }

  /** The numbers of the open object's members in the order of their names. */
  private int[] sorted(int count) {
    int[] order = sorter.sort(children, base, prefixes, prefixesEnd - count, count);
    if (sorter.foundDuplicate()) {
      throw duplicate(bracket);
    }
    return order;
  }

  /** Moves the open container's children to the tape, members in order. */
  private int container() {
    int size = childrenEnd - base;
    int count = size / ((flags & OBJECT) != 0 ? MEMBER : ELEMENT);
    int index = grow(1 + size);
    tape[index] = count;
    if ((flags & SORTED) != 0) {
      System.arraycopy(children, base, tape, index + 1, size);
      return index;
    }
    int[] order = sorted(count);
    for (int i = 0, to = index + 1; i < count; i++, to += MEMBER) {
      int child = base + order[i] * MEMBER;
      tape[to] = children[child];
      tape[to + 1] = children[child + 1];
    }
    return index;
  }

  private int number() {
    int index = grow(NUMBER);
    tape[index] = tokens.decimal.digits();
    tape[index + 1] = tokens.decimal.shape();
    return index;
  }

  private int grow(int size) {
    int index = tapeEnd;
    tapeEnd += size;
    if (tape.length < tapeEnd) {
      int length = Math.max(tapeEnd, tape.length * 2);
      checkMemory(length - tape.length);
      tape = Arrays.copyOf(tape, length);
    }
    return index;
  }

  private void checkMemory(int more) {
    if (longs() + more > Math.max(FREE, tokens.length / 4) / Long.BYTES) {
      throw new TapeFullException();
    }
  }

  private long longs() {
    return (long) children.length + tape.length + prefixes.length;
  }

  /** Releases the memory that scans have taken. */
  void shrink() {
    tape = new long[START];
    children = new long[START];
    prefixes = new long[START / MEMBER];
    sorter.shrink();
  }

  /** The bytes that this object holds on to. */
  long footprint() {
    long ints = (long) frames.length + sorter.ints();
    return tokens.footprint() + longs() * Long.BYTES + ints * Integer.BYTES;
  }
}
