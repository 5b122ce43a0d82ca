package cloud.klink.webhooks.canonical;

import cloud.klink.webhooks.MalformedException;
import java.util.Arrays;

/**
 * The order of the members of each large object that is not sorted. Small objects are sorted in
 * place, and everything else is found by reading the text again. So the index takes at most a third
 * more bytes than the text, whatever the body holds.
 */
final class SparseIndex {
  private static final int OPEN = 0;
  private static final int SORTED = 1;
  private static final int MEMBERS = 2;
  private static final int FRAME = 3;

  /** Objects up to this length, in bytes, are sorted in place. */
  private static final int SMALL = MemberReorderer.MAX_LENGTH;

  /** In a record: what is before the names, and of these the record before in the same block. */
  private static final int RECORD = 2;

  private static final int BEFORE = 1;

  /** The shortest member, with its comma, of those that are so many that they matter. */
  private static final int MEMBER_LENGTH = 6;

  private final Tokens tokens;
  private final MemberReorderer reorderer = new MemberReorderer();
  private final NameSorter sorter;

  /**
   * From the front: of each large object that is not sorted, where it starts, the index of the
   * record before in its block, and where its members' names start, in the order of the names and
   * the last one as {@code ~start}. From the back: where the names of open objects start.
   */
  private int[] ints;

  private int recordsEnd = 1;
  private int names;

  /** The last record of an object that starts in each block of the text; 0 for none. */
  private final int[] blocks;

  private int[] frames = new int[16 * FRAME];
  private int depth;

  private SparseIndex(Tokens tokens) {
    this.tokens = tokens;
    this.sorter = new NameSorter(tokens);
    this.blocks = new int[tokens.length / SMALL + 1];
    this.ints = new int[capacity()];
    this.names = ints.length;
  }

  /** Reads the text that has been loaded, which is checked meanwhile. */
  static SparseIndex of(Tokens tokens) {
    SparseIndex index = new SparseIndex(tokens);
    index.scan();
    return index;
  }

  /** Prints the body through an output that has been started. Returns its position at the end. */
  int print(Output out) {
    return new SparseIndexPrinter(tokens, this, out).print();
  }

  /**
   * Sorting needs two numbers for each member, and so does a recorded object of two. More are found
   * room for should a body do with shorter members than any that is known.
   */
  private int capacity() {
    int colons = 0;
    for (int p = 0; p < tokens.length; p++) {
      colons += tokens.text[p] == ':' ? 1 : 0;
    }
    return 2 * Math.min(colons, tokens.length / MEMBER_LENGTH) + 8 * RECORD;
  }

  private void scan() {
    int p = 0;
    do {
      p = tokens.skipSpace(p);
      int c = tokens.text[p];
      if (c == '{' || c == '[') {
        int inside = tokens.skipSpace(p + 1);
        if (depth == JsonScanner.MAX_DEPTH) {
          throw tokens.error(p, "a body must have at most " + JsonScanner.MAX_DEPTH + " levels");
        }
        if (tokens.text[inside] != JsonScanner.closing(c)) {
          open(p);
          p = c == '{' ? name(inside) : inside;
          continue;
        }
        p = inside + 1;
      } else {
        p = leaf(tokens, p, c);
      }
      p = complete(p);
    } while (p >= 0);
  }

  /** Scans a string, number or literal. Returns where it ends. */
  static int leaf(Tokens tokens, int p, int c) {
    int end;
    if (c == '"') {
      end = tokens.string(p + 1);
    } else if (c == '-' || (c >= '0' && c <= '9')) {
      end = tokens.number(p);
    } else {
      end = tokens.literal(p);
    }
    return end < 0 ? ~end : end;
  }

  private void open(int p) {
    int frame = depth++ * FRAME;
    if (frames.length < frame + FRAME) {
      frames = Arrays.copyOf(frames, frames.length * 2);
    }
    frames[frame + OPEN] = p;
    frames[frame + SORTED] = 1;
    frames[frame + MEMBERS] = names;
  }

  /** Scans a member's name and colon. Returns where its value is to start. */
  private int name(int p) {
    int quote = tokens.skipSpace(p);
    if (tokens.text[quote] != '"') {
      throw tokens.error(quote, "a member's name must start here, with a double quote");
    }
    int end = leaf(tokens, quote, '"');
    int frame = (depth - 1) * FRAME;
    if (frames[frame + SORTED] != 0 && names < frames[frame + MEMBERS]) {
      int order = sorter.compare(ints[names], quote);
      if (order == 0) {
        throw duplicate(quote);
      }
      frames[frame + SORTED] = order < 0 ? 1 : 0;
    }
    reserve(1);
    ints[--names] = quote;
    int colon = tokens.skipSpace(end);
    if (tokens.text[colon] != ':') {
      throw tokens.error(colon, "a colon must follow a member's name");
    }
    return colon + 1;
  }

  private MalformedException duplicate(int p) {
    return tokens.error(p, "no two members of the object here may have the same name");
  }

  /** Closes what ends behind a value. Returns where the next one is to start, or -1. */
  private int complete(int end) {
    while (depth > 0) {
      int frame = (depth - 1) * FRAME;
      int open = frames[frame + OPEN];
      int p = tokens.skipSpace(end);
      int c = tokens.text[p];
      if (c == ',') {
        return tokens.text[open] == '{' ? name(p + 1) : p + 1;
      }
      if (c != JsonScanner.closing(tokens.text[open])) {
        throw tokens.error(p, "a comma or the closing bracket must follow a value");
      }
      end = p + 1;
      if (frames[frame + SORTED] == 0) {
        sort(open, end, frames[frame + MEMBERS] - names);
      }
      names = frames[frame + MEMBERS];
      depth--;
    }
    int rest = tokens.skipSpace(end);
    if (rest < tokens.length) {
      throw tokens.error(rest, "nothing may follow the body's one JSON value");
    }
    return -1;
  }

  private void sort(int open, int end, int count) {
    reserve(RECORD + count);
    int record = recordsEnd;
    if (sorter.sort(ints, names, record + RECORD, count)) {
      throw duplicate(open);
    }
    if (end - open <= SMALL) {
      reorderer.reorder(tokens.text, open, end, ints, record + RECORD, count);
      return;
    }
    int block = open / SMALL;
    ints[record] = open;
    ints[record + BEFORE] = blocks[block];
    ints[record + RECORD + count - 1] = ~ints[record + RECORD + count - 1];
    blocks[block] = record;
    recordsEnd += RECORD + count;
  }

  private void reserve(int size) {
    if (names - recordsEnd < size) {
      int more = size + ints.length / 8;
      int[] larger = new int[ints.length + more];
      System.arraycopy(ints, 0, larger, 0, recordsEnd);
      System.arraycopy(ints, names, larger, names + more, ints.length - names);
      for (int frame = 0; frame < depth * FRAME; frame += FRAME) {
        frames[frame + MEMBERS] += more;
      }
      names += more;
      ints = larger;
    }
  }

  /**
   * Where the names start of the object that starts there: an index for {@link #at}, or 0 if the
   * object is printed as it stands.
   */
  int names(int open) {
    int record = blocks[open / SMALL];
    while (record != 0 && ints[record] != open) {
      record = ints[record + BEFORE];
    }
    return record == 0 ? 0 : record + RECORD;
  }

  /** Where a member's name starts; {@code ~start} for the last one. */
  int at(int index) {
    return ints[index];
  }
}
